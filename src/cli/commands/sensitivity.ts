import { sensitivityOf } from '../../experiment/sensitivity.js';
import { programVersion } from '../../program-version.js';
import { sensitivityText } from '../../report/sensitivity-text.js';
import { documentText } from '../../result/provenance.js';
import { checkInputsKept } from '../input-guard.js';
import { resolvedInput, type ScenarioFlags } from '../scenario-input.js';
import { processTerminal } from '../terminal.js';
import { checkOneStdout, folderFiles, folderPaths, writeOutputs } from '../written-files.js';

/** The flags of `sensitivity`, as parsed. */
export interface SensitivityFlags extends ScenarioFlags {
  readonly arm: string;
  readonly csv?: string;
  readonly svg?: string;
}

/** Tells which constants carry the rate of an arm; returns the files written. */
export async function sensitivityCommand(
  scenario: string,
  flags: SensitivityFlags,
): Promise<readonly string[]> {
  const terminal = processTerminal(flags);
  checkOneStdout([flags.csv, flags.svg], flags.json);
  const { resolved, files } = await resolvedInput(scenario, flags);
  await checkInputsKept(files, [
    ...[flags.csv, flags.svg],
    ...folderPaths(flags.out, 'sensitivity', ['.csv', '.svg']),
  ]);
  const document = sensitivityOf(resolved, flags.arm, programVersion());
  const csv = async () => (await import('../../result/sensitivity-csv.js')).sensitivityCsv(document);
  const svg = async () => {
    const { tornadoChart } = await import('../../report/charts/tornado-chart.js');
    return (await import('../../report/charts/chart-svg.js')).chartSvg(tornadoChart(document));
  };
  const folder = await folderFiles(flags.out, 'sensitivity', document, { '.csv': csv, '.svg': svg });
  const written = await writeOutputs(
    terminal,
    [
      { file: flags.csv, text: csv },
      { file: flags.svg, text: svg },
    ],
    folder,
    files,
  );
  if (flags.json === true) terminal.out(documentText(document));
  else if (![flags.csv, flags.svg].includes('-')) terminal.out(sensitivityText(document, terminal.style));
  return written;
}
