import { checkedHeld } from './unmap-policy.js';

/** A mapping of whole pages, with or without users. */
export interface KeptMap {
  readonly key: number;
  readonly entry: number;
  readonly npages: number;
  users: number;
}

/** Pages of one mapping at most, and the permission bits beside them: the room in a key below a page number. */
const KEYS_PER_PAGE = 4096;
/** The longest mapping that is kept, in guest pages. */
const MAX_PAGES = KEYS_PER_PAGE / 4 - 1;

/**
 * Mappings of whole guest pages that outlive their buffers (the what-if `guest.unmap: {reuse: N}`), found again by
 * page and permission. Up to N of them may be without a user; the one unused longest is given up first.
 * Shared by the CPUs of a guest, one user at a time.
 */
export class KeptMaps {
  readonly #limit: number;
  readonly #byKey = new Map<number, KeptMap>();
  /** The mapping that each entry belongs to. */
  readonly #byEntry = new Map<number, KeptMap>();
  /** Those without a user, the one unused longest first. */
  readonly #idle = new Set<KeptMap>();

  constructor(limit: number) {
    this.#limit = checkedHeld('guest.unmap.reuse', limit);
  }

  /** The name of a mapping of `pages` guest pages from `page` on; -1 where it is too long to be kept. */
  keyOf(page: number, pages: number, permissions: number): number {
    return pages > MAX_PAGES ? -1 : page * KEYS_PER_PAGE + pages * 4 + permissions;
  }

  /** The mapping of that name with one user more, if there is one. */
  find(key: number): KeptMap | undefined {
    const found = this.#byKey.get(key);
    if (found === undefined) return undefined;
    if (found.users++ === 0) this.#idle.delete(found);
    return found;
  }

  /** A new mapping with its first user. */
  add(key: number, entry: number, npages: number): void {
    const map: KeptMap = { key, entry, npages, users: 1 };
    this.#byKey.set(key, map);
    for (let i = 0; i < npages; i++) this.#byEntry.set(entry + i, map);
  }

  /** Whether an entry is one of a mapping here; then it has one user less. */
  drop(entry: number): boolean {
    const map = this.#byEntry.get(entry);
    if (map === undefined) return false;
    if (--map.users === 0) this.#idle.add(map);
    return true;
  }

  /** Whether more mappings are without a user than may be. */
  get isOverfull(): boolean {
    return this.#idle.size > this.#limit;
  }

  /** Forgets the mapping that has been without a user longest, to be cleared by the caller, if there is one. */
  evict(): KeptMap | undefined {
    for (const map of this.#idle) {
      this.#idle.delete(map);
      this.#byKey.delete(map.key);
      for (let i = 0; i < map.npages; i++) this.#byEntry.delete(map.entry + i);
      return map;
    }
    return undefined;
  }
}
