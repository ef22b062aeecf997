import { armsRun } from './arm-runs.js';
import { type PublishedResult, span } from './published-result.js';

const CLOCK_GHZ = 3.1;
const LINK_BITS_PER_SEC = 40e9;
const MTU = 1500;
/** Ethernet header, FCS, preamble and gap. */
const FRAME_OVERHEAD = 38;
/** Around the 1816 cycles of a packet without an IOMMU, up to several times as many; the wire caps the first. */
const CYCLES = [500, 1816, 4000, 10_000];

const scenarioOf = (cycles: number) => ({
  link: { bitsPerSec: LINK_BITS_PER_SEC },
  // A card whose bus is never the slowest.
  nic: { profile: 'ideal' },
  host: { path: 'direct', cost: 'zero' },
  guest: { otherWork: { nsPerPacket: cycles / CLOCK_GHZ, nsPerByte: 0, nsPerTransaction: 0 } },
});

/** Packets that the processor is done with, or that the wire takes. */
const formPacketsPerSec = (cycles: number) =>
  Math.min((CLOCK_GHZ * 1e9) / cycles, LINK_BITS_PER_SEC / 8 / (MTU + FRAME_OVERHEAD));

/** Throughput follows from the cycles of a packet until the wire is full. */
export const C18: PublishedResult = {
  id: 'C18',
  name: 'cycles-per-packet',
  source:
    'Malka et al., rIOMMU, ASPLOS 2015: Gbit/s = 1500 x 8 x clock / cycles of a packet, until the wire caps it',
  mark: 'D',
  remark: 'a test of the form; the cycles of a packet are inputs',
  scenario: scenarioOf(1816),
  figures: [
    {
      what: 'rate over what the form gives, 500 to 10,000 cycles a packet at 3.1 GHz, 40 Gb/s',
      role: 'limit',
      unit: 'x',
      published: { low: 0.99, high: 1.01 },
      how: 'runs without hypercalls, other work given for each packet',
      model: () =>
        span(
          CYCLES.map((cycles) => {
            const [arm] = armsRun(scenarioOf(cycles)).arms;
            return (arm?.packetsPerSec ?? Number.NaN) / formPacketsPerSec(cycles);
          }),
        ),
    },
  ],
};
