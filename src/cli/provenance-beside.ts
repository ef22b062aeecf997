import { createHash } from 'node:crypto';
import { parseJson, readTextIfThere } from '../input-text.js';
import type { Provenance } from '../result/provenance.js';

/**
 * The provenance beside a document's file; it counts only where it has the hash of the document's text. `foreign`: there
 * is one, but it is of another document or is none.
 */
export function provenanceBeside(file: string, text: string): Provenance | 'absent' | 'foreign' {
  const beside = file.endsWith('.json') ? textBeside(besideName(file, '.provenance.json')) : null;
  if (beside === null) return 'absent';
  try {
    const found: unknown = parseJson(beside);
    const sha256 = createHash('sha256').update(text).digest('hex');
    return isProvenance(found) && found.documentSha256 === sha256 ? found : 'foreign';
  } catch {
    return 'foreign';
  }
}

function isProvenance(value: unknown): value is Provenance {
  if (typeof value !== 'object' || value === null) return false;
  const { schema, command, nodeFlags, loadAverage } = value as Partial<Provenance>;
  return schema === 'tcebench.provenance/1' && [command, nodeFlags, loadAverage].every(Array.isArray);
}

/** The text of what lies beside a document; null where nothing does that can be read. */
export function textBeside(file: string): string | null {
  try {
    return readTextIfThere(file);
  } catch {
    return null;
  }
}

/** The name of what a command leaves beside NAME.json. */
export function besideName(file: string, suffix: string): string {
  return `${file.replace(/\.json$/, '')}${suffix}`;
}
