import { execFileSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TcebenchError } from '../errors.js';
import type { ScanCounts } from './line-scanner.js';
import { TraceLog } from './trace-log.js';

const NO_STDIN = Readable.from([]);

let folder = '';
const savedTmp = process.env.TMPDIR;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tcebench-test-'));
  mkdirSync(join(folder, 'tmp'));
  process.env.TMPDIR = join(folder, 'tmp');
});

afterEach(() => {
  if (savedTmp === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = savedTmp;
  rmSync(folder, { recursive: true });
});

/** Lines whose numbers differ, so that they do not compress away to nothing. */
function logText(lines: number): string {
  const tces = randomFillSync(new Uint32Array(lines));
  return Array.from(tces, (tce, i) => {
    const address = `ioba=0x${(i * 4096).toString(16)} tce=0x${tce.toString(16)}`;
    return `1@2.3:spapr_iommu_pci_put liobn=0x80000000 ${address} ret=0\n`;
  }).join('');
}

function file(content: Uint8Array | string): string {
  const path = join(folder, 'some.log');
  writeFileSync(path, content);
  return path;
}

async function scan(
  path: string,
  stdin: AsyncIterable<Uint8Array> = NO_STDIN,
): Promise<ScanCounts & { tces: number[] }> {
  const log = await TraceLog.open(path, stdin);
  try {
    const passes: (ScanCounts & { tces: number[] })[] = [];
    for (let pass = 0; pass < 2; pass++) {
      const tces: number[] = [];
      const counts = await log.scan({
        event(line) {
          tces.push(line.tceLo >>> 0);
          return true;
        },
      });
      passes.push({ ...counts, tces });
    }
    const [first, second] = passes;
    expect(second).toEqual(first);
    return first as ScanCounts & { tces: number[] };
  } finally {
    await log.close();
  }
}

/** What a reader of strings finds in the complete lines of a text. */
function tcesOf(text: string): number[] {
  return [...text.matchAll(/ tce=0x([0-9a-f]+) ret=0\n/g)].map(([, digits]) =>
    Number.parseInt(digits ?? '', 16),
  );
}

async function failure(promise: Promise<unknown>): Promise<TcebenchError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TcebenchError);
  expect((error as TcebenchError).kind).toBe('input');
  return error as TcebenchError;
}

describe('what a log may be', () => {
  it('plain text, whatever its name', async () => {
    const text = logText(9000);
    expect(await scan(file(text))).toMatchObject({ lines: 9000, truncated: false, tces: tcesOf(text) });
  });

  it('gzip, whatever its name, of several members in a row', async () => {
    const text = logText(9000);
    const cuts = [0, 5, 200_000, 200_000, text.length];
    const members = cuts.slice(1).map((cut, i) => gzipSync(text.slice(cuts[i], cut)));
    expect(await scan(file(Buffer.concat(members)))).toMatchObject({
      lines: 9000,
      truncated: false,
      tces: tcesOf(text),
    });
  });

  it('gzip followed by the zero bytes that tapes leave', async () => {
    const path = file(Buffer.concat([gzipSync(logText(10)), Buffer.alloc(512)]));
    expect(await scan(path)).toMatchObject({ lines: 10, truncated: false });
  });

  it('stdin, plain or gzip, in any pieces', async () => {
    const text = logText(3000);
    for (const bytes of [Buffer.from(text), gzipSync(text)]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / 999) }, (_, i) =>
        bytes.subarray(i * 999, i * 999 + 999),
      );
      expect(await scan('-', Readable.from(pieces))).toMatchObject({ lines: 3000, tces: tcesOf(text) });
    }
  });

  it('a pipe with a name, which cannot be read twice', async () => {
    const text = logText(3000);
    const path = join(folder, 'pipe');
    execFileSync('sh', ['-c', 'mkfifo "$0"', path]);
    const scanned = scan(path);
    const { writeFile } = await import('node:fs/promises');
    await writeFile(path, text);
    expect(await scanned).toMatchObject({ lines: 3000, tces: tcesOf(text) });
  });
});

