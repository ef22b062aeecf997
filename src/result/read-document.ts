import { z } from 'zod';
import { inputError } from '../errors.js';
import { inputIssue } from '../input-issue.js';
import { parseJson } from '../input-text.js';
import type { CompareDocument } from './compare-document.js';
import type { ConformDocument } from './conform-document.js';
import type { ExplainDocument } from './explain-document.js';
import type { MeasureDocument } from './measure-document.js';
import type { ReplayDocument } from './replay-document.js';
import type { RunDocument } from './run-document.js';
import { compareSchema } from './schemas/compare-schema.js';
import { measureSchema } from './schemas/measure-schema.js';
import { replaySchema } from './schemas/replay-schema.js';
import { runSchema } from './schemas/run-schema.js';
import { sweepSchema } from './schemas/sweep-schema.js';
import type { SensitivityDocument } from './sensitivity-document.js';
import type { SolveDocument } from './solve-document.js';
import type { SweepDocument } from './sweep-document.js';

/** Several revisions of one arm, as `explain --revisions` prints them. */
export interface ExplainRevisionsDocument {
  readonly schema: 'tcebench.explain-revisions/1';
  readonly arms: readonly ExplainDocument[];
}

/** A result with the kind of document that it is. */
export type ResultDocument =
  | { readonly kind: 'run'; readonly document: RunDocument }
  | { readonly kind: 'sweep'; readonly document: SweepDocument }
  | { readonly kind: 'sensitivity'; readonly document: SensitivityDocument }
  | { readonly kind: 'explain'; readonly document: ExplainDocument }
  | { readonly kind: 'explain-revisions'; readonly document: ExplainRevisionsDocument }
  | { readonly kind: 'solve'; readonly document: SolveDocument }
  | { readonly kind: 'compare'; readonly document: CompareDocument }
  | { readonly kind: 'replay'; readonly document: ReplayDocument }
  | { readonly kind: 'conform'; readonly document: ConformDocument }
  | { readonly kind: 'measure'; readonly document: MeasureDocument };

const lists = (...keys: string[]) =>
  z.object(Object.fromEntries(keys.map((key) => [key, z.array(z.unknown())])));

/** What a document of a kind must hold. */
const CHECKS: Readonly<Record<ResultDocument['kind'], z.ZodType>> = {
  run: runSchema,
  sweep: sweepSchema,
  sensitivity: lists('rows'),
  explain: lists('stages'),
  'explain-revisions': lists('arms'),
  solve: lists(),
  compare: compareSchema,
  replay: replaySchema,
  conform: lists('perFile', 'firstMismatches'),
  measure: measureSchema,
};

/**
 * A result document from its text; `file` names it in errors. Its own schema decides what it is.
 *
 * @throws TcebenchError where it is cut, no result, or one that this version cannot read
 */
export function readDocument(text: string, file: string): ResultDocument {
  const value = parse(text, file);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw inputError(`${file} holds no result`, 'it must be one JSON object, as --json prints it');
  }
  const fields = value as Readonly<Record<string, unknown>>;
  const kind = kindOf(fields, file);
  const schema = CHECKS[kind];
  const { error } = schema.safeParse(value);
  if (error !== undefined) {
    const { message } = inputIssue(error, { schema, input: value, whole: 'the result' });
    throw inputError(
      `${file}: ${message}`,
      `it is no whole result of ${kind}: make it again with this version`,
    );
  }
  return { kind, document: value } as ResultDocument;
}

function parse(text: string, place: string): unknown {
  if (text.trim() === '') throw inputError(`${place} is empty`, 'name the JSON document of a result');
  try {
    return parseJson(text);
  } catch (error) {
    throw inputError(
      `${place} is no whole JSON, perhaps it was cut: ${(error as Error).message}`,
      'name the .json file that a command wrote with --out or --json',
    );
  }
}

function kindOf(fields: Readonly<Record<string, unknown>>, place: string): ResultDocument['kind'] {
  const { schema } = fields;
  if (schema === undefined && 'perFile' in fields && 'firstMismatches' in fields) return 'conform';
  const match = typeof schema === 'string' ? /^tcebench\.([a-z-]+)\/([0-9]+)$/.exec(schema) : null;
  if (match === null) throw inputError(`${place} is no result of tcebench`, 'its "schema" must say so');
  const [, kind = '', version] = match;
  if (!Object.hasOwn(CHECKS, kind)) {
    throw inputError(
      `${place} is a document of ${kind}, which this command does not take`,
      `known: ${Object.keys(CHECKS).join(', ')}`,
    );
  }
  if (version !== '1') {
    throw inputError(
      `${place} has version ${version} of its schema, and this program knows version 1`,
      'use the version of tcebench that wrote it',
    );
  }
  return kind as ResultDocument['kind'];
}
