import { availableParallelism } from 'node:os';
import { drawOnWorkers } from '../../experiment/draws-on-workers.js';
import { runScenario } from '../../experiment/run.js';
import { programVersion } from '../../program-version.js';
import { chartSvg } from '../../report/charts/chart-svg.js';
import { throughputChart } from '../../report/charts/throughput-chart.js';
import { runText } from '../../report/run-text.js';
import { runRawCsv, runSummaryCsv } from '../../result/csv.js';
import { documentText } from '../../result/provenance.js';
import { resolveScenario } from '../../scenario/load-scenario.js';
import { withCapture } from '../../scenario/read-capture.js';
import { mayBeRecosted } from '../../scenario/vcpu-shares.js';
import { inlineForRunOf } from '../inlining.js';
import { checkInputsKept } from '../input-guard.js';
import { RecordingFile, recordingPaths } from '../recording-file.js';
import { progressLine } from '../run-progress.js';
import { type ScenarioFlags, scenarioInput } from '../scenario-input.js';
import { processTerminal } from '../terminal.js';
import { checkOneStdout, folderFiles, folderPaths, writeOutputs } from '../written-files.js';

/** The flags of `run`, as parsed. */
export interface RunFlags extends ScenarioFlags {
  readonly csv?: string;
  readonly csvRaw?: string;
  readonly svg?: string;
  readonly record?: string;
  /** Threads; the result is the same for any number. */
  readonly workers?: number;
}

/** What a run leaves in a folder beside its document. */
const SUFFIXES = ['.csv', '-raw.csv', '.svg', '.scenario.json'] as const;

/** Runs a scenario on the modelled clock, prints it and writes what was asked for; returns the files. */
export async function runCommand(nameOrFile: string, flags: RunFlags): Promise<readonly string[]> {
  const terminal = processTerminal(flags);
  checkOneStdout([flags.csv, flags.csvRaw, flags.svg, flags.record], flags.json);
  const input = scenarioInput(nameOrFile, flags);
  await checkInputsKept(input.files, [
    ...[flags.csv, flags.csvRaw, flags.svg, ...recordingPaths(flags.record)],
    ...folderPaths(flags.out, input.name, SUFFIXES),
  ]);
  const resolved = await withCapture(resolveScenario(input.value, input.place));
  inlineForRunOf(resolved.scenario.run.bytes);
  const record = flags.record === undefined ? null : new RecordingFile(flags.record);
  const onProgress = progressLine(terminal);
  const workers = flags.workers ?? availableParallelism();
  const rates =
    workers === 1 || mayBeRecosted(resolved) ? undefined : await drawOnWorkers(input, workers, onProgress);
  const { document, drawn } = runScenario(resolved, programVersion(), {
    recording: record?.recording,
    ...(rates === undefined ? { onProgress } : { rates }),
  });
  const csv = () => runSummaryCsv(document);
  const rawCsv = () => runRawCsv(document, drawn);
  const svg = () => chartSvg(throughputChart(document));
  const folder = await folderFiles(flags.out, input.name, document, {
    '.csv': csv,
    '-raw.csv': rawCsv,
    '.svg': svg,
    '.scenario.json': () => documentText(document.scenario),
  } satisfies Record<(typeof SUFFIXES)[number], unknown>);
  const written = await writeOutputs(
    terminal,
    [
      { file: flags.csv, text: csv },
      { file: flags.csvRaw, text: rawCsv },
      { file: flags.svg, text: svg },
    ],
    [...folder, ...(record?.files ?? [])],
    input.files,
  );
  await record?.print(terminal);
  record?.close();
  const usesStdout = [flags.csv, flags.csvRaw, flags.svg, flags.record].includes('-');
  if (flags.json === true) {
    for (const warning of resolved.warnings ?? []) terminal.err(`tcebench: warning: ${warning}\n`);
    terminal.out(documentText(document));
  } else if (!usesStdout) terminal.out(runText(document, terminal.style));
  return written;
}
