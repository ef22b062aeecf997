import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { PcapScanner } from './pcap.js';

/** Loopback frames have an Ethernet header, then IPv4 and UDP. */
const HEADERS = 14 + 20 + 8;
const PAYLOADS = [1, 18, 500, 1472, 9000, 100];

const canCapture =
  process.getuid?.() === 0 && spawnSync('tcpdump', ['--version'], { stdio: 'ignore' }).status === 0;

/** What tcpdump writes of datagrams of known lengths, sent over loopback. */
async function captured(...flags: string[]): Promise<Buffer> {
  const receiver = createSocket('udp4').bind(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address();
  const filter = `udp and dst port ${port}`;
  const args = ['-i', 'lo', '-n', '-U', '--immediate-mode', '-c', `${PAYLOADS.length}`, '-w', '-', ...flags];
  const tcpdump = spawn('tcpdump', [...args, filter], { stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  tcpdump.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = once(tcpdump, 'close');
  await once(tcpdump.stderr, 'data');
  const sender = createSocket('udp4');
  for (const bytes of PAYLOADS) {
    await new Promise<void>((sent) => sender.send(Buffer.alloc(bytes), port, '127.0.0.1', () => sent()));
  }
  await closed;
  sender.close();
  receiver.close();
  return Buffer.concat(chunks);
}

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
        const bytes = await captured(`--time-stamp-precision=${precision}`);
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
