import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { MEASURED_ARMS, TWIN_SUFFIX } from '../../measure/arms.js';
import { measure } from '../../measure/measure.js';
import { timerFacts } from '../../measure/timer.js';
import { programVersion } from '../../program-version.js';
import { doctorText } from '../../report/doctor-text.js';
import { doctorDocument } from '../../result/doctor-document.js';
import { documentText } from '../../result/provenance.js';
import { EXIT_INTERRUPTED, EXIT_UNDECIDED } from '../process-end.js';
import type { SharedFlags } from '../shared-flags.js';
import { processTerminal } from '../terminal.js';
import { folderFiles, writeOutputs } from '../written-files.js';

/** As `measure` does by default, so that what the doctor says holds for it. */
const TRIAL = { forks: 8, slices: 12, sliceMilliseconds: 5 };

/** The flags of `doctor`, as parsed. */
export interface DoctorFlags extends SharedFlags {
  readonly seed: number;
}

/** Says whether this machine can measure now and what is too small for it to see; returns the files written. */
export async function doctorCommand(flags: DoctorFlags): Promise<readonly string[]> {
  const terminal = processTerminal(flags);
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  // Before the trial, which is a load itself.
  const [loadAverage = 0] = loadavg();
  const { grainNs, readNs } = timerFacts();
  const { document: trial } = await measure({
    ...TRIAL,
    seed: flags.seed,
    version: programVersion(),
    arms: MEASURED_ARMS.filter(({ id }) => id === 'single-real' || id === `single-real${TWIN_SUFFIX}`),
    signal: interrupt.signal,
    onProgress: (done, total) => terminal.progress(`comparing identical arms, fork ${done} of ${total}`),
  });
  const document = doctorDocument({
    timerGrainNs: grainNs,
    timerReadNs: readNs,
    cores: availableParallelism(),
    loadAverage: process.platform === 'win32' ? null : loadAverage,
    governor: governor(),
    noiseFloor: trial.noiseFloor,
    smallestDetectableChange: trial.smallestDetectableChange,
  });
  const written = await writeOutputs(terminal, [], await folderFiles(flags.out, 'doctor', document), []);
  terminal.out(flags.json === true ? documentText(document) : doctorText(document, terminal.style));
  if (!document.canMeasure) process.exitCode = EXIT_UNDECIDED;
  if (trial.endedBy === 'interrupt') process.exitCode = EXIT_INTERRUPTED;
  return written;
}

function governor(): string | null {
  try {
    return readFileSync('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor', 'utf8').trim();
  } catch {
    return null;
  }
}
