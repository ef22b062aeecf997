import type { Constant } from '../../cost/constant.js';
import type { CostKey, CostProfile } from '../../cost/cost-profile.js';
import { inputError, TcebenchError } from '../../errors.js';
import { H_GET_TCE } from '../../papr/hcall.js';
import { quantile, sortSamples } from '../../stats/quantile.js';
import type { FtraceHcalls } from '../../trace/ftrace-hcalls.js';
import { significant } from '../../units.js';

/** Fewer calls than this measure nothing. */
const MIN_CALLS = 20;

/** The work inside a handler that one service time cannot be split into. */
const CONTAINED: readonly CostKey[] = [
  'listReadNs',
  'gpaToUaNs',
  'regionLookupNs',
  'uaToHpaNs',
  'mappedUpdateNs',
  'tceInvalidateNs',
  'guestViewStoreNs',
];

/** A cost profile from a machine's own trace, and what the trace could not see. */
export interface TracedCosts {
  /** The JSON of a profile over `base`. */
  readonly profile: object;
  /** What was found, one sentence. */
  readonly found: string;
  /** What the trace could not see. */
  readonly notes: readonly string[];
}

/**
 * Makes a profile of origin `measured` from service times: the table work of one TCE, as a whole. It is the service
 * time of a call over its TCEs, median with 5 % and 95 % as its range; `file` is named as the source.
 */
export function costsFromTrace(
  trace: FtraceHcalls,
  base: CostProfile,
  id: string,
  file: string,
): TracedCosts {
  if (trace.events === 0) {
    throw inputError(
      `${file}: holds no kvm_hcall_enter or kvm_hcall_exit event`,
      'give the text of ftrace, of trace-cmd report or of perf script, with -e kvm_hv:kvm_hcall_enter -e kvm_hv:kvm_hcall_exit',
    );
  }
  const answered = trace.served.filter(
    ({ hcall, npages, leftForUserspace }) => hcall !== H_GET_TCE && npages > 0 && !leftForUserspace,
  );
  if (answered.length < MIN_CALLS) {
    throw new TcebenchError(
      'undecided',
      `${file}: ${answered.length} TCE hypercalls were answered by the host kernel, too few to measure by`,
      `record at least ${MIN_CALLS}: trace-cmd record -e kvm_hv:kvm_hcall_enter -e kvm_hv:kvm_hcall_exit`,
    );
  }
  const perTce = sortSamples(answered.map(({ serviceNs, npages }) => serviceNs / npages));
  const [low, value, high] = [0.05, 0.5, 0.95].map((p) => quantile(perTce, p)) as [number, number, number];
  const source = `${answered.length} TCE hypercalls in ${file}, service time over TCEs, median and 5..95 %`;
  const constants: Partial<Record<CostKey, Constant>> = {
    tceExchangeNs: { value, low, high, unit: 'ns', origin: 'measured', source },
  };
  for (const key of CONTAINED) {
    const contained = 'contained in tceExchangeNs, which is the whole service time';
    constants[key] = { value: 0, low: 0, high: 0, unit: 'ns', origin: 'derived', source: contained };
  }
  const left = trace.served.filter(({ leftForUserspace }) => leftForUserspace).length;
  return {
    found: `tceExchangeNs = ${significant(value)} ns (${significant(low)}..${significant(high)}), measured: ${source}; the table work beside it is contained in it and set to 0`,
    profile: { id, title: `${base.title}; table work measured`, base: base.id, constants },
    notes: [
      `calls that real mode answers are not in such a trace, nor the legs of any exit: realModeHcallNs, exitToVirtualNs and exitToUserspaceNs keep the ranges and origins of ${base.id}`,
      `${left} calls went on to user space; what happens there is not in the trace: vfioIoctlNs and pagePinNs keep those of ${base.id}`,
      `the locks and the guest's own work are not in it either: bqlShare, siblingSignalShare, iovaLockNs and the otherWork constants keep those of ${base.id}`,
      `tracing itself is in every time; other hypercalls ${trace.otherHcalls}, events without their other half ${trace.unpaired}, lines that are no such event ${trace.foreignLines}`,
    ],
  };
}
