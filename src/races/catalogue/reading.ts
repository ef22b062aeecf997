/**
 * Families of kernel revisions that behave alike by reading, by their ids. What a race should show is stated for ids,
 * not for policies: it is the oracle of the explorer and must not come from the code that the explorer runs.
 */

/** As posted, and with changes that leave a list to be read once per table and pass. */
export const POSTED: readonly string[] = ['v3', 'v3+C5', 'v3+C11', 'v3+codes'];

/** A list is read once; each word is checked when its turn comes. */
export const ONE_READ: readonly string[] = ['v3+C13', 'v4.12', 'v4.12+npages'];

/** A list is checked, then read again. */
export const INTERIM: readonly string[] = ['interim', 'interim-fixed'];

/** The whole request is validated first, a list is read again; a failure clears an entry without uncounting it. */
export const VALIDATING: readonly string[] = ['v4.20', 'v5.4', 'v5.19'];

/** Every revision that was read. */
export const EVERY: readonly string[] = [...POSTED, ...ONE_READ, ...INTERIM, ...VALIDATING];
