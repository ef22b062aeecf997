import type { z } from 'zod';
import { inputError } from './errors.js';
import { nearestAndKnown } from './nearest.js';
import { defOf, keysAt, schemaAt } from './schema-keys.js';

/** What is wrong with an input. */
export interface InputIssue {
  /** Begins with the key, or with `whole` where it is all of the input. */
  readonly message: string;
  /** How to mend it; empty where the message says it already. */
  readonly hint: string;
}

/** Where an input stands, for the error. */
export interface InputPlace {
  /** Begins the message: a file, a flag. */
  readonly place: string;
  /** What messages call the input where no key of it is wrong but all of it, as in `the scenario`. */
  readonly whole: string;
  /** What to say where the message does not tell how to mend it. */
  readonly hint?: string;
}

/**
 * What a schema makes of an input.
 *
 * @throws TcebenchError with the first thing that is wrong, its key and how to mend it
 */
export function checkedInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  { place, whole, hint = '' }: InputPlace,
): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = inputIssue(parsed.error, { schema, input, whole });
  throw inputError(`${place}: ${issue.message}`, issue.hint === '' ? hint : issue.hint);
}

/** What was parsed. */
export interface RefusedInput {
  readonly schema: z.ZodType;
  readonly input: unknown;
  /** What messages call the input where no key of it is wrong but all of it, as in `the scenario`. */
  readonly whole: string;
}

/** The first thing that a schema finds wrong, in plain words. An unknown key goes first: it is why another is missing. */
export function inputIssue({ issues }: z.ZodError, { schema, input, whole }: RefusedInput): InputIssue {
  const issue =
    issues.find(({ code }) => code === 'unrecognized_keys' || code === 'invalid_key') ?? issues[0];
  if (issue === undefined) return { message: `${whole} is not valid`, hint: '' };
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') return unknownKey(schema, [...path, issue.keys[0] ?? '']);
  if (issue.code === 'invalid_key') return unknownKey(schema, path);
  const place = path.length === 0 ? whole : path.join('.');
  const given = valueAt(input, path);
  const values = valuesOf(issue);
  const wanted = wantedBy(schemaAt(schema, path), values);
  if (given === undefined) return { message: `${place} is missing`, hint: `it is ${wanted}` };
  if (values !== null) {
    const message = `${place} has an unknown value ${shown(given)}`;
    return { message, hint: nearestAndKnown(typeof given === 'string' ? given : '', values) };
  }
  return { message: `${place} ${complaint(issue, wanted, given)}`, hint: '' };
}

function unknownKey(schema: z.ZodType, path: readonly PropertyKey[]): InputIssue {
  const known = keysAt(schema, path.slice(0, -1)).filter(isForUsers);
  const hint = nearestAndKnown(String(path.at(-1)), known);
  return { message: `unknown key ${path.join('.')}`, hint };
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) value = (value as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[key];
  return value;
}

/** The values that may stand where another one does; null where they are not counted. */
function valuesOf(issue: z.core.$ZodIssue): readonly string[] | null {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  return issue.code === 'invalid_union' && 'options' in issue ? (issue.options ?? []).map(String) : null;
}

function complaint(issue: z.core.$ZodIssue, wanted: string, given: unknown): string {
  // Words of our own schemas.
  if (issue.message.startsWith('must ') || issue.code === 'custom') return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${issue.expected === 'int' ? 'a whole number' : wanted}, not ${shown(given)}`;
    case 'too_small':
      if (given === '') return 'is empty';
      if (Array.isArray(given))
        return `must have at least ${counted(Number(issue.minimum))}, not ${given.length}`;
      return issue.inclusive === false
        ? `must be above ${issue.minimum}, not ${shown(given)}`
        : `must be ${issue.minimum} or more, not ${shown(given)}`;
    case 'too_big':
      if (typeof given === 'string') return `is longer than ${issue.maximum} characters`;
      if (Array.isArray(given))
        return `must have at most ${counted(Number(issue.maximum))}, not ${given.length}`;
      return `must be ${issue.maximum} or less, not ${shown(given)}`;
    default:
      return `must be ${wanted}, not ${shown(given)}`;
  }
}

function counted(values: number): string {
  return values === 1 ? '1 value' : `${values} values`;
}

/** One key is for editors. */
function isForUsers(key: string): boolean {
  return key !== '$schema';
}

/** Keys of an object that a message tells. */
const MAX_KEYS = 6;

const LEAVES: Readonly<Record<string, readonly [one: string, more: string]>> = {
  number: ['a number', 'numbers'],
  string: ['text', 'texts'],
  boolean: ['true or false', 'true or false'],
  null: ['null', 'null'],
};

/** What a schema takes, as a user would say it; `values` where only they may stand. */
function wantedBy(schema: unknown, values: readonly string[] | null = null): string {
  if (values !== null) return values.length === 1 ? `${values[0]}` : `one of ${values.join(', ')}`;
  const { type = '', format, element, items = [], options = [], shape, keyType } = defOf(schema);
  switch (type) {
    case 'array':
      return `a list of ${LEAVES[defOf(element).type ?? '']?.[1] ?? 'values'}`;
    case 'tuple':
      return `a list of ${items.length} values`;
    case 'object':
    case 'record':
      return objectWith(shape === undefined ? (keyType?.options ?? []) : Object.keys(shape));
    case 'union':
      return [...new Set(options.map((option) => wantedBy(option)))].join(' or ');
    default:
      return format === 'safeint' ? 'a whole number' : (LEAVES[type]?.[0] ?? 'another value');
  }
}

function objectWith(all: readonly string[]): string {
  const keys = all.filter(isForUsers);
  if (keys.length === 0) return 'an object {...}';
  return `an object with ${keys.slice(0, MAX_KEYS).join(', ')}${keys.length > MAX_KEYS ? ', ...' : ''}`;
}

/** Characters of a value that a message tells. */
const MAX_SHOWN = 60;

function shown(given: unknown): string {
  if (Array.isArray(given)) return given.length === 0 ? 'an empty list' : 'a list';
  if (typeof given === 'object' && given !== null) return 'an object';
  const text = typeof given === 'string' ? JSON.stringify(given) : String(given);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text;
}
