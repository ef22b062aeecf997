import { availableParallelism } from 'node:os';
import { inputError } from '../../errors.js';
import { type FoundStream, streamFromLog, streamFromScenario } from '../../experiment/call-stream.js';
import { MAX_VCPUS } from '../../measure/arm-machine.js';
import { type ArmSpec, MEASURED_ARMS, streamArms, vcpuArms } from '../../measure/arms.js';
import { measure } from '../../measure/measure.js';
import type { OnWorker } from '../../measure/vcpu-worker.js';
import { named } from '../../nearest.js';
import { programVersion } from '../../program-version.js';
import { measureText } from '../../report/measure-text.js';
import { measureRawCsv, measureSummaryCsv } from '../../result/csv.js';
import type { MeasuredStream } from '../../result/measure-document.js';
import { documentText } from '../../result/provenance.js';
import { checkInputsKept, logInputs } from '../input-guard.js';
import { EXIT_INTERRUPTED, EXIT_SCENARIO } from '../process-end.js';
import { resolvedInput } from '../scenario-input.js';
import type { SharedFlags } from '../shared-flags.js';
import { processTerminal } from '../terminal.js';
import { folderFiles, folderPaths, writeOutputs } from '../written-files.js';

/** The flags of `measure`, as parsed. */
export interface MeasureFlags extends SharedFlags {
  readonly forks: number;
  readonly slices: number;
  readonly sliceMs: number;
  readonly seed: number;
  readonly vcpus: number;
  /** Ids with commas between them; absent: all. */
  readonly arms?: string;
  /** A share in percent, `5%`. */
  readonly until?: string;
  readonly maxTime?: number;
  readonly rate?: number;
  /** A log whose calls are made, and the phase of it. */
  readonly from?: string;
  readonly phase?: string;
  /** A scenario whose card makes the calls, and settings over it. */
  readonly scenario?: string;
  readonly set?: readonly string[];
}

const DEFAULT_MAX_SECONDS = 120;
const MAX_COUNT = 10_000;
/** Which of a scenario's arms the calls are of, where it does not say. */
const ONE_ARM = ['host.path=real', 'guest.multiTce=true'];

/**
 * Times the handlers on this machine, prints the result and writes what was asked for; returns the files. An
 * interrupt ends it with what is complete, a second one at once. `onWorker` is for tests.
 */
export async function measureCommand(flags: MeasureFlags, onWorker?: OnWorker): Promise<readonly string[]> {
  const terminal = processTerminal(flags);
  checkCounts(flags);
  const { found, files } = await streamFor(flags);
  await checkInputsKept(files, folderPaths(flags.out, 'measured', ['.csv', '-raw.csv']));
  const arms = chosenArms(flags, found);
  const until = untilOf(flags.until);
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  const { document, slices, failure } = await measure({
    notes: found?.notes ?? [],
    seed: flags.seed,
    arms,
    ...(found === null ? {} : { stream: streamFacts(found) }),
    cores: availableParallelism(),
    forks: flags.forks,
    slices: flags.slices,
    sliceMilliseconds: flags.sliceMs,
    version: programVersion(),
    ...(until === undefined ? {} : { until, maxSeconds: DEFAULT_MAX_SECONDS }),
    ...(flags.maxTime === undefined ? {} : { maxSeconds: flags.maxTime }),
    ...(flags.rate === undefined ? {} : { callsPerSec: flags.rate }),
    ...(onWorker === undefined ? {} : { onWorker }),
    signal: interrupt.signal,
    onProgress: (done, total) => terminal.progress(`measuring, fork ${done} of ${total}`),
  });
  process.removeListener('SIGINT', onInterrupt);
  if (document.endedBy === 'interrupt') process.exitCode = EXIT_INTERRUPTED;
  if (document.endedBy === 'interrupt' && document.forks === 0) {
    terminal.err('tcebench: interrupted before the first fork was complete: nothing is written\n');
    return [];
  }
  const folder = await folderFiles(flags.out, 'measured', document, {
    '.csv': () => measureSummaryCsv(document),
    '-raw.csv': () => measureRawCsv(document, slices),
  });
  const written = await writeOutputs(terminal, [], folder, files);
  terminal.out(flags.json === true ? documentText(document) : measureText(document, terminal.style));
  if (failure !== null) {
    process.exitCode = EXIT_SCENARIO;
    terminal.err(`tcebench: ${failure}\n`);
  }
  return written;
}

function checkCounts({ forks, slices, sliceMs, vcpus, rate, maxTime }: MeasureFlags): void {
  const isCount = (value: number, most: number) => value >= 1 && value <= most;
  if (![forks, slices, sliceMs].every((value) => isCount(value, MAX_COUNT))) {
    throw inputError(
      `--forks, --slices and --slice-ms must be 1 to ${MAX_COUNT}`,
      'for example --forks 8 --slices 12 --slice-ms 5',
    );
  }
  if (!isCount(vcpus, MAX_VCPUS)) throw inputError(`--vcpus must be 1 to ${MAX_VCPUS}`);
  if (rate !== undefined && !isCount(rate, 1e8)) throw inputError('--rate must be 1 to 10^8 calls a second');
  if (maxTime === 0) throw inputError('--max-time must be 1 second or more');
}

/** The calls that are not the synthetic stream, and what was read for them. */
interface StreamInput {
  readonly found: FoundStream | null;
  readonly files: readonly string[];
}

/** The calls to make; none are found where they are the synthetic stream. */
async function streamFor({ from, phase, scenario, set = [] }: MeasureFlags): Promise<StreamInput> {
  if (from !== undefined && (scenario !== undefined || set.length > 0)) {
    throw inputError(
      '--from takes the calls of a log, so there is no scenario to set',
      'leave out one of them',
    );
  }
  if (phase !== undefined && from === undefined) {
    throw inputError(`--phase ${phase} is of a log`, 'add --from LOG');
  }
  if (from !== undefined) {
    return { found: await streamFromLog(from, phase, process.stdin), files: logInputs([from]) };
  }
  if (scenario === undefined && set.length === 0) return { found: null, files: [] };
  const flags = { set: [...ONE_ARM, ...set], color: false, progress: false };
  const name = scenario ?? 'claim';
  const { resolved, files } = await resolvedInput(name, flags);
  return { found: await streamFromScenario(resolved, name), files };
}

function streamFacts({ stream, source }: FoundStream): MeasuredStream {
  const { calls, tceOps, multiTce } = stream;
  return { source, calls, tcesPerCall: tceOps / calls, multiTce };
}

function chosenArms({ arms, vcpus }: MeasureFlags, found: FoundStream | null): readonly ArmSpec[] {
  const one = found === null ? MEASURED_ARMS : streamArms(found.stream);
  const all = [...one, ...vcpuArms(vcpus, found?.stream)];
  if (arms === undefined) return all;
  return [...new Set(arms.split(','))].map((id) => named(`--arms ${id}`, id, all));
}

function untilOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const percent = Number(/^([0-9.]+)%?$/.exec(text)?.[1] ?? Number.NaN);
  if (!(percent > 0 && percent < 1000)) {
    throw inputError(`--until ${text} is no percentage`, 'for example --until 5%');
  }
  return percent / 100;
}
