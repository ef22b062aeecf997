import { describe, expect, it } from 'vitest';
import { PcapScanner } from './pcap.js';
import { canCapture, capturedDatagrams } from './tcpdump.test-helper.js';

/** Loopback frames have an Ethernet header, then IPv4 and UDP. */
const HEADERS = 14 + 20 + 8;
const PAYLOADS = [1, 18, 500, 1472, 9000, 100];

function read(bytes: Buffer) {
  const scanner = new PcapScanner('lo.pcap');
  scanner.push(bytes);
  return scanner.end(false);
}

describe.skipIf(!canCapture)(
  'a capture by tcpdump (skipped where it is not installed or not allowed)',
  () => {
    it.each([
      ['micro', 'a1b2c3d4'],
      ['nano', 'a1b23c4d'],
    ])(
      'in %sseconds has the sizes that were sent and times that rise',
      async (precision, magic) => {
        const bytes = await capturedDatagrams(PAYLOADS, `--time-stamp-precision=${precision}`);
        expect(bytes.readUInt32LE(0).toString(16)).toBe(magic);
        const { sizes, timesNs, linkType, truncated } = read(bytes);
        expect([...sizes]).toEqual(PAYLOADS.map((payload) => payload + HEADERS));
        expect([linkType, truncated]).toEqual(['Ethernet', false]);
        const times = [...timesNs];
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(times[0]).toBe(0);
        expect(times.at(-1)).toBeLessThan(60e9);
        expect(read(bytes.subarray(0, bytes.length - 1))).toMatchObject({ truncated: true });
      },
      30_000,
    );
  },
);
