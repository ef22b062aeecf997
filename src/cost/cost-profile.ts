import type { Constant } from './constant.js';

/**
 * The constants of a cost profile. The first thirteen are the price of one primitive operation each, in the order
 * of `OPERATIONS`; the others price what the guest does beside its hypercalls.
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
  'otherWorkNsPerPacket',
  'otherWorkNsPerByte',
  'otherWorkNsPerTransaction',
] as const;

/** The name of a constant, as in `--set cost.NAME=...`. */
export type CostKey = (typeof COST_KEYS)[number];

/** One price for each constant, in nanoseconds. */
export type Prices = Readonly<Record<CostKey, number>>;

/** What a machine's operations cost: one set of assumptions, named and sourced. */
export interface CostProfile {
  readonly id: string;
  readonly title: string;
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
