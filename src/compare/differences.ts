import type { MeasuredArm } from '../result/measure-document.js';
import type { ArmResult } from '../result/run-document.js';
import type { ComparedDocument } from './compared-input.js';
import { numberAt } from './metric.js';

/** In what two documents differ besides their figures: what was run, at what costs, by which version. */
export function settingDifferences(before: ComparedDocument, after: ComparedDocument): string[] {
  const differing = differingKeys(settingsOf(before), settingsOf(after), '');
  const program = before.version === after.version ? [] : [`version: ${before.version} -> ${after.version}`];
  if (differing.length > 0) return [...program, ...differing];
  if (JSON.stringify(before) === JSON.stringify(after)) return ['equal in all that the documents say'];
  const isProgram = 'equal in what was run, so a difference is of the program';
  return program.length > 0 ? [...program, isProgram] : [`${isProgram}; its version number is the same`];
}

/** What a document says of itself besides results, as one tree of values. */
function settingsOf(document: ComparedDocument): Readonly<Record<string, unknown>> {
  switch (document.schema) {
    case 'tcebench.run/1': {
      const { scenario, cost, nic } = document;
      const { cost: costs, ...keys } = scenario;
      return {
        ...keys,
        cost: { set: costs, profile: cost.profile, ...pricesOf(cost.constants) },
        ...(nic && { card: nic }),
      };
    }
    case 'tcebench.replay/1': {
      const { cost, seed, draws, logs } = document;
      const arms = logs.flatMap(({ arms: own }) => own.map(({ id, revision }) => [id, revision]));
      return {
        seed,
        draws,
        revision: Object.fromEntries(arms),
        cost: { profile: cost.profile, ...pricesOf(cost.constants) },
      };
    }
    case 'tcebench.sweep/1':
      return {
        ...document.plan.base,
        files: Object.fromEntries(document.plan.files.map(({ path, sha256 }) => [path, sha256])),
      };
    case 'tcebench.measure/1':
      return {
        calls: document.stream ?? 'a map and its unmap at the next addresses',
        ...Object.fromEntries(document.arms.map((arm) => [arm.id, settingsOfArm(arm)])),
      };
  }
}

function settingsOfArm({
  path,
  multiTce,
  exit,
  part,
  vcpus,
  sharesRegion,
  tcesPerCall,
}: MeasuredArm): object {
  return { path, multiTce, exit, part, vcpus, sharesRegion, tcesPerCall };
}

function pricesOf(
  constants: Readonly<
    Record<string, { readonly value: number; readonly low: number; readonly high: number }>
  >,
): object {
  return Object.fromEntries(
    Object.entries(constants).map(([key, { value, low, high }]) => [key, `${value} (${low}..${high})`]),
  );
}

function differingKeys(before: unknown, after: unknown, place: string): string[] {
  if (!isObject(before) || !isObject(after)) {
    return JSON.stringify(before) === JSON.stringify(after)
      ? []
      : [`${place}: ${shown(before)} -> ${shown(after)}`];
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) =>
    differingKeys(before[key], after[key], place === '' ? key : `${place}.${key}`),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  if (value === undefined) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What an arm did, in the order in which two histories part: calls, kinds, TCE operations, rungs, then cost. */
const HISTORY = [
  ...['boot.hcalls', 'boot.tceOps', 'dmaApi.maps', 'dmaApi.unmaps', 'dmaApi.failedMaps', 'dmaApi.foundMaps'],
  ...['hcallsPerMB', 'tceOpsPerMB', 'exitsPerMB', 'endedIn.real', 'endedIn.virtual', 'endedIn.userspace'],
  ...['failedHcalls', 'hostFaults', 'droppedFrames', 'dmaApi.iovaLockTakes', 'dmaApi.hcallsUnderIovaLock'],
] as const;
const COST = [
  'hcallP50Ns',
  'hcallP99Ns',
  'cpuNsPerKB',
  'durationSec',
  'boot.modelledNs',
  'rateBytesPerSec',
] as const;

/** Where the histories of modelled arms part: the first counts that differ, or only the cost of the same counts. */
export function historyDifferences(before: ComparedDocument, after: ComparedDocument): string[] {
  const arms = modelledArms(after);
  return [...modelledArms(before)].flatMap(([id, arm]) => {
    const other = arms.get(id);
    if (other === undefined || other.fingerprint === arm.fingerprint) return [];
    const counts = parting(arm, other, HISTORY);
    if (counts.length > 0) return [`${id}: another history: ${counts.slice(0, 4).join(', ')}`];
    const costs = parting(arm, other, COST);
    if (costs.length > 0) return [`${id}: equal counts, other times: ${costs.slice(0, 4).join(', ')}`];
    return [`${id}: another history, though all its figures are equal`];
  });
}

function parting(arm: ArmResult, other: ArmResult, keys: readonly string[]): string[] {
  return keys.flatMap((key) => {
    const [from, to] = [arm, other].map((one) => numberAt(one, key.split('.')));
    return from === to ? [] : [`${key} ${from} -> ${to}`];
  });
}

function modelledArms(document: ComparedDocument): ReadonlyMap<string, ArmResult> {
  if (document.schema === 'tcebench.run/1') return new Map(document.arms.map((arm) => [arm.id, arm]));
  if (document.schema !== 'tcebench.sweep/1') return new Map();
  return new Map(document.rows.map(({ job, arm }) => [`job${job}/${arm.id}`, arm]));
}
