import { inputError } from '../errors.js';
import { isJsonObject, type JsonObject, ScenarioFields } from './scenario-fields.js';
import type { ScenarioOperation } from './scenario-operation.js';
import { readOperation } from './scenario-reader.js';

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
  const records = text.split('\n');
  const lines: ScenarioLine[] = [];
  for (const [index, record] of records.entries()) {
    if (record.trim() === '') continue;
    const place = `${file}:${index + 1}`;
    const json = parse(record);
    if (json instanceof SyntaxError) {
      if (index === records.length - 1 && record.startsWith('{')) return { lines, truncated: true };
      throw inputError(`${place}: no JSON: ${json.message}`, 'a scenario has one operation a line');
    }
    if (!isJsonObject(json)) {
      throw inputError(`${place}: not a JSON object`, 'a scenario has one operation a line');
    }
    lines.push(readLine(json, index + 1, place));
  }
  return { lines, truncated: false };
}

function parse(record: string): unknown {
  try {
    return JSON.parse(record);
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
