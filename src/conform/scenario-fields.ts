import { inputError, type TcebenchError } from '../errors.js';
import { knownHint } from '../nearest.js';
import { highHalf, joinWord, lowHalf } from '../papr/tce.js';

/** A 64-bit word in two signed halves. */
export interface Word {
  readonly hi: number;
  readonly lo: number;
}

/** A JSON object whose fields nobody has looked at. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** As the format has them: lower case, no leading zeros. */
const HEX_WORD = /^0x(0|[1-9a-f][0-9a-f]{0,15})$/;

/** Whether a value is a JSON object, neither null nor a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads the fields of one JSON object, each of them exactly once: a field of the wrong kind or one that nobody
 * asked for is an input error that names its place.
 */
export class ScenarioFields {
  readonly #object: JsonObject;
  readonly #place: string;
  readonly #known = new Set<string>();

  /** `place` begins every message: file and line. */
  constructor(object: JsonObject, place: string) {
    this.#object = object;
    this.#place = place;
  }

  has(key: string): boolean {
    this.#known.add(key);
    return this.#object[key] !== undefined;
  }

  /** The field as it stands. */
  raw(key: string): unknown {
    this.#known.add(key);
    return this.#object[key];
  }

  text(key: string): string {
    const value = this.raw(key);
    if (typeof value !== 'string') throw this.#wrong(key, 'a text');
    return value;
  }

  choice<T extends string>(key: string, known: readonly T[]): T {
    const value = this.text(key);
    const found = known.find((candidate) => candidate === value);
    if (found === undefined) throw this.error(`unknown ${key} ${value}`, knownHint(value, known));
    return found;
  }

  flag(key: string): boolean {
    const value = this.raw(key);
    if (typeof value !== 'boolean') throw this.#wrong(key, 'true or false');
    return value;
  }

  /** A plain whole number within bounds. */
  integer(key: string, least: number, most: number): number {
    const value = this.raw(key);
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
      throw this.#wrong(key, `a whole number from ${least} to ${most}`);
    }
    return value;
  }

  /** A 64-bit word, written in hexadecimal. */
  word(key: string): Word {
    return this.#asWord(this.raw(key), key);
  }

  words(key: string): readonly Word[] {
    const value = this.raw(key);
    if (!Array.isArray(value)) throw this.#wrong(key, 'a list of hexadecimal words');
    return value.map((item) => this.#asWord(item, key));
  }

  /** A 64-bit quantity that a number holds exactly. */
  quantity(key: string): number {
    const { hi, lo } = this.word(key);
    const value = joinWord(hi, lo);
    if (highHalf(value) !== hi || lowHalf(value) !== lo) {
      throw this.#wrong(key, 'below 2^53, or a multiple of a page');
    }
    return value;
  }

  /** The fields of an object inside this one. */
  object(key: string): ScenarioFields {
    const value = this.raw(key);
    if (!isJsonObject(value)) throw this.#wrong(key, 'an object');
    return new ScenarioFields(value, `${this.#place}: ${key}`);
  }

  /** The fields of each object of a list, null where the list has null. */
  objects(key: string, most: number): readonly (ScenarioFields | null)[] {
    const value = this.raw(key);
    if (!Array.isArray(value) || value.length > most) throw this.#wrong(key, `a list of at most ${most}`);
    return value.map((item) => {
      if (item === null) return null;
      if (!isJsonObject(item)) throw this.#wrong(key, 'a list of objects and nulls');
      return new ScenarioFields(item, `${this.#place}: ${key}`);
    });
  }

  /** Must be called when every field has been asked for. */
  end(): void {
    for (const key of Object.keys(this.#object)) {
      if (!this.#known.has(key)) {
        throw this.error(`unknown field ${key}`, knownHint(key, [...this.#known]));
      }
    }
  }

  /** An input error at this place. */
  error(message: string, hint = ''): TcebenchError {
    return inputError(`${this.#place}: ${message}`, hint);
  }

  #asWord(value: unknown, key: string): Word {
    if (typeof value !== 'string' || !HEX_WORD.test(value)) {
      throw this.#wrong(key, 'a hexadecimal word such as "0x1000", lower case, without leading zeros');
    }
    const digits = value.slice(2);
    return {
      hi: Number.parseInt(digits.slice(0, -8) || '0', 16) | 0,
      lo: Number.parseInt(digits.slice(-8), 16) | 0,
    };
  }

  #wrong(key: string, expected: string): TcebenchError {
    return this.error(`${key} must be ${expected}, not ${JSON.stringify(this.#object[key]) ?? 'absent'}`);
  }
}
