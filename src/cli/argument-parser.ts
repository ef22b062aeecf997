import { createRequire } from 'node:module';

const commander = createRequire(import.meta.url)('commander') as typeof import('commander');

/** The parser, loaded as the CommonJS that it is: its wrapper for modules costs every start a twentieth. */
export const { Command, CommanderError, Option } = commander;
const { InvalidArgumentError } = commander;

/** Repeatable flags, in their order. */
export function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

/** At least one thread, and no more than anybody has processors for. */
export function threadCount(text: string): number {
  const count = wholeNumber(text);
  if (count >= 1 && count <= 256) return count;
  throw new InvalidArgumentError('It must be 1 to 256.');
}

/** `1/4` is the first of four parts. */
export function shardOf(text: string): { part: number; of: number } {
  const match = /^(\d{1,7})\/(\d{1,7})$/.exec(text);
  const [part, of] = [Number(match?.[1]), Number(match?.[2])];
  if (match !== null && part >= 1 && part <= of) return { part, of };
  throw new InvalidArgumentError('It must be i/n with i from 1 to n.');
}

/** A whole number from 0 on. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^[0-9]+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('It must be a whole number from 0 on.');
  return value;
}
