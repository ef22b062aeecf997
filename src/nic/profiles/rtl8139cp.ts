import { parameter } from '../nic-parameter.js';
import type { NicProfile } from '../nic-profile.js';

const DRIVER = 'drivers/net/ethernet/realtek/8139cp.c';
const LOG = 'counted in the log 8139cp-4kpages-smp2';

/** Realtek's 8139C+. */
export const RTL8139CP: NicProfile = {
  id: '8139cp',
  title: 'Realtek 8139C+, 100 Mb/s (8139cp)',
  offloads: ['tso', 'swGso', 'linear', 'sendfile'],
  limits: {
    mtuMin: parameter(68, 'B', 'memory', 'the least of IPv4'),
    mtuMax: parameter(4096, 'B', 'memory', DRIVER),
    queueSetsMax: parameter(1, 'queue sets', 'memory', 'one queue each way'),
    pcieBytesPerSec: parameter(133e6, 'B/s', 'memory', 'PCI, 32 bits at 33 MHz'),
  },
  rings: {
    ringsBytes: parameter(128 * 16 + 64, 'B', 'memory', `${DRIVER}: both rings and the statistics`),
  },
  receive: {
    mechanism: 'frame-buffers',
    buffers: parameter(64, 'buffers', 'memory', DRIVER),
    bufferBytes: parameter(1536, 'B', 'memory', DRIVER),
    strideBytes: parameter(2048, 'B', 'inferred', 'buffer, headroom and shared info in cache lines of 128'),
    headroomBytes: parameter(128, 'B', 'inferred', 'NET_SKB_PAD is a cache line of 128 bytes'),
    jumboBufferBytes: parameter(4096, 'B', 'inferred', 'a buffer for the longest frame'),
    copyBreakBytes: parameter(0, 'B', 'measured', `${LOG}: a received ACK costs a map and an unmap`),
    copyKeepsMapping: parameter(0, 'flag', 'memory', DRIVER),
    mapsBeforeUnmap: parameter(1, 'flag', 'memory', DRIVER),
    refillBatch: parameter(1, 'buffers', 'memory', DRIVER),
    napiWeight: parameter(16, 'frames', 'memory', DRIVER),
  },
  transmit: {
    mechanism: 'map',
    descriptors: parameter(64, 'descriptors', 'memory', DRIVER),
    maxPieceBytes: parameter(0, 'B', 'measured', `${LOG}: pieces of up to 8 TCEs`),
    maxPieceSegments: parameter(0, 'segments', 'memory', '0: no such limit'),
    immediateMaxBytes: parameter(0, 'B', 'measured', `${LOG}: ACKs are mapped`),
    inlineTsoHeader: parameter(0, 'flag', 'memory', DRIVER),
    tsoSentinelBytes: parameter(0, 'B', 'memory', '0: none'),
    tableBytesPerPiece: parameter(0, 'B', 'memory', '0: none'),
    contextDescriptors: parameter(0, 'descriptors', 'memory', DRIVER),
    flitsPerDescriptor: parameter(0, 'flits', 'memory', '0: a descriptor for each piece'),
    completionEvery: parameter(1, 'descriptors', 'memory', DRIVER),
    reclaimMax: parameter(0, 'descriptors', 'memory', '0: all that is done'),
    reclaimAtTransmit: parameter(0, 'flag', 'memory', `${DRIVER}: cleaned in the interrupt`),
    timerPeriodNs: parameter(0, 'ns', 'memory', '0: no such timer'),
    timerReclaimMax: parameter(0, 'descriptors', 'memory', 'no such timer'),
  },
};
