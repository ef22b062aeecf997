import type { z } from 'zod';
import { inputError, type TcebenchError } from '../errors.js';
import { knownHint } from '../nearest.js';

/** The first issue with a schema as one sentence with its key and the nearest known word. */
export function asInputError(
  error: z.ZodError,
  schema: z.ZodType,
  place: string,
  input?: unknown,
): TcebenchError {
  const issue = error.issues[0];
  const path = issue?.path.join('.') ?? '';
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const full = path === '' ? key : `${path}.${key}`;
    return inputError(`${place}: unknown key ${full}`, knownHint(key, keysAt(schema, issue.path)));
  }
  if (issue?.code === 'invalid_key')
    return inputError(`${place}: unknown key ${path}`, keysHint(schema, issue.path));
  if (issue?.code === 'invalid_value') {
    const given = valueAt(input, issue.path);
    const known = issue.values.map(String);
    if (typeof given !== 'string') {
      return inputError(`${place}: ${path} has an unknown value`, `known: ${known.join(', ')}`);
    }
    const all = `known: ${known.join(', ')}`;
    const hint = knownHint(given, known);
    return inputError(
      `${place}: ${path} has an unknown value "${given}"`,
      hint === all ? all : `${hint} ${all}`,
    );
  }
  return inputError(`${place}: ${path === '' ? 'the document' : path} ${complaint(issue)}`);
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) value = (value as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[key];
  return value;
}

/** What is wrong with a value, in our own words. */
function complaint(issue: z.core.$ZodIssue | undefined): string {
  switch (issue?.code) {
    case 'invalid_type':
      return `must be ${issue.expected === 'int' ? 'a whole number' : `of type ${issue.expected}`}`;
    case 'invalid_union':
      return issue.message === 'Invalid input' ? 'must be a number, or text with a unit' : issue.message;
    case 'too_small':
      return `must be ${issue.minimum} or more`;
    case 'too_big':
      return `must be ${issue.maximum} or less`;
    default:
      return issue?.message ?? 'is not valid';
  }
}

function keysHint(schema: z.ZodType, path: readonly PropertyKey[]): string {
  return knownHint(String(path.at(-1) ?? ''), keysAt(schema, path.slice(0, -1)));
}

/** The schema of a place of a document; undefined where nothing of the kind can stand. */
export function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): unknown {
  let inner: unknown = schema;
  for (const key of path) inner = unwrapped(inner)?.shape?.[String(key)];
  return inner;
}

/** The keys that a document may have at a place. */
export function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const at = unwrapped(schemaAt(schema, path));
  return at?.shape === undefined ? (at?.keys ?? []) : Object.keys(at.shape);
}

interface SchemaNode {
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly keys?: readonly string[];
}

function unwrapped(schema: unknown): SchemaNode | undefined {
  let def = (schema as { def?: { innerType?: unknown } } | undefined)?.def;
  while (def?.innerType !== undefined) {
    def = (def.innerType as { def?: { innerType?: unknown } }).def;
  }
  const node = def as
    | { shape?: Record<string, unknown>; keyType?: { options?: readonly string[] } }
    | undefined;
  if (node?.shape !== undefined) return { shape: node.shape };
  return node?.keyType?.options === undefined ? undefined : { keys: node.keyType.options };
}
