import { z } from 'zod';
import { parseBitsPerSec, parseBytes, parseBytesPerSec, parseNs } from '../units.js';

/** A quantity as a number in base units or as text with a unit. */
function quantity(parse: (text: string, key: string) => number, what: string, max: number) {
  const words = `must be ${what}, as a number or as text with a unit`;
  return z.union([z.number(), z.string()], words).transform((value, context) => {
    const number = typeof value === 'number' ? value : parseOrIssue(value, parse, context);
    if (number >= 0 && number <= max) return number;
    context.addIssue({ code: 'custom', message: `must be ${what}, not ${value}` });
    return z.NEVER;
  });
}

function parseOrIssue(
  text: string,
  parse: (text: string, key: string) => number,
  context: { addIssue(issue: { code: 'custom'; message: string }): void },
): number {
  try {
    return parse(text, 'it');
  } catch (error) {
    context.addIssue({
      code: 'custom',
      message: error instanceof Error ? error.message.replace(/^it: /, '') : String(error),
    });
    return 0;
  }
}

/** A size, in bytes. */
export const bytes = quantity(parseBytes, 'a size from 0 to 2^62 bytes', 2 ** 62);
/** A duration, in nanoseconds. */
export const ns = quantity(parseNs, 'a duration from 0 to 1 s', 1e9);
/** A line rate, in bits a second. */
export const bitsPerSec = quantity(parseBitsPerSec, 'a line rate from 0 to 10 Tb/s', 1e13);
/** A rate, in bytes a second. */
export const bytesPerSec = quantity(parseBytesPerSec, 'a rate from 0 to 10 TB/s', 1e13);
