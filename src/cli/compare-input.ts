import { createHash } from 'node:crypto';
import type { ComparedInput, ResultDocument, Samples } from '../compare/compared-input.js';
import { readResult, readSamples } from '../compare/read-result.js';
import { areOfDocument } from '../compare/samples-of-document.js';
import { inputError, TcebenchError } from '../errors.js';
import { checkNoSpecialFile, parseJson, readStream, readText } from '../input-text.js';
import type { Provenance } from '../result/provenance.js';

/** Reads a result document, `-` from stdin, with the raw rows and the provenance that lie beside its file. */
export async function comparedInput(file: string): Promise<ComparedInput> {
  if (file === '-') {
    const document = readResult((await readStream(process.stdin, 'stdin')).toString(), 'stdin');
    return { place: 'stdin', document, samples: null, provenance: null, warnings: [] };
  }
  const text = documentText(file);
  const document = readResult(text, file);
  const warnings: string[] = [];
  const samples = await samplesBeside(file, document, warnings);
  const provenance = await provenanceBeside(file, text, warnings);
  return { place: file, document, samples, provenance, warnings };
}

function documentText(file: string): string {
  try {
    return readText(file);
  } catch (error) {
    if (error instanceof TcebenchError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw inputError(`${file} cannot be read (${code})`, 'name the JSON document of a result');
  }
}

/** What lies beside a document, or null where nothing does that can be read. */
function textBeside(file: string): string | null {
  try {
    checkNoSpecialFile(file);
    return readText(file);
  } catch {
    return null;
  }
}

async function samplesBeside(
  file: string,
  document: ResultDocument,
  warnings: string[],
): Promise<Samples | null> {
  if (document.schema !== 'tcebench.run/1' && document.schema !== 'tcebench.measure/1') return null;
  const beside = besideName(file, '-raw.csv');
  const csv = textBeside(beside);
  if (csv === null) return null;
  const samples = readSamples(csv, document.schema);
  if (samples !== null && areOfDocument(samples, document)) return samples;
  warnings.push(`${beside} is not used: the figures of ${file} do not come out of its rows`);
  return null;
}

async function provenanceBeside(file: string, text: string, warnings: string[]): Promise<Provenance | null> {
  const beside = besideName(file, '.provenance.json');
  const found = textBeside(beside);
  if (found === null) return null;
  const sha256 = createHash('sha256').update(text).digest('hex');
  try {
    const provenance = parseJson(found) as Provenance;
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
