import { inputError } from '../../errors.js';
import { checkedInput } from '../../input-issue.js';
import type { SettingValue, SweepAxis } from '../../result/sweep-document.js';
import { scenarioSchema } from '../../scenario/scenario.js';
import { jsonOrText, setKey, valueAt } from '../../scenario/scenario-key.js';
import { commaSeparated } from './comma-separated.js';
import { type RangeEnds, rangeIn, rangePoints } from './range.js';

/** How `--vary` is written, for errors. */
const EXAMPLE = 'write it as --vary nic.mtu=1500,9000 or --vary guest.vcpus=1..8';

/**
 * The axis that one `--vary KEY=VALUES` asks for, its values in base units. Values are parted by commas outside of
 * brackets and quotes; each is JSON, text, `1..8` (whole numbers), or `1us..40us:log12` and `0..1:lin5` (so many points,
 * both ends exact). A key or value that no scenario may have is an input error.
 */
export function parseVary(text: string): SweepAxis {
  const place = `--vary ${text}`;
  const equals = text.indexOf('=');
  if (equals === 0) throw inputError(`${place} has no key`, EXAMPLE);
  if (equals < 0) throw inputError(`${place} has no values`, EXAMPLE);
  const key = text.slice(0, equals);
  const values = commaSeparated(text.slice(equals + 1), place).flatMap((part): readonly SettingValue[] => {
    if (part === '') throw inputError(`${place} has an empty value`, EXAMPLE);
    const range = rangeIn(part, place);
    return range === null ? [inBaseUnits(key, jsonOrText(part), place)] : spread(key, range, place);
  });
  return { key, values };
}

/** A value as scenarios keep it: quantities in base units, objects and lists as they are given. */
function inBaseUnits(key: string, given: unknown, place: string): SettingValue {
  const input = {};
  setKey(input, key, given, place);
  const checked = checkedInput(scenarioSchema, input, { place, whole: 'the scenario' });
  const value = typeof given === 'object' ? given : valueAt(checked, key);
  return value as SettingValue;
}

function spread(key: string, range: RangeEnds, place: string): readonly number[] {
  const low = inBaseUnits(key, jsonOrText(range.from), place);
  const high = inBaseUnits(key, jsonOrText(range.to), place);
  if (typeof low !== 'number' || typeof high !== 'number') {
    throw inputError(`${place}: ${key} is no number, so it has no range`, 'give a list of values');
  }
  return rangePoints(range, low, high, takesWholeOnly(key, low, high, place), place);
}

/** Whether what lies between is to be rounded: counts, which refuse a fraction, and sizes in bytes. */
function takesWholeOnly(key: string, low: number, high: number, place: string): boolean {
  if (!Number.isInteger(low) || !Number.isInteger(high)) return false;
  return !accepts(key, Math.min(low, high) + 0.5, place) || accepts(key, '1KiB', place);
}

function accepts(key: string, value: unknown, place: string): boolean {
  const input = {};
  setKey(input, key, value, place);
  return scenarioSchema.safeParse(input).success;
}
