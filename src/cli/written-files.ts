import { join } from 'node:path';
import { inputError } from '../errors.js';
import { documentText, provenanceOf } from '../result/provenance.js';
import { hostFacts } from './host-facts.js';
import { type OutputFile, writeFiles } from './output-files.js';
import type { Terminal } from './terminal.js';

/** A text that goes to a file, or to stdout where the file is `-`. */
export interface NamedOutput {
  readonly file: string | undefined;
  readonly text: () => string | Promise<string>;
}

/** The provenance of a document, as the text of its file. */
function provenanceText(document: object): string {
  return documentText(provenanceOf(documentText(document), hostFacts()));
}

/** Where {@link folderFiles} would write texts of these suffixes; none without a folder. */
export function folderPaths(
  folder: string | undefined,
  name: string,
  suffixes: readonly string[] = [],
): readonly string[] {
  if (folder === undefined) return [];
  return ['.json', ...suffixes, '.provenance.json'].map((suffix) => join(folder, `${name}${suffix}`));
}

/**
 * The files that a result leaves in a folder: for each suffix its text, and the provenance of the document. None
 * without a folder; then no text is made either.
 */
export async function folderFiles(
  folder: string | undefined,
  name: string,
  document: object,
  texts: Readonly<Record<string, () => string | Promise<string>>> = {},
): Promise<readonly OutputFile[]> {
  if (folder === undefined) return [];
  const all = {
    '.json': () => documentText(document),
    ...texts,
    '.provenance.json': () => provenanceText(document),
  };
  const files: OutputFile[] = [];
  for (const [suffix, text] of Object.entries(all)) {
    files.push({ path: join(folder, `${name}${suffix}`), text: await text() });
  }
  return files;
}

/** Refuses more than one result on stdout: nobody could tell them apart. Call it before anything runs. */
export function checkOneStdout(files: readonly (string | undefined)[], json: boolean | undefined): void {
  const claimants = files.filter((file) => file === '-').length + (json === true ? 1 : 0);
  if (claimants > 1) throw inputError('two results want stdout', 'give all but one a file');
}

/**
 * Writes outputs that were asked for by name, none of them over one of the `inputs`, then prints the one for stdout;
 * returns the files written.
 */
export async function writeOutputs(
  terminal: Terminal,
  outputs: readonly NamedOutput[],
  folder: readonly OutputFile[],
  inputs: readonly string[],
): Promise<readonly string[]> {
  const files: OutputFile[] = [...folder];
  let printed = '';
  for (const { file, text } of outputs) {
    if (file === '-') printed = await text();
    else if (file !== undefined) files.push({ path: file, text: await text() });
  }
  await writeFiles(files, inputs);
  if (printed !== '') terminal.out(printed);
  return files.map(({ path }) => path);
}
