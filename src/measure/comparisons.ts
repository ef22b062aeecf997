import type {
  Additivity,
  ComparisonVerdict,
  LockBound,
  MeasuredComparison,
  MeasuredSlice,
} from '../result/measure-document.js';
import { pairedRatio } from '../stats/bootstrap-ratio.js';
import { type Detectability, detectability } from '../stats/detectable-change.js';
import { median } from '../stats/quantile.js';
import { minPairs, signedRankTest } from '../stats/signed-rank.js';
import { type ArmSpec, kindOf, TWIN_SUFFIX } from './arms.js';
import {
  CALLS_PER_SEC,
  CONFIDENCE,
  hasForkUnits,
  logRatiosOf,
  NS_PER_CALL,
  unitsOf,
} from './fork-medians.js';

/**
 * Every comparison that the measured arms allow: each arm with the in-kernel one of its kind, and more vCPUs with one.
 */
export function comparisonsOf(
  arms: readonly ArmSpec[],
  slices: readonly MeasuredSlice[],
  random: () => number,
): MeasuredComparison[] {
  const find = (id: string) => arms.find((arm) => arm.id === id);
  return arms.flatMap((arm) => {
    const base = find(baseOf(arm));
    if (base === undefined || base === arm) return [];
    return [comparisonOf(base, arm, slices, random)];
  });
}

/** The comparison of two arms that were measured side by side. */
function comparisonOf(
  base: ArmSpec,
  arm: ArmSpec,
  slices: readonly MeasuredSlice[],
  random: () => number,
): MeasuredComparison {
  const metric = arm.vcpus > 1 ? 'callsPerSec' : 'nsPerCall';
  const figure = metric === 'nsPerCall' ? NS_PER_CALL : CALLS_PER_SEC;
  const logRatios = logRatiosOf(slices, base.id, arm.id, figure);
  const interval = pairedRatio(logRatios, { random, confidence: CONFIDENCE });
  const { name, assumption, p, n } = signedRankTest(logRatios);
  return {
    metric,
    base: base.id,
    arm: arm.id,
    ...interval,
    test: name,
    assumption,
    p,
    pairs: logRatios.length,
    verdict: verdictOf(interval.ratio, p, n),
  };
}

/** What A/A pairs say about this session; null where the arm was not measured twice, or too little. */
export function detectabilityOf(
  arms: readonly ArmSpec[],
  slices: readonly MeasuredSlice[],
  random: () => number,
): Detectability | null {
  const twin = arms.find(({ id }) => id.endsWith(TWIN_SUFFIX));
  if (twin === undefined || !hasForkUnits(slices)) return null;
  const logRatios = logRatiosOf(slices, twin.id.slice(0, -TWIN_SUFFIX.length), twin.id);
  return detectability(logRatios, CONFIDENCE, random);
}

/** For each exit whose hand-over was measured alone: does it cost its handler and that? */
export function additivityOf(arms: readonly ArmSpec[], slices: readonly MeasuredSlice[]): Additivity[] {
  return arms.flatMap((arm) => {
    if (arm.part !== 'whole' || arm.vcpus > 1 || arm.exit === 'none') return [];
    const empty = arms.find((other) => other.part === 'handOver' && other.exit === arm.exit);
    const handlerNs = medianOf(slices, `${kindOf(arm)}-userspace/none`);
    const handOverNs = empty?.multiTce === arm.multiTce ? medianOf(slices, empty.id) : null;
    if (handlerNs === null || handOverNs === null) return [];
    const nsPerCall = medianOf(slices, arm.id);
    if (nsPerCall === null) return [];
    return [{ arm: arm.id, nsPerCall, handlerNs, handOverNs, ratio: nsPerCall / (handlerNs + handOverNs) }];
  });
}

/** For each arm of several vCPUs under the lock: how far it gets, and how far any number of vCPUs could. */
export function lockBoundsOf(arms: readonly ArmSpec[], slices: readonly MeasuredSlice[]): LockBound[] {
  const lockedNs = medianOf(slices, 'handler/userspace');
  return arms.flatMap((arm) => {
    const { id, exit, vcpus } = arm;
    const wholeNs = medianOf(slices, `${kindOf(arm)}-userspace/lock`);
    if (exit !== 'lock' || vcpus === 1 || lockedNs === null || wholeNs === null) return [];
    const callsPerSec = median(unitsOf(slices, id, CALLS_PER_SEC));
    const lockedShare = lockedNs / wholeNs;
    return [{ arm: id, lockedNs, lockedShare, boundCallsPerSec: 1e9 / lockedNs, callsPerSec }];
  });
}

function baseOf(arm: ArmSpec): string {
  const { path, exit, part, vcpus } = arm;
  const kind = kindOf(arm);
  if (part !== 'whole') return '';
  if (vcpus > 1) return path === 'real' ? `${kind}-real/vcpus-1` : `${kind}-userspace/${exit}`;
  return `${kind}-real`;
}

function verdictOf(ratio: number, p: number, pairs: number): ComparisonVerdict {
  if (p <= 1 - CONFIDENCE) return ratio > 1 ? 'more' : 'less';
  return pairs < minPairs(CONFIDENCE) ? 'unclear' : 'same';
}

function medianOf(slices: readonly MeasuredSlice[], armId: string): number | null {
  const units = unitsOf(slices, armId);
  return units.length === 0 ? null : median(units);
}
