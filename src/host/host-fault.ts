/**
 * The host kernel would have crashed here: a store outside a table, or a failed alignment assertion. Thrown by
 * the tables, caught by the ladder, counted and printed as an outcome; never a return code for the guest.
 */
export class HostFault extends Error {
  override readonly name = 'HostFault';
}
