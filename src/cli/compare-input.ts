import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import type { ComparedInput, ResultDocument, Samples } from '../compare/compared-input.js';
import { readResult, readSamples } from '../compare/read-result.js';
import { areOfDocument } from '../compare/samples-of-document.js';
import { inputError } from '../errors.js';
import type { Provenance } from '../result/provenance.js';

/** Reads a result document, `-` from stdin, with the raw rows and the provenance that lie beside its file. */
export async function comparedInput(file: string): Promise<ComparedInput> {
  if (file === '-') {
    const document = readResult(await textOf(process.stdin), 'stdin');
    return { place: 'stdin', document, samples: null, provenance: null, warnings: [] };
  }
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw inputError(`${file} cannot be read (${error.code})`, 'name the JSON document of a result');
  });
  const document = readResult(text, file);
  const warnings: string[] = [];
  const samples = await samplesBeside(file, document, warnings);
  const provenance = await provenanceBeside(file, text, warnings);
  return { place: file, document, samples, provenance, warnings };
}

async function samplesBeside(
  file: string,
  document: ResultDocument,
  warnings: string[],
): Promise<Samples | null> {
  if (document.schema !== 'tcebench.run/1' && document.schema !== 'tcebench.measure/1') return null;
  const beside = besideName(file, '-raw.csv');
  const csv = await readFile(beside, 'utf8').catch(() => null);
  if (csv === null) return null;
  const samples = readSamples(csv, document.schema);
  if (samples !== null && areOfDocument(samples, document)) return samples;
  warnings.push(`${beside} is not used: the figures of ${file} do not come out of its rows`);
  return null;
}

async function provenanceBeside(file: string, text: string, warnings: string[]): Promise<Provenance | null> {
  const beside = besideName(file, '.provenance.json');
  const found = await readFile(beside, 'utf8').catch(() => null);
  if (found === null) return null;
  const sha256 = createHash('sha256').update(text).digest('hex');
  try {
    const provenance = JSON.parse(found) as Provenance;
    if (provenance.documentSha256 === sha256) return provenance;
    warnings.push(`${beside} is not used: it is of another document than ${file}`);
  } catch {
    warnings.push(`${beside} is not used: it is no JSON`);
  }
  return null;
}

function besideName(file: string, suffix: string): string {
  return `${file.replace(/\.json$/, '')}${suffix}`;
}
