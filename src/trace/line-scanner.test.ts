import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineScanner, MAX_LINE_BYTES, type ScanCounts } from './line-scanner.js';

const PUT = '1@2.3:spapr_iommu_pci_put liobn=0x80000000 ioba=0x1000 tce=0x2003 ret=0';
const BARE = 'spapr_iommu_put liobn=0x71000000 ioba=0x1000 tce=0x2003 ret=0';
const BAD = '1@2.3:spapr_iommu_pci_put liobn=0x80000000 ioba=0x1000 tce= ret=0';
const NOISE = '1@2.3:rtas_call nargs=3';

interface Scanned extends ScanCounts {
  readonly events: readonly string[];
}

function scan(chunks: readonly Buffer[], isUsable = true): Scanned {
  const events: string[] = [];
  const scanner = new LineScanner({
    event(line) {
      events.push(`${line.line} ${line.kind} 0x${line.liobn.toString(16)} ${line.tceLo}`);
      return isUsable;
    },
  });
  for (const chunk of chunks) {
    const reused = Buffer.from(chunk);
    scanner.push(reused);
    reused.fill(0x30);
  }
  return { ...scanner.end(false), events };
}

function scanText(text: string): Scanned {
  return scan([Buffer.from(text)]);
}

describe('what is counted', () => {
  it('known events, foreign lines, malformed events and events without time stamp', () => {
    expect(scanText(`${PUT}\n\n${NOISE}\n${BAD}\n${BARE}\n${BAD}\n`)).toEqual({
      events: ['1 put 0x80000000 8195', '5 put 0x71000000 8195'],
      lines: 6,
      foreign: 2,
      malformed: 2,
      firstMalformedLine: 4,
      unprefixed: 1,
      truncated: false,
    });
  });

  it('an event that makes no sense to who takes it is malformed', () => {
    expect(scan([Buffer.from(`${NOISE}\n${PUT}\n`)], false)).toMatchObject({
      malformed: 1,
      firstMalformedLine: 2,
    });
  });

  it('lines that end in CR LF are read like others', () => {
    expect(scanText(`${PUT}\r\n${NOISE}\r\n`)).toMatchObject({ lines: 2, foreign: 1, malformed: 0 });
    expect(scanText(`${PUT}\r\n`).events).toEqual(scanText(`${PUT}\n`).events);
  });
});

describe('the last line', () => {
  it('without newline but whole is a line like any other', () => {
    expect(scanText(`${NOISE}\n${PUT}`)).toMatchObject({
      lines: 2,
      truncated: false,
      events: ['2 put 0x80000000 8195'],
    });
  });

  it.each([
    ['inside a value', PUT.slice(0, -1)],
    ['inside a key', PUT.slice(0, 40)],
    ['inside the name of the event', PUT.slice(0, 20)],
    ['inside the time stamp', PUT.slice(0, 4)],
  ])('cut %s it is left out, and the log is truncated', (_, cut) => {
    expect(scanText(`${PUT}\n${cut}`)).toEqual({ ...scanText(`${PUT}\n`), truncated: true });
  });

  it('a cut line that is too long for an event is left out too', () => {
    expect(scanText(`${PUT}\n${PUT}${' '.repeat(MAX_LINE_BYTES)}`)).toEqual({
      ...scanText(`${PUT}\n`),
      truncated: true,
    });
  });
});

describe('long lines', () => {
  it.each([MAX_LINE_BYTES + 1, MAX_LINE_BYTES + 2, 1_000_000])(
    '%i bytes are foreign, whatever they begin with',
    (bytes) => {
      const text = `${PUT.padEnd(bytes)}\n${PUT}\n`;
      const whole = scanText(text);
      expect(whole).toMatchObject({ lines: 2, foreign: 1, malformed: 0, events: ['2 put 0x80000000 8195'] });
      const pieces = Array.from({ length: Math.ceil(text.length / 1000) }, (_, i) =>
        text.slice(i * 1000, i * 1000 + 1000),
      );
      expect(scan(pieces.map((piece) => Buffer.from(piece)))).toEqual(whole);
    },
  );

  it('the longest line that may be an event is one, wherever it is cut', () => {
    const text = `${PUT.padEnd(MAX_LINE_BYTES)}\n`;
    for (const cut of [1, 100, MAX_LINE_BYTES - 1, MAX_LINE_BYTES]) {
      const scanned = scan([Buffer.from(text.slice(0, cut)), Buffer.from(text.slice(cut))]);
      expect(scanned).toMatchObject({ lines: 1, foreign: 0, events: ['1 put 0x80000000 8195'] });
    }
    expect(scanText(PUT.padEnd(MAX_LINE_BYTES)).events).toEqual(['1 put 0x80000000 8195']);
  });
});

it.each([1, 2, 3, 4, 1000])(
  'a byte order mark is no part of the first line, in chunks of %i bytes',
  (size) => {
    const bytes = Buffer.from(`\uFEFF${PUT}\n${BARE}\n`);
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );
    expect(scan(chunks)).toEqual(scanText(`${PUT}\n${BARE}\n`));
    expect(scanText(`${PUT}\n\uFEFF${PUT}\n`)).toMatchObject({ lines: 2, foreign: 1 });
  },
);

it('however a log is cut into chunks, the same is read', () => {
  const line = fc.constantFrom(PUT, BARE, BAD, NOISE, '', `${PUT}\r`, PUT.padEnd(MAX_LINE_BYTES + 5));
  const log = fc.tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('', PUT, PUT.slice(0, 30)));
  fc.assert(
    fc.property(log, fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }), ([lines, last], sizes) => {
      const bytes = Buffer.from(lines.map((text) => `${text}\n`).join('') + last);
      const chunks: Buffer[] = [];
      for (let at = 0, i = 0; at < bytes.length; i++) {
        const size = sizes[i % sizes.length] as number;
        chunks.push(bytes.subarray(at, at + size));
        at += size;
      }
      expect(scan(chunks)).toEqual(scan([bytes]));
    }),
  );
});
