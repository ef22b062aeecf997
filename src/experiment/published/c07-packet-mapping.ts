import { hcallsToMap } from './packet-mapping.js';
import type { Interval, PublishedResult } from './published-result.js';

const PACKET_BYTES = 1500;
const PAGE_BYTES = 65536;

const exactly = (value: number): Interval => ({ low: value, high: value });

/** Mappings of a packet before and after kernels with large pages used small IOMMU pages. */
export const C7: PublishedResult = {
  id: 'C7',
  name: 'packet-mapping',
  source: 'linuxppc-dev 2006-10-30, "powerpc: map 4K iommu pages even on 64K largepage systems"',
  mark: 'A',
  remark: 'a count by page sizes, in which no cost has a part',
  scenario: {
    nic: { profile: 'e1000', offload: 'linear' },
    traffic: { segmentsPerAck: 0 },
    guest: { multiTce: false },
    host: { path: 'real' },
  },
  figures: [
    {
      what: 'hypercalls to map a 1500-byte packet, IOMMU page as large as the guest page',
      role: 'limit',
      unit: 'hcalls',
      published: exactly(16),
      how: 'the whole 64 KiB page of the packet is mapped through the DMA API, 4 KiB a TCE, one TCE a call',
      model: () => exactly(hcallsToMap(PAGE_BYTES, PAGE_BYTES)),
    },
    {
      what: 'hypercalls to map a 1500-byte packet, IOMMU page of 4 KiB',
      role: 'limit',
      unit: 'hcalls',
      published: exactly(1),
      how: 'the packet alone is mapped through the DMA API, one TCE a call',
      model: () => exactly(hcallsToMap(PACKET_BYTES, PAGE_BYTES)),
    },
  ],
};
