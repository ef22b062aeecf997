import type { Constant } from '../cost/constant.js';
import type { CostKey, CostProfile } from '../cost/cost-profile.js';
import { TcebenchError } from '../errors.js';
import { H_GET_TCE } from '../papr/hcall.js';
import { quantile, sortSamples } from '../stats/quantile.js';
import type { FtraceHcalls } from '../trace/ftrace-hcalls.js';

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
    profile: { id, title: `${base.title}; table work measured`, base: base.id, constants },
    notes: [
      `calls that real mode answers are not in such a trace, nor the legs of any exit: realModeHcallNs, exitToVirtualNs and exitToUserspaceNs are those of ${base.id}`,
      `${left} calls went on to user space; what happens there is not in the trace: vfioIoctlNs and pagePinNs are those of ${base.id}`,
      `tracing itself is in every time; ${trace.unpaired} events had no other half, ${trace.foreignLines} lines were no such event`,
    ],
  };
}
