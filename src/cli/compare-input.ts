import type { ComparedDocument, ComparedInput, Samples } from '../compare/compared-input.js';
import { readCompared } from '../compare/read-compared.js';
import { readSamples } from '../compare/read-samples.js';
import { areOfDocument } from '../compare/samples-of-document.js';
import { readStream, readText, utf8Text } from '../input-text.js';
import { besideName, provenanceBeside, textBeside } from './provenance-beside.js';

/** Reads a result document, `-` from stdin, with the raw rows and the provenance that lie beside its file. */
export async function comparedInput(file: string): Promise<ComparedInput> {
  if (file === '-') {
    const document = readCompared(utf8Text(await readStream(process.stdin, 'stdin'), 'stdin'), 'stdin');
    return { place: 'stdin', document, samples: null, provenance: null, warnings: [] };
  }
  const text = readText(file, { hint: 'name the JSON document of a result' });
  const document = readCompared(text, file);
  const warnings: string[] = [];
  const samples = await samplesBeside(file, document, warnings);
  const found = provenanceBeside(file, text);
  if (found === 'foreign')
    warnings.push(`the provenance beside ${file} is not used: it is of another document`);
  const provenance = typeof found === 'string' ? null : found;
  return { place: file, document, samples, provenance, warnings };
}

/** The files that {@link comparedInput} reads for these documents, where they are there. */
export function comparedFiles(files: readonly string[]): readonly string[] {
  return files.flatMap((file) =>
    file === '-' ? [file] : [file, besideName(file, '-raw.csv'), besideName(file, '.provenance.json')],
  );
}

async function samplesBeside(
  file: string,
  document: ComparedDocument,
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
