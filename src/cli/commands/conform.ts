import { compareKernels } from '../../conform/kernel-differences.js';
import { checkScenario, type ScenarioReport } from '../../conform/scenario-check.js';
import { inputError, TcebenchError } from '../../errors.js';
import { named } from '../../nearest.js';
import { REVISIONS } from '../../path/revisions/revisions.js';
import { conformText } from '../../report/conform-text.js';
import { kernelsText } from '../../report/kernels-text.js';
import { type ConformDocument, MAX_FIRST_MISMATCHES } from '../../result/conform-document.js';
import type { ComparedScenario, KernelsDocument } from '../../result/kernels-document.js';
import { documentText } from '../../result/provenance.js';
import { checkInputsKept } from '../input-guard.js';
import { EXIT_SAID_NO } from '../process-end.js';
import { readInputText } from '../scenario-text.js';
import type { SharedFlags } from '../shared-flags.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { folderFiles, folderPaths, writeOutputs } from '../written-files.js';

/** The flags of `conform`, as parsed. */
export interface ConformFlags extends SharedFlags {
  readonly revision?: string;
  readonly revisions?: string;
}

/**
 * Runs scenarios and prints where they differ from the real kernels, or where another revision differs from them;
 * nothing is printed if one is malformed. Returns the files written.
 */
export async function conformCommand(
  files: readonly string[],
  flags: ConformFlags,
): Promise<readonly string[]> {
  const terminal = processTerminal(flags);
  if (files.filter((file) => file === '-').length > 1)
    throw inputError('stdin can be read once', 'leave out all - but one');
  await checkInputsKept(files, folderPaths(flags.out, flags.revisions === undefined ? 'conform' : 'kernels'));
  if (flags.revisions !== undefined) return compareCommand(files, flags, flags.revisions.split(','));
  const { revision: name } = flags;
  const instead = name === undefined ? undefined : named(`--revision ${name}`, name, REVISIONS);
  const reports: ScenarioReport[] = [];
  for (const file of files) {
    const { text, isCut } = await readInputText(file);
    const report = checkScenario(text, file, REVISIONS, instead);
    reports.push({ ...report, truncated: report.truncated || isCut });
  }
  warnOfCuts(terminal, reports);
  const document = documentOf(reports);
  if (document.operations === 0) {
    throw new TcebenchError('undecided', `no operation in ${files.join(', ')}: nothing was checked`);
  }
  const written = await writeOutputs(terminal, [], await folderFiles(flags.out, 'conform', document), files);
  terminal.out(flags.json === true ? documentText(document) : conformText(document, terminal.style));
  if (document.mismatches > 0) process.exitCode = EXIT_SAID_NO;
  return written;
}

/** Runs scenarios on several kernels and prints where those part: no outcome of the files is looked at. */
async function compareCommand(
  files: readonly string[],
  flags: ConformFlags,
  names: readonly string[],
): Promise<readonly string[]> {
  const terminal = processTerminal(flags);
  const revisions = names.map((name) => named(`--revisions ${name}`, name, REVISIONS));
  const scenarios: ComparedScenario[] = [];
  for (const file of files) {
    const { text, isCut } = await readInputText(file);
    const compared = compareKernels(text, file, revisions);
    scenarios.push({ ...compared, truncated: compared.truncated || isCut });
  }
  warnOfCuts(terminal, scenarios);
  const document: KernelsDocument = {
    schema: 'tcebench.kernels/1',
    revisions: revisions.map(({ id, evidence }) => ({ id, evidence })),
    scenarios,
  };
  const written = await writeOutputs(terminal, [], await folderFiles(flags.out, 'kernels', document), files);
  terminal.out(flags.json === true ? documentText(document) : kernelsText(document, terminal.style));
  return written;
}

function warnOfCuts(
  terminal: Terminal,
  reports: readonly { readonly file: string; readonly truncated: boolean }[],
): void {
  for (const { file, truncated } of reports) {
    if (truncated) terminal.err(`tcebench: warning: ${file} is cut: used up to its last whole record\n`);
  }
}

function documentOf(reports: readonly ScenarioReport[]): ConformDocument {
  const perFile = reports.map((report) => ({ ...report, mismatches: report.mismatches.length }));
  return {
    files: reports.length,
    operations: sum(perFile.map(({ operations }) => operations)),
    mismatches: sum(perFile.map(({ mismatches }) => mismatches)),
    firstMismatches: reports
      .flatMap(({ file, mismatches }) => mismatches.map((mismatch) => ({ file, ...mismatch })))
      .slice(0, MAX_FIRST_MISMATCHES),
    truncated: perFile.some(({ truncated }) => truncated),
    perFile,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
