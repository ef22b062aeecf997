import { createHash } from 'node:crypto';

/** Facts of the machine and the moment; never part of a result document. */
export interface HostFacts {
  readonly command: readonly string[];
  readonly startedAt: string;
  readonly node: string;
  /** Flags of Node itself, those of its environment included. */
  readonly nodeFlags: readonly string[];
  readonly os: string;
  readonly cpu: string;
  readonly cores: number;
  readonly loadAverage: readonly number[];
  /** Commit of the checkout the program runs from, null where it is none. */
  readonly commit: string | null;
  readonly dirty: boolean | null;
}

/** The file beside a result document that says where and when it was made, linked by the document's hash. */
export interface Provenance extends HostFacts {
  readonly schema: 'tcebench.provenance/1';
  readonly documentSha256: string;
}

/** Links facts of the host to the exact bytes of a document. */
export function provenanceOf(documentText: string, facts: HostFacts): Provenance {
  return provenanceOfHash(createHash('sha256').update(documentText).digest('hex'), facts);
}

/** The same of a document that was hashed as it was written. */
export function provenanceOfHash(documentSha256: string, facts: HostFacts): Provenance {
  return { schema: 'tcebench.provenance/1', documentSha256, ...facts };
}

/** A document as it is written: indented JSON with a final newline, keys in the order of the type. */
export function documentText(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
