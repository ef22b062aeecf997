import { inputError } from '../../errors.js';
import { type ArmSpec, MAX_VCPUS, MEASURED_ARMS, vcpuArms } from '../../measure/arms.js';
import { measure } from '../../measure/measure.js';
import type { OnWorker } from '../../measure/vcpu-worker.js';
import { named } from '../../nearest.js';
import { measureText } from '../../report/measure-text.js';
import { measureRawCsv, measureSummaryCsv } from '../../result/csv.js';
import { documentText } from '../../result/provenance.js';
import { EXIT_INTERRUPTED, EXIT_SCENARIO } from '../exit-codes.js';
import { programVersion } from '../host-facts.js';
import type { SharedFlags } from '../shared-flags.js';
import { processTerminal } from '../terminal.js';
import { folderFiles, writeOutputs } from '../written-files.js';

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
}

const DEFAULT_MAX_SECONDS = 120;
const MAX_COUNT = 10_000;

/**
 * Times the handlers on this machine, prints the result and writes what was asked for; returns the files. An
 * interrupt ends it with what is complete, a second one at once. `onWorker` is for tests.
 */
export async function measureCommand(flags: MeasureFlags, onWorker?: OnWorker): Promise<readonly string[]> {
  const terminal = processTerminal(flags);
  checkCounts(flags);
  const arms = armsOf(flags);
  const until = untilOf(flags.until);
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  const { document, slices, failure } = await measure({
    seed: flags.seed,
    arms,
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
  const folder = await folderFiles(flags.out, 'measured', document, {
    '.csv': () => measureSummaryCsv(document),
    '-raw.csv': () => measureRawCsv(document, slices),
  });
  const written = await writeOutputs(terminal, [], folder);
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

function armsOf({ arms, vcpus }: MeasureFlags): readonly ArmSpec[] {
  const all = [...MEASURED_ARMS, ...vcpuArms(vcpus)];
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
