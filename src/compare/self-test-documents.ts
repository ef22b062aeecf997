import type { ClaimArm } from '../result/claim-document.js';
import type { ScopeFigures } from '../result/log-figures.js';
import type { MeasureDocument, MeasuredArm, MeasuredSlice } from '../result/measure-document.js';
import type { ReplayDocument } from '../result/replay-document.js';
import type { ArmId, ArmResult, RunDocument } from '../result/run-document.js';
import type { SweepDocument } from '../result/sweep-document.js';
import type { ComparedDocument, ComparedInput, Samples } from './compared-input.js';

/**
 * One small document of every kind, to try gates on. Their figures are made up: they stand for nothing and are never
 * shown as a result.
 */
export function selfTestInputs(): readonly ComparedInput[] {
  const rates = new Map(
    ARM_IDS.map((id) => [id as string, Array.from({ length: 20 }, (_, i) => 8e8 + i * 1e6)]),
  );
  return [
    inputOf(runDocument(), { kind: 'drawn', rates }),
    inputOf(measureDocument(), { kind: 'measured', slices: madeUpSlices() }),
    inputOf(replayDocument(), null),
    inputOf(sweepDocument(), null),
  ];
}

const NAME = 'made-up';
const VERSION = '0';
const ARM_IDS: readonly ArmId[] = ['single-userspace', 'multi-real'];
const COST = { profile: NAME, title: NAME, constants: {} };
const ENDED_IN = { real: 900, virtual: 90, userspace: 10 };

function inputOf(document: ComparedDocument, samples: Samples | null): ComparedInput {
  return { place: `${NAME} ${document.schema}`, document, samples, provenance: null, warnings: [] };
}

function armOf(id: ArmId): ArmResult {
  return {
    id,
    path: id === 'multi-real' ? 'real' : 'userspace',
    multiTce: id === 'multi-real',
    revision: NAME,
    evidence: NAME,
    basis: 'predicted',
    direction: 'tx',
    mtu: 1500,
    rateBytesPerSec: 8e8,
    rateLow: 7e8,
    rateHigh: 9e8,
    packetsPerSec: 5e5,
    transactionsPerSec: 1e4,
    hcallsPerMB: 100,
    tceOpsPerMB: 800,
    exitsPerMB: 10,
    cpuNsPerKB: 1200,
    durationSec: 0.1,
    boundBy: 'vcpu',
    resources: [],
    endedIn: ENDED_IN,
    hcallP50Ns: 2000,
    hcallP99Ns: 5000,
    latencyP50Ns: 20_000,
    latencyP99Ns: 50_000,
    hcallQuantiles: null,
    latencyQuantiles: null,
    frameCost: null,
    recosted: false,
    droppedFrames: 0,
    failedHcalls: 0,
    hostFaults: 0,
    boot: { hcalls: 10, tceOps: 100, modelledNs: 1e5 },
    dmaApi: {
      maps: 100,
      unmaps: 100,
      failedMaps: 0,
      foundMaps: 5,
      iovaLockTakes: 200,
      hcallsUnderIovaLock: 0,
    },
    fingerprint: NAME,
  };
}

function runDocument(): RunDocument {
  const claimArm: ClaimArm = {
    id: 'multi-real',
    below: 0.2,
    inside: 0.5,
    above: 0.3,
    verdict: 'undecided',
    rateBytesPerSec: 8e8,
    rateLow: 7e8,
    rateHigh: 9e8,
    ratio: 4,
    ratioLow: 3,
    ratioHigh: 5,
  };
  const calibrated = {
    key: NAME,
    value: 1,
    low: 1,
    high: 1,
    rangeLow: 1,
    rangeHigh: 1,
    shareConsistent: 0.5,
  };
  return {
    schema: 'tcebench.run/1',
    clock: 'modelled',
    version: VERSION,
    scenario: { run: { seed: 1, run: 1, draws: 20 } },
    cost: COST,
    claimNumbers: { slow: 2e8, fast: [7e8, 1e9] },
    wireBytesPerSec: 1e9,
    arms: ARM_IDS.map(armOf),
    comparisons: [],
    claim: {
      slow: 2e8,
      fast: [7e8, 1e9],
      judgedRow: NAME,
      calibrated,
      arms: [claimArm],
      rows: [],
      steps: [],
      placebos: [],
      severity: [],
      assumptions: [],
    },
    warnings: [],
  };
}

