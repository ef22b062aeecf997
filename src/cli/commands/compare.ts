import { compareDocuments, verdictOf } from '../../compare/compare.js';
import { type Gate, parseGate } from '../../compare/gate.js';
import { metricsOf } from '../../compare/metrics.js';
import { isSound, selfTest } from '../../compare/self-test.js';
import { selfTestInputs } from '../../compare/self-test-documents.js';
import { SELF_TEST_GATES } from '../../compare/self-test-gates.js';
import { inputError } from '../../errors.js';
import { compareText, formatMetric } from '../../report/compare-text.js';
import { selfTestText } from '../../report/self-test-text.js';
import { left, right, textTable } from '../../report/text-table.js';
import { compareCsv } from '../../result/compare-csv.js';
import type { GateVerdict } from '../../result/compare-document.js';
import { documentText } from '../../result/provenance.js';
import { comparedFiles, comparedInput } from '../compare-input.js';
import { checkInputsKept } from '../input-guard.js';
import { EXIT_DONE, EXIT_SAID_NO, EXIT_UNDECIDED } from '../process-end.js';
import type { SharedFlags } from '../shared-flags.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { checkOneStdout, folderFiles, folderPaths, writeOutputs } from '../written-files.js';

/** The flags of `compare`, as parsed. */
export interface CompareFlags extends SharedFlags {
  readonly gate: readonly string[];
  readonly csv?: string;
  readonly all?: boolean;
  readonly acrossMachines?: boolean;
  readonly listMetrics?: boolean;
  readonly selfTest?: boolean;
}

const EXIT_CODES: Readonly<Record<GateVerdict, number>> = {
  passed: EXIT_DONE,
  failed: EXIT_SAID_NO,
  undecided: EXIT_UNDECIDED,
};

/** Compares two result documents, or holds one against gates; returns the files written. */
export async function compareCommand(
  names: readonly string[],
  flags: CompareFlags,
): Promise<readonly string[]> {
  const terminal = processTerminal(flags);
  checkOneStdout([flags.csv], flags.json);
  const gates = flags.gate.map(parseGate);
  if (flags.selfTest === true) return selfTestCommand(names, gates, flags, terminal);
  checkDocuments(names, flags);
  if (flags.listMetrics === true) {
    terminal.out(await metricList(names, flags.json));
    return [];
  }
  const read = comparedFiles(names);
  await checkInputsKept(read, [flags.csv, ...folderPaths(flags.out, 'compare', ['.csv'])]);
  const [first, second] = await Promise.all(names.map(comparedInput));
  if (first === undefined) throw inputError('compare needs a result document');
  const [before, after] = second === undefined ? [null, first] : [first, second];
  const options = { gates, acrossMachines: flags.acrossMachines === true };
  const document = compareDocuments(before, after, options);
  const csv = () => compareCsv(document);
  const folder = await folderFiles(flags.out, 'compare', document, { '.csv': csv });
  const written = await writeOutputs(terminal, [{ file: flags.csv, text: csv }], folder, read);
  if (flags.json === true) terminal.out(documentText(document));
  else if (flags.csv !== '-') terminal.out(compareText(document, flags.all === true, terminal.style));
  process.exitCode = EXIT_CODES[verdictOf(document)];
  return written;
}

/** Tries the gates on documents that were moved on purpose, or one gate of every kind where none is given. */
async function selfTestCommand(
  names: readonly string[],
  gates: readonly Gate[],
  { json, csv, out }: CompareFlags,
  terminal: Terminal,
): Promise<readonly string[]> {
  if (csv !== undefined) throw inputError('--self-test has no --csv', 'use --json');
  const read = comparedFiles(names);
  await checkInputsKept(read, folderPaths(out, 'self-test'));
  const madeUp = selfTestInputs();
  const inputs = names.length === 0 ? madeUp : await Promise.all(names.map(comparedInput));
  const tried = gates.length === 0 ? SELF_TEST_GATES.map(parseGate) : gates;
  const document = selfTest(tried, { inputs, madeUp });
  const folder = await folderFiles(out, 'self-test', document);
  const written = await writeOutputs(terminal, [], folder, read);
  terminal.out(json === true ? documentText(document) : selfTestText(document, terminal.style));
  if (!isSound(document)) process.exitCode = EXIT_SAID_NO;
  return written;
}

function checkDocuments(names: readonly string[], { gate, listMetrics }: CompareFlags): void {
  if (names.length === 0 || names.length > 2) {
    throw inputError(
      `compare takes one or two documents, not ${names.length}`,
      'for example compare before.json after.json',
    );
  }
  if (names.length === 2 && names.every((name) => name === '-')) {
    throw inputError('both documents want stdin', 'name a file for one of them');
  }
  if (names.length === 1 && gate.length === 0 && listMetrics !== true) {
    throw inputError(
      `there is nothing to compare ${names[0]} with`,
      'name a second document, or give --gate',
    );
  }
}

/** What can be named in a gate, with the values of the last document. */
async function metricList(names: readonly string[], json: boolean | undefined): Promise<string> {
  const inputs = await Promise.all(names.map(comparedInput));
  const metrics = new Map(
    inputs.flatMap(({ document }) => metricsOf(document)).map((metric) => [metric.name, metric]),
  );
  const rows = [...metrics.values()];
  if (json === true) {
    const listed = rows.map(({ name, unit, better, basis, value }) => ({
      metric: name,
      unit,
      better,
      basis,
      value,
    }));
    return documentText({ metrics: listed });
  }
  return textTable(
    [left('metric'), left('unit'), left('better'), left('basis'), right('value')],
    rows.map(({ name, unit, better, basis, value }) => [
      name,
      unit,
      better,
      basis,
      formatMetric(value, unit),
    ]),
  );
}