describe('a log that is cut', () => {
  it('gzip cut at any place gives what can be had and says so', async () => {
    const text = logText(2000);
    const bytes = gzipSync(text);
    const all = tcesOf(text);
    let most = 0;
    for (const length of [11, 5000, 10_000, bytes.length - 9, bytes.length - 8, bytes.length - 1]) {
      const { tces, truncated } = await scan(file(bytes.subarray(0, length)));
      expect(truncated).toBe(true);
      expect(tces).toEqual(all.slice(0, tces.length));
      expect(tces.length).toBeGreaterThanOrEqual(most);
      most = tces.length;
    }
    expect(most).toBe(2000);
  });

  it('a half of a gzip file gives about half of its lines, not none', async () => {
    const bytes = gzipSync(logText(9000));
    const { lines } = await scan(file(bytes.subarray(0, bytes.length / 2)));
    expect(lines).toBeGreaterThan(4000);
    expect(lines).toBeLessThan(5000);
  });

  it('cut inside the header of a later member', async () => {
    const bytes = Buffer.concat([gzipSync(logText(50)), gzipSync(logText(50)).subarray(0, 7)]);
    expect(await scan(file(bytes))).toMatchObject({ lines: 50, truncated: true });
  });

  it('plain text cut inside its last line', async () => {
    const text = logText(50);
    expect(await scan(file(text.slice(0, -20)))).toMatchObject({ lines: 49, truncated: true });
  });
});

describe('mistakes', () => {
  it('no such file, a folder, an empty file, an empty stdin', async () => {
    const path = join(folder, 'absent.log');
    expect((await failure(scan(path))).message).toBe(`cannot read ${path}: there is no such file`);
    expect((await failure(scan(folder))).message).toBe(`cannot read ${folder}: it is a folder`);
    const empty = file('');
    expect((await failure(scan(empty))).message).toBe(`${empty}: is empty`);
    expect((await failure(scan('-'))).message).toBe('stdin: is empty');
  });

  it('a corrupt gzip names the file and what is wrong', async () => {
    const bytes = gzipSync(logText(2000));
    const wrongSum = Buffer.from(bytes);
    wrongSum.writeUInt32LE(0, bytes.length - 8);
    const broken = Buffer.from(bytes).fill(0xff, 4000, 4100);
    const garbage = Buffer.concat([bytes, Buffer.from('garbage')]);
    const path = join(folder, 'some.log');
    expect((await failure(scan(file(wrongSum)))).message).toBe(`${path}: corrupt gzip: incorrect data check`);
    expect((await failure(scan(file(broken)))).message).toContain(`${path}: corrupt gzip: `);
    expect((await failure(scan(file(garbage)))).message).toContain(`${path}: corrupt gzip: `);
  });

  it('what the taker of events throws comes out as it is', async () => {
    for (const bytes of [Buffer.from(logText(5)), gzipSync(logText(5)), Buffer.from(logText(1).trimEnd())]) {
      const log = await TraceLog.open(file(bytes), NO_STDIN);
      const bug = new Error('a bug of ours');
      const scanned = log.scan({
        event() {
          throw bug;
        },
      });
      await expect(scanned).rejects.toBe(bug);
      await log.close();
    }
  });

  it('a stdin that fails', async () => {
    async function* broken() {
      yield Buffer.from(logText(5));
      throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', syscall: 'read' });
    }
    expect((await failure(scan('-', broken()))).message).toBe('cannot read stdin: EIO: i/o error, read');
  });
});

describe('the temporary copy of stdin', () => {
  const leftOver = () => readdirSync(join(folder, 'tmp'));

  it('has no name any more while it is read', async () => {
    const log = await TraceLog.open('-', Readable.from([Buffer.from(logText(5))]));
    expect(leftOver()).toEqual([]);
    expect((await log.scan({ event: () => true })).lines).toBe(5);
    await log.close();
  });

  it('is gone after an error, too', async () => {
    async function* broken() {
      yield Buffer.from('x');
      expect(leftOver()).toEqual([]);
      throw new Error('broken');
    }
    await expect(TraceLog.open('-', broken())).rejects.toThrow('broken');
    expect(leftOver()).toEqual([]);
  });
});
