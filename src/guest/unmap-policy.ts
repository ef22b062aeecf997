import { inputError } from '../errors.js';

/**
 * When an unmap reaches the table. `strict` is what the kernel does: at once, before the addresses are free again.
 * The others are what-ifs. `deferred`: unmaps wait until so many have come, and their addresses with them. `reuse`:
 * so many mappings that nobody uses any more are kept, and found again when the same pages are mapped.
 */
export type UnmapPolicy = 'strict' | { readonly deferred: number } | { readonly reuse: number };

/** The largest number that either what-if takes. */
export const MAX_HELD_UNMAPS = 65536;

/** What a policy must be, for a message. */
export const UNMAP_POLICIES = `must be "strict", {"deferred": N} or {"reuse": N}, N from 1 to ${MAX_HELD_UNMAPS}`;

/** Whether a value from outside is a policy. */
export function isUnmapPolicy(value: unknown): value is UnmapPolicy {
  if (value === 'strict') return true;
  if (typeof value !== 'object' || value === null) return false;
  const [[key, held] = [], ...others] = Object.entries(value);
  return others.length === 0 && (key === 'deferred' || key === 'reuse') && isHeld(held);
}

/** Checks a number of unmaps held back; `key` is the scenario's. */
export function checkedHeld(key: string, held: number): number {
  if (isHeld(held)) return held;
  throw inputError(`${key}: ${held} is no number of unmaps`, `use 1 to ${MAX_HELD_UNMAPS}`);
}

function isHeld(held: unknown): held is number {
  return Number.isInteger(held) && (held as number) >= 1 && (held as number) <= MAX_HELD_UNMAPS;
}
