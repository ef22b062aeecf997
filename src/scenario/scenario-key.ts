import { inputError } from '../errors.js';
import { parseJson } from '../input-text.js';

/** Puts one value into a scenario, by its key as `--set` has it; `setting` is what the user wrote, for the error. */
export function setKey(
  target: Record<string, unknown>,
  key: string,
  value: unknown,
  setting = `--set ${key}`,
): void {
  setAt(target, key.split('.'), value, setting);
}

function setAt(
  target: Record<string, unknown>,
  path: readonly string[],
  value: unknown,
  setting: string,
): void {
  const [key = '', ...rest] = path;
  if (key === '' || key === '__proto__') {
    throw inputError(`${setting} names no key`, 'write it as --set nic.mtu=9000');
  }
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const inner = target[key] ?? {};
  if (typeof inner !== 'object' || Array.isArray(inner)) {
    throw inputError(`${setting}: ${key} has no keys below it`, 'see docs/MODEL.md for the keys');
  }
  target[key] = inner;
  setAt(inner as Record<string, unknown>, rest, value, setting);
}

/** What a scenario has under a key, or undefined. */
export function valueAt(scenario: unknown, key: string): unknown {
  let inner: unknown = scenario;
  for (const name of key.split('.')) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, name)) return undefined;
    inner = (inner as Readonly<Record<string, unknown>>)[name];
  }
  return inner;
}

/** A value as a person types it: JSON, or else text. */
export function jsonOrText(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
