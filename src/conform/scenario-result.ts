/** What an operation that is neither a hypercall nor a dump gave; empty where it gives nothing. */
export interface IoctlResult {
  /** 0 or a negative errno. */
  readonly ret?: number;
  /** createTable: entries of the new table. */
  readonly size?: string;
  /** unregisterBegin, tceRemoveBegin: whether the removal stands still. */
  readonly pending?: boolean;
  /** tceCreate: the first address of the new window. */
  readonly start?: string;
  /** containerClose: regions that nobody can ever unregister, where there are any. */
  readonly regionsKept?: number;
}

/** An operation that gives nothing. */
export const NOTHING: IoctlResult = {};
