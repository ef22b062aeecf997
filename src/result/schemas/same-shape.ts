import type { SettingValue } from '../sweep-document.js';

/** A type with everything in it readonly, as the interfaces of documents are; recursive settings are so already. */
type Frozen<T> = [SettingValue] extends [T] ? T : FrozenObject<T>;
type FrozenObject<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T;

/**
 * `true` where a schema's output and an interface are one and the same shape, else `never`: one that has a key more, a
 * wider value or another optional key does not compile with `true satisfies SameShape<...>`.
 */
export type SameShape<Document, Output> = [Document, Frozen<Output>] extends [Frozen<Output>, Document]
  ? true
  : never;
