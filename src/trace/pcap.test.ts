import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { TcebenchError } from '../errors.js';
import { PcapScanner, readPcap } from './pcap.js';

const folder = mkdtempSync(join(tmpdir(), 'tcebench-pcap-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Packet {
  readonly sec?: number;
  readonly ticks?: number;
  readonly captured?: number;
  readonly length: number;
}

interface Layout {
  readonly isLittleEndian?: boolean;
  readonly magic?: number;
  readonly network?: number;
  readonly snaplen?: number;
}

/** A capture file, field by field as the format lays them out. */
function pcap(packets: readonly Packet[], layout: Layout = {}): Buffer {
  const { isLittleEndian = true, magic = 0xa1b2c3d4, network = 1, snaplen = 65535 } = layout;
  const words = (...values: number[]) => {
    const bytes = Buffer.alloc(values.length * 4);
    for (const [i, value] of values.entries()) {
      if (isLittleEndian) bytes.writeUInt32LE(value, i * 4);
      else bytes.writeUInt32BE(value, i * 4);
    }
    return bytes;
  };
  const version = isLittleEndian ? 0x0004_0002 : 0x0002_0004;
  const records = packets.flatMap(({ sec = 7, ticks = 0, length, captured = Math.min(length, snaplen) }) => [
    words(sec, ticks, captured, length),
    Buffer.alloc(captured, 0xee),
  ]);
  return Buffer.concat([words(magic, version, 0, 0, snaplen, network), ...records]);
}

function read(bytes: Buffer, chunkBytes = bytes.length) {
  const scanner = new PcapScanner('x.pcap');
  for (let at = 0; at < bytes.length; at += chunkBytes) scanner.push(bytes.subarray(at, at + chunkBytes));
  return scanner.end(false);
}

const THREE: readonly Packet[] = [
  { sec: 1700000000, ticks: 999_998, length: 60 },
  { sec: 1700000001, ticks: 3, length: 1514, captured: 96 },
  { sec: 1700000003, ticks: 0, length: 342 },
];

describe('a classic pcap file', () => {
  it.each([true, false])('gives sizes and times, little-endian %s', (isLittleEndian) => {
    const { sizes, timesNs, truncated, warnings } = read(pcap(THREE, { isLittleEndian }));
    expect([...sizes]).toEqual([60, 1514, 342]);
    expect([...timesNs]).toEqual([0, 5000, 2_000_002_000]);
    expect([truncated, warnings]).toEqual([false, []]);
  });

  it.each([true, false])('may count in nanoseconds, little-endian %s', (isLittleEndian) => {
    expect([...read(pcap(THREE, { isLittleEndian, magic: 0xa1b23c4d })).timesNs]).toEqual([
      0, 999_000_005, 2_999_000_002,
    ]);
  });

  it.each([
    [0, 'BSD loopback', 110],
    [1, 'Ethernet', 100],
    [101, 'raw IP', 114],
    [108, 'OpenBSD loopback', 110],
    [113, 'Linux cooked', 98],
    [228, 'raw IPv4', 114],
    [276, 'Linux cooked v2', 94],
    // An Ethernet whose packets have two pairs of bytes of check sequence.
    [0x2400_0001, 'Ethernet', 96],
  ])('of link type %i (%s) has the sizes of Ethernet frames', (network, linkType, size) => {
    expect(read(pcap([{ length: 100 }], { network }))).toMatchObject({
      linkType,
      sizes: Int32Array.of(size),
    });
  });

  it('is read the same in whatever pieces', () => {
    const bytes = pcap([...THREE, { length: 0 }, ...THREE]);
    const whole = read(bytes);
    for (let chunkBytes = 1; chunkBytes < 60; chunkBytes++) expect(read(bytes, chunkBytes)).toEqual(whole);
  });

  it('may be longer than its first tables', () => {
    const many = Array.from({ length: 5000 }, (_, i) => ({ sec: i, length: 60 + (i % 1400) }));
    const { sizes, timesNs } = read(pcap(many));
    expect([sizes.length, sizes[4999], timesNs[4999]]).toEqual([5000, 60 + (4999 % 1400), 4999e9]);
  });

  it('whose times go back lets them stand still, and says so', () => {
    const back = [
      { ticks: 50, length: 60 },
      { ticks: 40, length: 60 },
      { ticks: 70, length: 60 },
    ];
    const { timesNs, warnings } = read(pcap(back));
    expect([[...timesNs], warnings]).toEqual([
      [0, 0, 20_000],
      ['x.pcap: 1 packets are older than the one before; taken as simultaneous'],
    ]);
  });

  it('cut in its last record is used up to there', () => {
    const bytes = pcap(THREE);
    const second = 24 + 16 + 60 + 16 + 96;
    for (let end = second + 1; end < bytes.length; end++) {
      const { sizes, truncated, warnings } = read(bytes.subarray(0, end));
      expect([sizes.length, truncated, warnings]).toEqual([
        2,
        true,
        ['x.pcap: cut short; used up to packet 2'],
      ]);
    }
    expect(read(bytes.subarray(0, second)).truncated).toBe(false);
  });
});

describe('what is refused', () => {
  const cases: [string, Buffer, RegExp][] = [
    [
      'pcapng',
      Buffer.concat([Buffer.from('0a0d0d0a1c0000004d3c2b1a', 'hex'), Buffer.alloc(99)]),
      /is pcapng/,
    ],
    ['a modified pcap', pcap(THREE, { magic: 0xa1b2cd34 }), /modified pcap/],
    ['text', Buffer.from('hello, this is no capture at all\n'), /no pcap file/],
    ['a header cut short', pcap(THREE).subarray(0, 23), /no pcap file/],
    ['no packet', pcap([]), /no packet/],
    ['only a cut packet', pcap(THREE).subarray(0, 50), /no packet/],
    ['a link without Ethernet sizes', pcap(THREE, { network: 105 }), /link type 105/],
    ['a packet longer than any', pcap([{ length: 60 }, { length: 2 ** 20 + 1, captured: 60 }]), /packet 2/],
    ['a negative length', pcap([{ length: 0xffff_ffc4, captured: 60 }]), /packet 1/],
    ['more captured than any packet has', pcap([{ length: 60, captured: 262_145 }]), /packet 1/],
  ];
  it.each(cases)('%s', (_, bytes, message) => {
    const refused = expect.objectContaining({ kind: 'input', message: expect.stringMatching(message) });
    expect(() => read(bytes)).toThrow(refused);
  });

  it('pcapng with the commands that convert it', () => {
    const bytes = Buffer.concat([Buffer.from('0a0d0d0a', 'hex'), Buffer.alloc(40)]);
    const hint = expect.stringMatching(/editcap -F pcap x\.pcap OUT.*tcpdump -r x\.pcap -w OUT/);
    expect(() => read(bytes)).toThrow(expect.objectContaining({ hint }));
  });

  it('nothing else: more captured than the snapshot length is let pass, and no bytes crash the reader', () => {
    expect([...read(pcap([{ length: 60, captured: 90 }], { snaplen: 10 })).sizes]).toEqual([90]);
    const damaged = fc.tuple(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(0, 24, 40), fc.nat(300));
    fc.assert(
      fc.property(damaged, ([noise, keep, chunk]) => {
        const bytes = Buffer.concat([pcap(THREE).subarray(0, keep), Buffer.from(noise)]);
        try {
          for (const size of read(bytes, chunk + 1).sizes) expect(size).toBeGreaterThanOrEqual(14);
        } catch (error) {
          expect(error).toBeInstanceOf(TcebenchError);
        }
      }),
    );
  });
});

describe('a file', () => {
  const file = (name: string, bytes: Buffer) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };

  it('may be gzip, also one that is cut', async () => {
    const bytes = pcap(
      Array.from({ length: 3000 }, (_, i) => ({ sec: i, length: 60 + ((i * 7919) % 1400) })),
    );
    const whole = read(bytes);
    expect(await readPcap(file('a.pcap.gz', gzipSync(bytes)))).toMatchObject({ sizes: whole.sizes });
    const gzip = gzipSync(bytes);
    const cut = await readPcap(file('b.pcap.gz', gzip.subarray(0, gzip.length / 2)));
    expect(cut.truncated).toBe(true);
    expect([...cut.sizes]).toEqual([...whole.sizes.subarray(0, cut.sizes.length)]);
  });

  it("that is absent, empty or a folder is the user's mistake", async () => {
    for (const path of [join(folder, 'absent.pcap'), file('empty.pcap', Buffer.alloc(0)), folder]) {
      await expect(readPcap(path)).rejects.toThrow(expect.objectContaining({ kind: 'input' }));
    }
  });
});
