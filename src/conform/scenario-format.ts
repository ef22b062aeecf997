import { inputError } from '../errors.js';
import { linesOf, parseJson } from '../input-text.js';
import { isJsonObject, type JsonObject, ScenarioFields } from './scenario-fields.js';
import type { ScenarioOperation } from './scenario-operation.js';
import { readOperation } from './scenario-reader.js';

/** Words of all lists that a scenario writes; they are kept in memory until it has run. */
const MAX_WORDS = 2 ** 22;

/** One line of a scenario. */
export interface ScenarioLine {
  /** Its number in the file, from 1. */
  readonly line: number;
  readonly operation: ScenarioOperation;
  /** What the real kernel gave; undefined where there is nothing to compare. */
  readonly expect: JsonObject | undefined;
}

/** A whole scenario. */
export interface Scenario {
  readonly lines: readonly ScenarioLine[];
  /** Whether the last record was cut and left out. */
  readonly truncated: boolean;
}

/**
 * Reads a scenario in JSON Lines; `file` names it in messages. A record cut at the end is left out, one cut anywhere
 * else is an input error.
 */
export function readScenario(text: string, file: string): Scenario {
  const lines: ScenarioLine[] = [];
  const content = text.replace(/^\uFEFF/, '');
  let words = 0;
  let number = 0;
  let at = 0;
  for (const record of linesOf(content)) {
    number++;
    at += record.length + 1;
    if (record.trim() === '') continue;
    const place = `${file}:${number}`;
    const json = parse(record);
    if (json instanceof SyntaxError) {
      if (at > content.length && record.startsWith('{')) return { lines, truncated: true };
      throw inputError(`${place}: no JSON: ${json.message}`, 'a scenario has one operation a line');
    }
    if (!isJsonObject(json)) {
      throw inputError(`${place}: not a JSON object`, 'a scenario has one operation a line');
    }
    const line = readLine(json, number, place);
    if (line.operation.op === 'writeGuest') words += line.operation.words.length;
    if (words > MAX_WORDS) {
      throw inputError(`${place}: more than ${MAX_WORDS} words are written so far`, 'split the scenario');
    }
    lines.push(line);
  }
  return { lines, truncated: false };
}

function parse(record: string): unknown {
  try {
    return parseJson(record);
  } catch (error) {
    return error;
  }
}

function readLine(json: JsonObject, line: number, place: string): ScenarioLine {
  const fields = new ScenarioFields(json, place);
  const operation = readOperation(fields);
  const expect = fields.has('expect') ? fields.raw('expect') : undefined;
  fields.end();
  if (expect !== undefined && !isJsonObject(expect)) throw fields.error('expect must be an object');
  return { line, operation, expect };
}
