import { join } from 'node:path';
import { inputError } from '../../errors.js';
import { inputName, readText } from '../../input-text.js';
import type { Chart } from '../../report/charts/chart.js';
import { chartSvg } from '../../report/charts/chart-svg.js';
import { type ReportInput, stemOf } from '../../report/page/part.js';
import { chartsOf, reportPage } from '../../report/report-page.js';
import { readDocument } from '../../result/read-document.js';
import { checkInputsKept } from '../input-guard.js';
import type { OutputFile } from '../output-files.js';
import { besideName, provenanceBeside } from '../provenance-beside.js';
import { processTerminal } from '../terminal.js';
import { writeOutputs } from '../written-files.js';

/** The flags of `report`, as parsed. */
export interface ReportFlags {
  readonly html?: string;
  readonly svg?: string;
  readonly png?: string;
  readonly provenance: boolean;
  readonly color: boolean;
}

/** Shows documents that are there already, and runs nothing; returns the files written. */
export async function reportCommand(
  files: readonly string[],
  { html, svg, png, provenance, color }: ReportFlags,
): Promise<readonly string[]> {
  if (html === undefined && svg === undefined && png === undefined) {
    throw inputError('report has nowhere to write', 'add --html FILE, --svg DIR or --png DIR');
  }
  if (files.filter((file) => file === '-').length > 1)
    throw inputError('stdin is named twice', 'leave one out');
  const read = files.flatMap((file) => [file, ...(provenance ? [besideName(file, '.provenance.json')] : [])]);
  await checkInputsKept(read, [html]);
  const inputs = files.map((file) => readInput(file, provenance));
  const charts = await chartFiles(inputs, svg, png);
  const terminal = processTerminal({ color, progress: false });
  return writeOutputs(terminal, [{ file: html, text: () => reportPage(inputs) }], charts, read);
}

/** A document with what is known of it; the facts of the machine are in a file beside it. */
function readInput(file: string, wantsProvenance: boolean): ReportInput {
  const text = readText(file, { hint: 'name a .json file that --out or --json wrote' });
  const result = readDocument(text, inputName(file));
  return { file, result, provenance: wantsProvenance ? provenanceBeside(file, text) : 'leftOut' };
}

async function chartFiles(
  inputs: readonly ReportInput[],
  svgFolder: string | undefined,
  pngFolder: string | undefined,
): Promise<readonly OutputFile[]> {
  if (svgFolder === undefined && pngFolder === undefined) return [];
  const files: OutputFile[] = [];
  for (const { file, result } of inputs) {
    for (const chart of chartsOf(result)) {
      const text = await chartSvg(chart);
      const name = chartName(file, chart);
      if (svgFolder !== undefined) files.push({ path: join(svgFolder, `${name}.svg`), text });
      if (pngFolder === undefined) continue;
      const { svgToPng } = await import('../../report/charts/chart-png.js');
      files.push({ path: join(pngFolder, `${name}.png`), text: await svgToPng(text) });
    }
  }
  return files;
}

function chartName(file: string, { id }: Chart): string {
  return `${stemOf(file)}-${id}`;
}
