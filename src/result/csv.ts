import { type CsvRow, csvText } from './csv-text.js';
import type { MeasureDocument, MeasuredSlice } from './measure-document.js';
import type { ArmResult, DrawnRates, RunDocument } from './run-document.js';

type ArmColumn = readonly [name: string, of: (arm: ArmResult, costProfile: string) => CsvRow[string]];

/** What is told of an arm. Base units in the column names; columns are only ever appended. */
const ARM_COLUMNS: readonly ArmColumn[] = [
  ['arm', (arm) => arm.id],
  ['path', (arm) => arm.path],
  ['multi_tce', (arm) => arm.multiTce],
  ['revision', (arm) => arm.revision],
  ['basis', (arm) => arm.basis],
  ['direction', (arm) => arm.direction],
  ['mtu_bytes', (arm) => arm.mtu],
  ['rate_bytes_per_sec', (arm) => arm.rateBytesPerSec],
  ['rate_low_bytes_per_sec', (arm) => arm.rateLow],
  ['rate_high_bytes_per_sec', (arm) => arm.rateHigh],
  ['packets_per_sec', (arm) => arm.packetsPerSec],
  ['hcalls_per_mb', (arm) => arm.hcallsPerMB],
  ['tce_ops_per_mb', (arm) => arm.tceOpsPerMB],
  ['userspace_exits_per_mb', (arm) => arm.exitsPerMB],
  ['cpu_ns_per_kb', (arm) => arm.cpuNsPerKB],
  ['duration_sec', (arm) => arm.durationSec],
  ['bound_by', (arm) => arm.boundBy],
  ['ended_in_real', (arm) => arm.endedIn.real],
  ['ended_in_virtual', (arm) => arm.endedIn.virtual],
  ['ended_in_userspace', (arm) => arm.endedIn.userspace],
  ['hcall_p50_ns', (arm) => arm.hcallP50Ns],
  ['hcall_p99_ns', (arm) => arm.hcallP99Ns],
  ['host_faults', (arm) => arm.hostFaults],
  ['cost_profile', (_, costProfile) => costProfile],
  ['fingerprint', (arm) => arm.fingerprint],
  ['transactions_per_sec', (arm) => arm.transactionsPerSec],
  ['latency_p50_ns', (arm) => arm.latencyP50Ns],
  ['latency_p99_ns', (arm) => arm.latencyP99Ns],
];

/** The names of the columns of an arm. */
export const ARM_COLUMN_NAMES: readonly string[] = ARM_COLUMNS.map(([name]) => name);

/** The columns of an arm: the same in the CSV of a run and of a sweep. */
export function armColumns(arm: ArmResult, costProfile: string): CsvRow {
  return Object.fromEntries(ARM_COLUMNS.map(([name, of]) => [name, of(arm, costProfile)]));
}

/** One row per arm. */
export function runSummaryCsv({ clock, arms, cost }: RunDocument): string {
  return csvText(arms.map((arm) => ({ clock, ...armColumns(arm, cost.profile) })));
}

/** One row per arm and draw of the constants. */
export function runRawCsv(document: RunDocument, drawn: readonly DrawnRates[]): string {
  return csvText(
    drawn.flatMap(({ armId, rates }) =>
      Array.from(rates, (rate, draw) => ({
        clock: document.clock,
        arm: armId,
        draw,
        rate_bytes_per_sec: rate,
      })),
    ),
  );
}

/** One row per measured arm. */
export function measureSummaryCsv(document: MeasureDocument): string {
  return csvText(
    document.arms.map((arm) => ({
      clock: document.clock,
      arm: arm.id,
      path: arm.path,
      multi_tce: arm.multiTce,
      exit: arm.exit,
      vcpus: arm.vcpus,
      tces_per_call: arm.tcesPerCall,
      calls_per_sample: arm.callsPerSample,
      slices: arm.slices,
      calls: arm.calls,
      call_median_ns: arm.nsPerCall.median,
      call_low_ns: arm.nsPerCall.low,
      call_high_ns: arm.nsPerCall.high,
      call_p99_ns: arm.nsPerCall.p99,
      part: arm.part,
      shared_region: arm.sharesRegion,
      calls_per_sec: arm.callsPerSec,
      sample_p50_ns_per_call: arm.sampleNsPerCall.p50,
      sample_p90_ns_per_call: arm.sampleNsPerCall.p90,
      sample_p99_ns_per_call: arm.sampleNsPerCall.p99,
      sample_p999_ns_per_call: arm.sampleNsPerCall.p999,
      paced_calls_per_sec: arm.paced?.callsPerSec ?? null,
      paced_service_p50_ns: arm.paced?.serviceNs.p50 ?? null,
      paced_service_p99_ns: arm.paced?.serviceNs.p99 ?? null,
      paced_response_p50_ns: arm.paced?.responseNs.p50 ?? null,
      paced_response_p99_ns: arm.paced?.responseNs.p99 ?? null,
    })),
  );
}

/** One row per slice, in the order in which the slices ran. */
export function measureRawCsv(document: MeasureDocument, slices: readonly MeasuredSlice[]): string {
  return csvText(
    slices.map((slice, order) => ({
      clock: document.clock,
      order,
      arm: slice.armId,
      slice: slice.slice,
      calls: slice.calls,
      call_median_ns: slice.medianNs,
      call_p99_ns: slice.p99Ns,
      fork: slice.fork,
      calls_per_sec: slice.callsPerSec,
    })),
  );
}