/** Eight forks of three slices; forks differ by up to 1 %, as on a quiet machine. */
function madeUpSlices(): MeasuredSlice[] {
  return Array.from({ length: 24 }, (_, slice) => {
    const fork = Math.floor(slice / 3);
    const noise = 1 + 0.01 * Math.sin(fork + slice * 0.1);
    const common = { armId: 'single-real', fork, slice, calls: 1000 };
    return { ...common, medianNs: 40 * noise, p99Ns: 90 * noise, callsPerSec: 2e7 / noise };
  });
}

function measureDocument(): MeasureDocument {
  const percentiles = { p50: 40, p90: 50, p99: 90, p999: 200, max: 400 };
  const arm: MeasuredArm = {
    id: 'single-real',
    clock: 'measured',
    path: 'real',
    multiTce: false,
    exit: 'none',
    part: 'whole',
    vcpus: 1,
    sharesRegion: false,
    tcesPerCall: 1,
    callsPerSample: 512,
    slices: 24,
    calls: 24_000,
    nsPerCall: { median: 40, low: 39, high: 41, p99: 90 },
    callsPerSec: 2e7,
    sampleNsPerCall: percentiles,
    paced: null,
  };
  return {
    schema: 'tcebench.measure/1',
    clock: 'measured',
    version: VERSION,
    stream: null,
    arms: [arm],
    confidence: 0.99,
    unit: 'fork',
    forks: 8,
    comparisons: [],
    noiseFloor: 0.01,
    smallestDetectableChange: 0.03,
    additivity: [],
    lockBounds: [],
    endedBy: 'forks',
    partial: false,
    warnings: [],
  };
}

function replayDocument(): ReplayDocument {
  const scope: ScopeFigures = {
    lines: 1000,
    calls: 1000,
    byKind: { put: 500, indirect: 100, stuff: 400, get: 0 },
    putMap: 250,
    putClear: 250,
    byReturnCode: { '0': 1000 },
    liobns: { '0x80000000': 1000 },
    tcesMapped: 2000,
    tcesUnmapped: 2000,
    clearedWhileEmpty: 0,
    liveAtEnd: 0,
    peakLive: 500,
    tcesPerCall: { putMap: {}, putClear: {}, indirect: {}, stuff: {} },
    lifetimeCalls: { p10: 1, median: 10, p90: 100 },
  };
  const part = (name: string) => ({ name, calls: 900, modelledNs: 9e5, endedIn: ENDED_IN });
  const arm = {
    ...{ id: 'real' as const, revision: NAME, evidence: NAME, endedIn: ENDED_IN },
    ...{ modelledNs: 1e6, modelledLowNs: 9e5, modelledHighNs: 1.1e6 },
    ...{ afterBoot: part('afterBoot'), phases: [part('tcp')] },
    ...{ returnCodesEqual: true, returnCodeDifferences: 0, firstDifferences: [] },
    ...{ hostFaults: 0, firstHostFault: null, vfioErrors: 0 },
    ...{ tablesAgree: true, firstDisagreement: null, agreesWithLog: true },
    operations: { tceExchanges: 4000 },
  };
  return {
    schema: 'tcebench.replay/1',
    clock: 'modelled',
    version: VERSION,
    cost: COST,
    seed: 1,
    draws: 20,
    logs: [
      {
        ...{ file: 'made-up.log', window: [], ramBytes: 2 ** 30, bootEnd: { line: 0, by: 'none' } },
        ...{ whole: scope, afterBoot: scope, phases: [], allPhases: null },
        ...{ truncated: false, linesWithoutPrefix: 0, foreignLines: 0, malformedLines: 0 },
        ...{ arms: [arm], comparison: null, warnings: [] },
      },
    ],
  };
}

function sweepDocument(): SweepDocument {
  return {
    schema: 'tcebench.sweep/1',
    clock: 'modelled',
    version: VERSION,
    plan: {
      schema: 'tcebench.plan/1',
      version: VERSION,
      name: NAME,
      base: {},
      axes: [{ key: 'nic.mtu', values: [1500] }],
      mode: 'cartesian',
      jobs: 1,
      files: [],
      hash: NAME,
    },
    missing: [],
    failed: [],
    rows: ARM_IDS.map((id) => ({ job: 0, values: [1500], arm: armOf(id) })),
    crossovers: [],
    warnings: [],
  };
}
