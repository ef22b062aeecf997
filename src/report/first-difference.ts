import { isDeepStrictEqual } from 'node:util';

/** Where two JSON values part first, and what stands there in each, as JSON. */
export interface Difference {
  /** Such as `tables[0].hw[2][1]`; empty where the values themselves differ. */
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
}

const MAX_LENGTH = 200;

/** The first difference of two JSON values that are not equal. */
export function firstDifference(expected: unknown, actual: unknown, path = ''): Difference {
  if (isObject(expected) && isObject(actual) && Array.isArray(expected) === Array.isArray(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const [before, after] = [expected[key], actual[key]];
      if (isDeepStrictEqual(before, after)) continue;
      const step = Array.isArray(expected) ? `[${key}]` : `${path === '' ? '' : '.'}${key}`;
      return firstDifference(before, after, path + step);
    }
  }
  return { path, expected: jsonText(expected), actual: jsonText(actual) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function jsonText(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH)} ...`;
}
