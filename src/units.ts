import { inputError } from './errors.js';

/** Modelled time is counted in these, so that sums of it are exact. */
export const PICOSECONDS_PER_NS = 1000;
export const PICOSECONDS_PER_SEC = 1e12;

/** MB is 10^6 bytes everywhere; MiB and the like are powers of two. */
export const MB = 1e6;

const BYTES: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  kb: 1e3,
  kib: 1024,
  m: 1024 ** 2,
  mb: 1e6,
  mib: 1024 ** 2,
  g: 1024 ** 3,
  gb: 1e9,
  gib: 1024 ** 3,
  t: 1024 ** 4,
  tb: 1e12,
  tib: 1024 ** 4,
};
const NANOSECONDS: Readonly<Record<string, number>> = { '': 1, ns: 1, us: 1e3, ms: 1e6, s: 1e9 };
/** Bits and bytes differ by one letter's case, so units of a rate are taken as they are written. */
const BITS_PER_SEC: Readonly<Record<string, number>> = {
  '': 1,
  'b/s': 1,
  'kb/s': 1e3,
  'Mb/s': 1e6,
  'Gb/s': 1e9,
  'Tb/s': 1e12,
  'bit/s': 1,
  'kbit/s': 1e3,
  'Mbit/s': 1e6,
  'Gbit/s': 1e9,
  'Tbit/s': 1e12,
};
const BYTES_PER_SEC: Readonly<Record<string, number>> = {
  '': 1,
  'B/s': 1,
  'kB/s': 1e3,
  'MB/s': 1e6,
  'GB/s': 1e9,
  'MiB/s': 1024 ** 2,
  'GiB/s': 1024 ** 3,
  'bit/s': 1 / 8,
  'kbit/s': 1e3 / 8,
  'Mbit/s': 1e6 / 8,
  'Gbit/s': 1e9 / 8,
  'Tbit/s': 1e12 / 8,
};

/** A size: `64k`, `1GiB`, `2MB`, hexadecimal, or a plain number of bytes. `key` names the place in errors. */
export function parseBytes(text: string, key: string): number {
  return parse(text, key, BYTES, 'a size like 64k, 1GiB or 0x40000000');
}

/** A duration in nanoseconds: `300ns`, `3us`, or a plain number. */
export function parseNs(text: string, key: string): number {
  return parse(text, key, NANOSECONDS, 'a duration like 300ns or 3us');
}

/** A line rate in bits per second: `10Gb/s` or `10Gbit/s`. */
export function parseBitsPerSec(text: string, key: string): number {
  return parse(text, key, BITS_PER_SEC, 'a line rate like 10Gb/s');
}

/** A rate in bytes per second: `220MB/s`, or `1Gbit/s`. Bits are spelled out here: `Gb/s` may be a slip for `GB/s`. */
export function parseBytesPerSec(text: string, key: string): number {
  return parse(text, key, BYTES_PER_SEC, 'a rate like 220MB/s or 1Gbit/s');
}

/** A rate for people: `220 MB/s`. */
export function formatMegabytesPerSec(bytesPerSec: number): string {
  return `${significant(bytesPerSec / MB)} MB/s`;
}

/** A duration for people, in the unit that suits it. */
export function formatNs(ns: number): string {
  if (ns < 1e3) return `${significant(ns)} ns`;
  if (ns < 1e6) return `${significant(ns / 1e3)} us`;
  if (ns < 1e9) return `${significant(ns / 1e6)} ms`;
  return `${significant(ns / 1e9)} s`;
}

/** Three significant digits, never in exponent form below 10^21. */
export function significant(value: number): string {
  if (value === 0) return '0';
  return value.toFixed(Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))));
}

/** No number that anybody writes is longer; looking for one in a longer text takes the square of its length. */
const MAX_LENGTH = 64;

function parse(text: string, key: string, units: Readonly<Record<string, number>>, example: string): number {
  if (text.length > MAX_LENGTH) throw inputError(`${key}: "${text}" is not ${example}`);
  if (/^0x[0-9a-f]+$/i.test(text)) return Number(text);
  const [, number, unit = ''] = /^([0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?)\s*([a-z/]*)$/i.exec(text.trim()) ?? [];
  const known = unit.includes('/') ? unit : unit.toLowerCase();
  const value = Object.hasOwn(units, known) ? Number(number) * (units[known] as number) : Number.NaN;
  if (!Number.isFinite(value)) throw inputError(`${key}: "${text}" is not ${example}`);
  return value;
}
