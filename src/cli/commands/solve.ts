import { COST_KEYS, COST_UNITS, type CostKey } from '../../cost/cost-profile.js';
import { inputError } from '../../errors.js';
import { solveConstant } from '../../experiment/solve.js';
import { knownHint } from '../../nearest.js';
import { programVersion } from '../../program-version.js';
import { solveText } from '../../report/solve-text.js';
import { documentText } from '../../result/provenance.js';
import { parseBytesPerSec, parseNs } from '../../units.js';
import { checkInputsKept } from '../input-guard.js';
import { EXIT_UNDECIDED } from '../process-end.js';
import { resolvedInput, type ScenarioFlags } from '../scenario-input.js';
import { processTerminal } from '../terminal.js';
import { folderFiles, folderPaths, writeOutputs } from '../written-files.js';

/** The flags of `solve`, as parsed. */
export interface SolveFlags extends ScenarioFlags {
  readonly target: string;
  readonly for: string;
  readonly arm: string;
  readonly range?: string;
}

/** Finds the value of a constant that gives an arm a rate; returns the files written. */
export async function solveCommand(scenario: string, flags: SolveFlags): Promise<readonly string[]> {
  const terminal = processTerminal(flags);
  const key = costKey(flags.for);
  const target = targetOf(flags.target);
  const { resolved, files } = await resolvedInput(scenario, flags);
  await checkInputsKept(files, folderPaths(flags.out, 'solve'));
  const document = solveConstant(
    resolved,
    {
      key,
      arm: flags.arm,
      targetBytesPerSec: target,
      ...(flags.range === undefined ? {} : { range: rangeOf(flags.range, key) }),
    },
    programVersion(),
  );
  const folder = await folderFiles(flags.out, 'solve', document);
  const written = await writeOutputs(terminal, [], folder, files);
  terminal.out(flags.json === true ? documentText(document) : solveText(document));
  if (document.value === null) process.exitCode = EXIT_UNDECIDED;
  return written;
}

/** A smaller rate is a number whose unit was forgotten. */
const MIN_TARGET_BYTES_PER_SEC = 1000;

function targetOf(text: string): number {
  const target = parseBytesPerSec(text, '--target');
  if (target >= MIN_TARGET_BYTES_PER_SEC) return target;
  const isBare = /^[0-9.]+$/.test(text) && target > 0;
  throw inputError(
    `--target ${text} is below 1 kB/s: a rate without a unit is in bytes per second`,
    isBare ? `write ${text}MB/s or ${text}Mbit/s` : 'for example 220MB/s',
  );
}

function costKey(text: string): CostKey {
  const known = COST_KEYS.find((key) => key === text.replace(/^cost\./, ''));
  if (known !== undefined) return known;
  throw inputError(`--for ${text} is no constant`, knownHint(text, COST_KEYS));
}

/** `1us..40us`: where to look. */
function rangeOf(text: string, key: CostKey): readonly [number, number] {
  const isTime = COST_UNITS[key] === 'ns';
  const example = isTime ? 'write it as 1us..40us' : 'write it as 0.1..0.9';
  const [low, high, more] = text.split('..');
  if (!low || !high || more !== undefined) throw inputError(`--range ${text} is no range`, example);
  const [from = Number.NaN, to = Number.NaN] = [low, high].map((end) =>
    isTime ? parseNs(end, '--range') : Number(end),
  );
  if (Number.isNaN(from + to)) throw inputError(`--range ${text} has an end that is no number`, example);
  if (COST_UNITS[key] === 'share' && to > 1) {
    throw inputError(`--range ${text} goes beyond 1, and ${key} is a share`, 'a share is 1 at most');
  }
  if (from >= 0 && from < to) return [from, to];
  throw inputError(`--range ${text} does not rise`, example);
}
