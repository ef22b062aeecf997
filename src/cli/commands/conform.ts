import { checkScenario, type ScenarioReport } from '../../conform/scenario-check.js';
import { inputError } from '../../errors.js';
import { named } from '../../nearest.js';
import { REVISIONS } from '../../path/revisions/revisions.js';
import { conformText } from '../../report/conform-text.js';
import { type ConformDocument, MAX_FIRST_MISMATCHES } from '../../result/conform-document.js';
import { documentText } from '../../result/provenance.js';
import { EXIT_SAID_NO } from '../exit-codes.js';
import { readInputText } from '../scenario-text.js';
import type { SharedFlags } from '../shared-flags.js';
import { processTerminal } from '../terminal.js';
import { folderFiles, writeOutputs } from '../written-files.js';

/**
 * Runs scenarios and prints where they differ from the real kernels, or where another revision differs from them;
 * nothing is printed if one is malformed. Returns the files written.
 */
export async function conformCommand(
  files: readonly string[],
  flags: SharedFlags & { readonly revision?: string },
): Promise<readonly string[]> {
  const terminal = processTerminal(flags);
  if (files.filter((file) => file === '-').length > 1)
    throw inputError('stdin can be read once', 'leave out all - but one');
  const { revision: name } = flags;
  const instead = name === undefined ? undefined : named(`--revision ${name}`, name, REVISIONS);
  const reports: ScenarioReport[] = [];
  for (const file of files) {
    const { text, isCut } = await readInputText(file);
    const report = checkScenario(text, file, REVISIONS, instead);
    reports.push({ ...report, truncated: report.truncated || isCut });
  }
  for (const { file, truncated } of reports) {
    if (truncated) terminal.err(`tcebench: warning: ${file} is cut: used up to its last whole record\n`);
  }
  const document = documentOf(reports);
  const written = await writeOutputs(terminal, [], await folderFiles(flags.out, 'conform', document));
  terminal.out(flags.json === true ? documentText(document) : conformText(document, terminal.style));
  if (document.mismatches > 0) process.exitCode = EXIT_SAID_NO;
  return written;
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
