import { csvText } from './csv-text.js';
import type { MeasureDocument, MeasuredSlice } from './measure-document.js';
import type { DrawnRates, RunDocument } from './run-document.js';

/** One row per arm. Base units in the column names; columns are only ever appended. */
export function runSummaryCsv(document: RunDocument): string {
  return csvText(
    document.arms.map((arm) => ({
      clock: document.clock,
      arm: arm.id,
      path: arm.path,
      multi_tce: arm.multiTce,
      revision: arm.revision,
      basis: arm.basis,
      direction: arm.direction,
      mtu_bytes: arm.mtu,
      rate_bytes_per_sec: arm.rateBytesPerSec,
      rate_low_bytes_per_sec: arm.rateLow,
      rate_high_bytes_per_sec: arm.rateHigh,
      packets_per_sec: arm.packetsPerSec,
      hcalls_per_mb: arm.hcallsPerMB,
      tce_ops_per_mb: arm.tceOpsPerMB,
      userspace_exits_per_mb: arm.exitsPerMB,
      cpu_ns_per_kb: arm.cpuNsPerKB,
      duration_sec: arm.durationSec,
      bound_by: arm.boundBy,
      ended_in_real: arm.endedIn.real,
      ended_in_virtual: arm.endedIn.virtual,
      ended_in_userspace: arm.endedIn.userspace,
      hcall_p50_ns: arm.hcallP50Ns,
      hcall_p99_ns: arm.hcallP99Ns,
      host_faults: arm.hostFaults,
      cost_profile: document.cost.profile,
      fingerprint: arm.fingerprint,
      transactions_per_sec: arm.transactionsPerSec,
      latency_p50_ns: arm.latencyP50Ns,
      latency_p99_ns: arm.latencyP99Ns,
    })),
  );
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
