import { join } from 'node:path';
import { resolveScenario } from '../../experiment/load-scenario.js';
import { type ModelledRun, runScenario } from '../../experiment/run.js';
import { runText } from '../../report/run-text.js';
import { drawSvg } from '../../report/svg.js';
import { throughputChart } from '../../report/throughput-chart.js';
import { runRawCsv, runSummaryCsv } from '../../result/csv.js';
import { documentText } from '../../result/provenance.js';
import { programVersion } from '../host-facts.js';
import type { OutputFile } from '../output-files.js';
import { applySettings, readScenario } from '../scenario-input.js';
import { processTerminal } from '../terminal.js';
import { checkOneStdout, provenanceText, writeOutputs } from '../written-files.js';

/** The flags of `run`, as parsed. */
export interface RunFlags {
  readonly set: readonly string[];
  readonly seed?: number;
  readonly out?: string;
  readonly csv?: string;
  readonly csvRaw?: string;
  readonly svg?: string;
  readonly json?: boolean;
  readonly color: boolean;
  readonly progress: boolean;
}

/** Runs a scenario on the modelled clock, prints it and writes what was asked for; returns the files. */
export async function runCommand(nameOrFile: string, flags: RunFlags): Promise<readonly string[]> {
  const terminal = processTerminal(flags);
  checkOneStdout([flags.csv, flags.csvRaw, flags.svg], flags.json);
  const seed = flags.seed === undefined ? [] : [`run.seed=${flags.seed}`];
  const input = applySettings(readScenario(nameOrFile), [...flags.set, ...seed]);
  const run = runScenario(resolveScenario(input.value, input.place), programVersion());
  const { document, drawn } = run;
  const folder = flags.out === undefined ? [] : await resultFiles(flags.out, input.name, run);
  const written = await writeOutputs(
    terminal,
    [
      { file: flags.csv, text: () => runSummaryCsv(document) },
      { file: flags.csvRaw, text: () => runRawCsv(document, drawn) },
      { file: flags.svg, text: () => drawSvg(throughputChart(document)) },
    ],
    folder,
  );
  const usesStdout = [flags.csv, flags.csvRaw, flags.svg].includes('-');
  if (flags.json === true) terminal.out(documentText(document));
  else if (!usesStdout) terminal.out(runText(document, terminal.style));
  return written;
}

/** Everything that a run leaves in a folder: document, tables, chart, resolved scenario, provenance. */
async function resultFiles(
  folder: string,
  name: string,
  { document, drawn }: ModelledRun,
): Promise<OutputFile[]> {
  const file = (suffix: string, text: string) => ({ path: join(folder, `${name}${suffix}`), text });
  return [
    file('.json', documentText(document)),
    file('.csv', runSummaryCsv(document)),
    file('-raw.csv', runRawCsv(document, drawn)),
    file('.svg', await drawSvg(throughputChart(document))),
    file('.scenario.json', documentText(document.scenario)),
    file('.provenance.json', provenanceText(document)),
  ];
}
