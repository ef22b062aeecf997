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
export function provenanceText(document: object): string {
  return documentText(provenanceOf(documentText(document), hostFacts()));
}

/** Writes outputs that were asked for by name; those for stdout are printed. */
export async function writeOutputs(
  terminal: Terminal,
  outputs: readonly NamedOutput[],
  folder: readonly OutputFile[],
): Promise<readonly string[]> {
  const files: OutputFile[] = [...folder];
  for (const { file, text } of outputs) {
    if (file === undefined) continue;
    if (file === '-') terminal.out(await text());
    else files.push({ path: file, text: await text() });
  }
  await writeFiles(files);
  return files.map(({ path }) => path);
}
