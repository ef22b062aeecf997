import type { Constant, CostUnit } from './constant.js';

/**
 * The constants of a cost profile. The first thirteen are the price of one primitive operation each, in the order
 * of `OPERATIONS`; `bqlShare` is how much of a userspace exit user space spends under its big lock,
 * `siblingSignalShare` how much of its exit leg a thread has behind it when it calls the others of its core out;
 * `iovaLockNs` is the part of the other work that one search or free spends under its pool's lock; the others price
 * what the guest does beside its hypercalls.
 */
export const COST_KEYS = [
  'realModeHcallNs',
  'exitToVirtualNs',
  'exitToUserspaceNs',
  'vfioIoctlNs',
  'pagePinNs',
  'listReadNs',
  'gpaToUaNs',
  'regionLookupNs',
  'uaToHpaNs',
  'mappedUpdateNs',
  'tceExchangeNs',
  'tceInvalidateNs',
  'guestViewStoreNs',
  'bqlShare',
  'siblingSignalShare',
  'iovaLockNs',
  'otherWorkNsPerPacket',
  'otherWorkNsPerByte',
  'otherWorkNsPerTransaction',
] as const;

/** The name of a constant, as in `--set cost.NAME=...`. */
export type CostKey = (typeof COST_KEYS)[number];

/** What each constant is counted in. */
export const COST_UNITS: Readonly<Record<CostKey, CostUnit>> = {
  ...(Object.fromEntries(COST_KEYS.map((key) => [key, 'ns'])) as Record<CostKey, CostUnit>),
  bqlShare: 'share',
  siblingSignalShare: 'share',
  otherWorkNsPerPacket: 'ns/packet',
  otherWorkNsPerByte: 'ns/B',
  otherWorkNsPerTransaction: 'ns/transaction',
};

/** Constants that only several vCPUs can feel. */
export const CONTENTION_KEYS: readonly CostKey[] = ['bqlShare', 'siblingSignalShare', 'iovaLockNs'];

/** One number for each constant, in its unit. */
export type Prices = Readonly<Record<CostKey, number>>;

/** What a machine's operations cost: one set of assumptions, named and sourced. */
export interface CostProfile {
  readonly id: string;
  readonly title: string;
  /** Whether hypercalls can be answered in real mode; where not, no arm has that rung. */
  readonly hasRealMode: boolean;
  /**
   * Whether an exit to virtual mode pulls every thread of its core out of the guest (POWER8 and before); the legs of
   * the profile are those of a quiet core.
   */
  readonly threadsLeaveTogether: boolean;
  readonly constants: Readonly<Record<CostKey, Constant>>;
}

/** The same profile with some constants replaced. */
export function withConstants(
  profile: CostProfile,
  replaced: Partial<Record<CostKey, Constant>>,
): CostProfile {
  return { ...profile, constants: { ...profile.constants, ...replaced } };
}

/** The price of each constant by `choose`, for example its value or a draw. */
export function pricesOf(profile: CostProfile, choose: (constant: Constant, key: CostKey) => number): Prices {
  const prices: Partial<Record<CostKey, number>> = {};
  for (const key of COST_KEYS) prices[key] = choose(profile.constants[key], key);
  return prices as Prices;
}

/** Every constant at its value. */
export function nominalPrices(profile: CostProfile): Prices {
  return pricesOf(profile, ({ value }) => value);
}
