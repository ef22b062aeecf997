import type { Provenance } from '../../result/provenance.js';
import type { ResultDocument } from '../../result/read-document.js';
import { type Html, html, NOTHING } from '../html.js';

/**
 * What is known of where a document was made. `absent`: no file beside it. `foreign`: the file beside it is of another
 * document. `leftOut`: the reader wanted the same bytes on every machine.
 */
export type ProvenanceFound = Provenance | 'absent' | 'foreign' | 'leftOut';

/** A result document as it came, with its file. */
export interface ReportInput {
  /** The file as the user named it. */
  readonly file: string;
  readonly result: ResultDocument;
  readonly provenance: ProvenanceFound;
}

/** What one document gives to a page. */
export interface Part {
  readonly title: string;
  readonly clock: 'modelled' | 'measured' | 'none';
  /** Its answers, a sentence each. */
  readonly answers: readonly string[];
  readonly body: readonly Html[];
  readonly warnings: readonly string[];
}

/** The last part of a path, without its suffix: the names of saved files begin with it. */
export function stemOf(file: string): string {
  const name = file.replace(/^.*[\\/]/, '').replace(/\.json$/, '');
  return name === '-' || name === '' ? 'stdin' : name;
}

/** A list of sentences under a heading; nothing where there is none. */
export function sentences(title: string, all: readonly string[], kind = 'notes'): Html {
  if (all.length === 0) return NOTHING;
  return html`<h3>${title}</h3>
<ul class="${kind}">
${all.map((text) => html`<li>${text}</li>`)}
</ul>`;
}
