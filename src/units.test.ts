import { describe, expect, it } from 'vitest';
import { TcebenchError } from './errors.js';
import {
  formatMegabytesPerSec,
  formatNs,
  parseBitsPerSec,
  parseBytes,
  parseBytesPerSec,
  parseNs,
  significant,
} from './units.js';

const SIZE = { parse: parseBytes, example: 'a size like 64k, 1GiB or 0x40000000' };
const TIME = { parse: parseNs, example: 'a duration like 300ns or 3us' };
const LINE_RATE = { parse: parseBitsPerSec, example: 'a line rate like 10Gb/s' };
const RATE = { parse: parseBytesPerSec, example: 'a rate like 220MB/s or 1Gbit/s' };

describe('a quantity', () => {
  // A letter alone and the binary units are powers of 1024, kB and its like are powers of 1000: IEC 80000-13.
  it.each(['k', 'M', 'G', 'T'].map((letter, i) => [letter, i + 1] as const))(
    'in %s is of the power %i',
    (letter, power) => {
      expect(parseBytes(`3${letter}`, 'key')).toBe(3 * 1024 ** power);
      expect(parseBytes(`3${letter}iB`, 'key')).toBe(3 * 1024 ** power);
      expect(parseBytes(`3${letter}B`, 'key')).toBe(3 * 1000 ** power);
    },
  );

  it.each([
    ['0', 0, SIZE],
    ['4096', 4096, SIZE],
    ['7B', 7, SIZE],
    ['64K', 65536, SIZE],
    ['2mib', 2 ** 21, SIZE],
    ['0x40000000', 2 ** 30, SIZE],
    ['0XfF', 255, SIZE],
    ['0.5k', 512, SIZE],
    ['.5k', 512, SIZE],
    ['1e3', 1000, SIZE],
    ['1e12', 1e12, SIZE],
    ['1.5e+3kB', 1.5e6, SIZE],
    ['25e-1 MB', 2.5e6, SIZE],
    ['  12 k  ', 12288, SIZE],
    ['300', 300, TIME],
    ['300ns', 300, TIME],
    ['3us', 3000, TIME],
    ['3 MS', 3e6, TIME],
    ['0.25s', 2.5e8, TIME],
    ['10Gb/s', 1e10, LINE_RATE],
    ['1 Tb/s', 1e12, LINE_RATE],
    ['100Mb/s', 1e8, LINE_RATE],
    ['5kb/s', 5000, LINE_RATE],
    ['5b/s', 5, LINE_RATE],
    ['5', 5, LINE_RATE],
    ['10Gbit/s', 1e10, LINE_RATE],
    ['100Mbit/s', 1e8, LINE_RATE],
    ['220MB/s', 2.2e8, RATE],
    ['1Gbit/s', 1.25e8, RATE],
    ['1000 Mbit/s', 1.25e8, RATE],
    ['8bit/s', 1, RATE],
    ['1.5GB/s', 1.5e9, RATE],
    ['5kB/s', 5000, RATE],
    ['5B/s', 5, RATE],
    ['2MiB/s', 2 ** 21, RATE],
    ['2GiB/s', 2 ** 31, RATE],
    [`0.${'0'.repeat(60)}1s`, 1e-52, TIME],
  ] as const)('%s is %d', (text, value, { parse }) => {
    expect(Math.abs(parse(text, 'key') - value)).toBeLessThanOrEqual(1e-12 * value);
  });

  const none = [
    '',
    ' ',
    'k',
    '.',
    '5.',
    '-5',
    '+5',
    '1e',
    'e5',
    '1e5.5',
    '1,5',
    '1 2',
    '1_0',
    'NaN',
    'Infinity',
  ];
  const words = ['5 apples', '5constructor', '5toString', 'x5', '5k5', '5 k k', '0x', '0xg', 'a0x1', '0x1k'];
  it.each([
    ...[...none, ...words].flatMap((text) =>
      [SIZE, TIME, LINE_RATE, RATE].map((kind) => [text, kind] as const),
    ),
    ...['5ns', '5b/s', '5kB/s', '5kk'].map((text) => [text, SIZE] as const),
    ...['5k', '5MB', '5min', '5/s'].map((text) => [text, TIME] as const),
    // Bits and bytes, mega and milli differ by case.
    ...['10GB/s', '10gb/s', '10GB/S', '10KB/S', '10G', '10Gb'].map((text) => [text, LINE_RATE] as const),
    ...['220Mb/s', '220mB/s', '220MB/S', '220MB', '220M', '1TB/s'].map((text) => [text, RATE] as const),
    ...[`${'0'.repeat(64)}1`, '1e999', '9e307s'].map((text) => [text, TIME] as const),
  ])('%s is none, which is said with its key and an example', (text, { parse, example }) => {
    expect(() => parse(text, 'the.key')).toThrow(
      new TcebenchError('input', `the.key: "${text}" is not ${example}`),
    );
  });
});

describe('a quantity for people', () => {
  it.each([
    [0, '0'],
    [1, '1.00'],
    [9.87, '9.87'],
    [-9.87, '-9.87'],
    [12.34, '12.3'],
    [99.4, '99.4'],
    [100, '100'],
    [-123.4, '-123'],
    [123456.7, '123457'],
    [1e20, '100000000000000000000'],
    [0.5, '0.500'],
    [0.0123, '0.0123'],
    [0.00123, '0.00123'],
    [0.00001234, '0.000012'],
  ])('%d has three digits that count, six behind the point at most: %s', (value, text) => {
    expect(significant(value)).toBe(text);
  });

  it.each([
    [0, '0 ns'],
    [999, '999 ns'],
    [1000, '1.00 us'],
    [12_340, '12.3 us'],
    [999_000, '999 us'],
    [1e6, '1.00 ms'],
    [999e6, '999 ms'],
    [1e9, '1.00 s'],
    [75e9, '75.0 s'],
  ])('%d ns is shown in the unit that suits it: %s', (ns, text) => {
    expect(formatNs(ns)).toBe(text);
  });

  it('is a rate in millions of bytes', () => {
    expect(formatMegabytesPerSec(220e6)).toBe('220 MB/s');
    expect(formatMegabytesPerSec(1_530_000)).toBe('1.53 MB/s');
  });
});
