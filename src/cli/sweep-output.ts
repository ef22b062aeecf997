import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { jobValues } from '../experiment/sweep/plan.js';
import { planText } from '../experiment/sweep/plan-file.js';
import { openFolder } from '../experiment/sweep/sweep-folder.js';
import type { SweepResults } from '../experiment/sweep/sweep-results.js';
import { SweepTally } from '../experiment/sweep/sweep-tally.js';
import { sweepText } from '../report/sweep-text.js';
import { documentText, provenanceOfHash } from '../result/provenance.js';
import { sweepCsv } from '../result/sweep-csv.js';
import type { SweepPlan } from '../result/sweep-document.js';
import { ARMS } from '../scenario/arms.js';
import { hostFacts } from './host-facts.js';
import { type OutputFile, writeFiles } from './output-files.js';
import type { SharedFlags } from './shared-flags.js';
import type { Terminal } from './terminal.js';
import { folderPaths } from './written-files.js';

/** The flags that say where the results of a sweep go. */
export interface SweepOutputFlags extends SharedFlags {
  readonly csv?: string;
}

/** What was written. */
export interface WrittenSweep {
  readonly files: readonly string[];
  /** Jobs whose result is that they failed. */
  readonly failed: number;
}

/** Where {@link sweepOutputs} writes. */
export function sweepPaths({ name }: SweepPlan, { out, csv }: SweepOutputFlags): readonly string[] {
  return [...folderPaths(out, name, ['.csv']), csv ?? []].flat();
}

/** Writes the document, the CSV and the provenance of a sweep and prints it. Nothing is held whole. */
export async function sweepOutputs(
  results: SweepResults,
  { out, csv, json }: SweepOutputFlags,
  inputs: readonly string[],
  terminal: Terminal,
): Promise<WrittenSweep> {
  const { plan } = results;
  const tally = new SweepTally(plan);
  const files: OutputFile[] = [];
  if (out !== undefined) {
    const hash = createHash('sha256');
    const path = (suffix: string) => join(out, `${plan.name}${suffix}`);
    const provenance = () => documentText(provenanceOfHash(hash.digest('hex'), hostFacts()));
    files.push(
      { path: path('.json'), text: bytesOf(results.documentText(tally), (bytes) => hash.update(bytes)) },
      { path: path('.csv'), text: bytesOf(sweepCsv(plan, results.jobs())) },
      { path: path('.provenance.json'), text: bytesOf(late(provenance)) },
    );
  }
  if (csv !== undefined && csv !== '-')
    files.push({ path: csv, text: bytesOf(sweepCsv(plan, results.jobs())) });
  await writeFiles(files, inputs);
  const counted = out === undefined ? await results.tally() : tally;
  if (json === true) for await (const text of results.documentText()) terminal.out(text);
  else if (csv === '-') for await (const text of sweepCsv(plan, results.jobs())) terminal.out(text);
  else terminal.out(textOf(plan, counted, terminal));
  return { files: files.map(({ path }) => path), failed: counted.failed.length };
}

function textOf(plan: SweepPlan, tally: SweepTally, terminal: Terminal): string {
  return sweepText(
    {
      ...{ plan, missing: tally.missing, failed: tally.failed, warnings: tally.warnings() },
      arms: ARMS.map(({ id }) => id),
      crossovers: tally.crossovers(),
      rateOf: (job, arm) => tally.rates.of(job, arm),
      valuesOf: (job) => jobValues(plan, job),
    },
    terminal.style,
  );
}

/** Characters that are written at once: a call to the system costs more than the text of one job. */
const MIN_PIECE = 2 ** 18;

async function* bytesOf(
  texts: AsyncIterable<string> | Iterable<string>,
  onBytes: (bytes: Uint8Array) => void = () => {},
): AsyncGenerator<Uint8Array> {
  let gathered = '';
  for await (const text of texts) {
    gathered += text;
    if (gathered.length < MIN_PIECE) continue;
    const bytes = Buffer.from(gathered);
    gathered = '';
    onBytes(bytes);
    yield bytes;
  }
  const bytes = Buffer.from(gathered);
  onBytes(bytes);
  yield bytes;
}

/** A text that is made when it is asked for. */
function* late(text: () => string): Generator<string> {
  yield text();
}

/** Writes a plan and runs nothing: to a file where `out` ends in .json, to stdout without it, else into a folder. */
export async function writePlan(
  plan: SweepPlan,
  out: string | undefined,
  inputs: readonly string[],
  terminal: Terminal,
): Promise<readonly string[]> {
  if (out === undefined) {
    terminal.out(planText(plan));
    return [];
  }
  if (out.endsWith('.json')) {
    await writeFiles([{ path: out, text: planText(plan) }], inputs);
    return [out];
  }
  await openFolder(out, plan, false);
  return [join(out, 'plan.json')];
}
