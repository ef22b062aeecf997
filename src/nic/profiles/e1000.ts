import { parameter } from '../nic-parameter.js';
import type { NicProfile } from '../nic-profile.js';

const MAIN = 'drivers/net/ethernet/intel/e1000/e1000_main.c';
const E1000_H = 'drivers/net/ethernet/intel/e1000/e1000.h';
const LOG = 'counted in the log e1000-64k';

/** Intel's 82540EM as QEMU emulates it. */
export const E1000: NicProfile = {
  id: 'e1000',
  title: 'Intel 82540EM, 1 Gb/s (e1000)',
  offloads: ['tso', 'swGso', 'linear', 'sendfile'],
  limits: {
    mtuMin: parameter(68, 'B', 'memory', 'the least of IPv4'),
    mtuMax: parameter(16110, 'B', 'memory', `${E1000_H}: frame of 0x3f00 with header and FCS`),
    queueSetsMax: parameter(1, 'queue sets', 'memory', 'one queue each way'),
    pcieBytesPerSec: parameter(133e6, 'B/s', 'memory', 'PCI, 32 bits at 33 MHz'),
  },
  rings: {
    transmitRingBytes: parameter(256 * 16, 'B', 'measured', LOG),
    receiveRingBytes: parameter(256 * 16, 'B', 'measured', LOG),
  },
  receive: {
    mechanism: 'frame-buffers',
    buffers: parameter(256, 'buffers', 'measured', LOG),
    bufferBytes: parameter(1522, 'B', 'memory', `${MAIN}: frame with VLAN tag and FCS`),
    strideBytes: parameter(2048, 'B', 'measured', `${LOG}: two buffers to each 4 KiB`),
    headroomBytes: parameter(128, 'B', 'inferred', 'NET_SKB_PAD is a cache line of 128 bytes'),
    jumboBufferBytes: parameter(16384, 'B', 'memory', `${MAIN}: at most the guest page`),
    copyBreakBytes: parameter(256, 'B', 'read', MAIN),
    copyKeepsMapping: parameter(1, 'flag', 'measured', `${LOG}: received ACKs make no call`),
    mapsBeforeUnmap: parameter(0, 'flag', 'measured', LOG),
    refillBatch: parameter(16, 'buffers', 'memory', `${E1000_H}: E1000_RX_BUFFER_WRITE`),
    napiWeight: parameter(64, 'frames', 'memory', MAIN),
  },
  transmit: {
    mechanism: 'map',
    descriptors: parameter(256, 'descriptors', 'measured', LOG),
    maxPieceBytes: parameter(4096, 'B', 'read', `${MAIN}: E1000_MAX_DATA_PER_TXD`),
    maxPieceSegments: parameter(4, 'segments', 'memory', `${MAIN}: pieces of at most mss << 2`),
    immediateMaxBytes: parameter(0, 'B', 'measured', `${LOG}: ACKs are mapped`),
    inlineTsoHeader: parameter(0, 'flag', 'measured', LOG),
    tsoSentinelBytes: parameter(4, 'B', 'memory', `${MAIN}: the last 4 bytes of a TSO packet apart`),
    tableBytesPerPiece: parameter(0, 'B', 'measured', LOG),
    contextDescriptors: parameter(1, 'descriptors', 'memory', MAIN),
    flitsPerDescriptor: parameter(0, 'flits', 'memory', '0: a descriptor for each piece'),
    completionEvery: parameter(1, 'descriptors', 'memory', `${MAIN}: each packet reports back`),
    reclaimMax: parameter(0, 'descriptors', 'memory', '0: all that is done'),
    reclaimAtTransmit: parameter(0, 'flag', 'measured', `${LOG}: cleaned in the interrupt`),
    timerPeriodNs: parameter(0, 'ns', 'memory', '0: no such timer'),
    timerReclaimMax: parameter(0, 'descriptors', 'memory', 'no such timer'),
  },
};
