import { CostModel } from '../cost/cost-model.js';
import { COST_KEYS, type Prices } from '../cost/cost-profile.js';
import { noOperations, OPERATIONS, type Operation } from '../cost/operations.js';
import { emptyUnit } from '../nic/card.js';
import { CallLog } from './call-log.js';
import type { CompletedWork } from './completed-work.js';
import { ContendedRun } from './contended-run.js';
import type { ContendedRunOptions, VcpuWork } from './contended-run-options.js';
import { CostClasses } from './cost-classes.js';
import { randomStream } from './streams.js';

/** One thing on a unit's list. */
export type ScriptEntry =
  | { readonly call: number; readonly clears?: boolean }
  | { readonly search: number }
  | { readonly free: number };

/** A unit as a test writes it. */
export interface ScriptUnit {
  readonly list: readonly ScriptEntry[];
  readonly payloadBytes?: number;
  readonly wireBytes?: number;
  readonly frames?: number;
  readonly arrivalPs?: number;
  readonly transactions?: number;
}

/** Prices that are zero but for those given. */
export function costOf(prices: Partial<Prices>): CostModel {
  return new CostModel({
    ...(Object.fromEntries(COST_KEYS.map((key) => [key, 0])) as Prices),
    ...prices,
  });
}

/** Classes with the given operations, numbered as listed. */
export function classesOf(kinds: readonly Partial<Record<Operation, number>>[]): CostClasses {
  const classes = new CostClasses();
  for (const kind of kinds) {
    const counts = noOperations();
    for (const [operation, count] of Object.entries(kind)) {
      counts[OPERATIONS.indexOf(operation as Operation)] = count;
    }
    classes.classify(noOperations(), counts, -1);
  }
  return classes;
}

/** A vCPU that works through units again and again. */
function scripted(
  log: CallLog,
  units: readonly ScriptUnit[],
  pipeline: 'tx' | 'rx' = 'tx',
  ringUnits = 64,
): VcpuWork {
  const now = emptyUnit();
  let next = 0;
  return {
    unit: now,
    pipeline,
    ringUnits,
    step() {
      const {
        list,
        payloadBytes = 1000,
        wireBytes = 0,
        frames = 1,
        arrivalPs = 0,
        transactions = 0,
      } = units[next++ % units.length] as ScriptUnit;
      Object.assign(now, { payloadBytes, wireBytes, frames, arrivalPs, transactions });
      for (const entry of list) {
        if ('call' in entry) log.noteCall(entry.call, entry.clears ?? false, 1, 0);
        else if ('search' in entry) log.noteSearch(entry.search);
        else log.noteFree(entry.free);
      }
    },
  };
}

/** A run of scripted vCPUs on a wire that is never full, unless the options say otherwise. */
export function contend(
  lanes: readonly (readonly ScriptUnit[])[],
  options: Pick<ContendedRunOptions, 'classes' | 'cost'> & Partial<ContendedRunOptions>,
  { pipeline = 'tx', ringUnits = 64 }: { readonly pipeline?: 'tx' | 'rx'; readonly ringUnits?: number } = {},
): CompletedWork {
  const log = new CallLog();
  const work = lanes.map((units) => scripted(log, units, pipeline, ringUnits)) as [VcpuWork, ...VcpuWork[]];
  return new ContendedRun({
    log,
    link: { bitsPerSec: 1e15 },
    threadsPerCore: 1,
    threadsLeaveTogether: false,
    pools: 4,
    lockCoverage: 'search',
    isClosed: true,
    length: { warmupBytes: 500e3, measuredBytes: 5e6 },
    random: (vcpu) => {
      const stream = randomStream(1, 1, `vcpu/${vcpu}`);
      return () => stream.nextUnit();
    },
    ...options,
    work,
  }).run();
}
