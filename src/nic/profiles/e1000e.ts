import { parameter } from '../nic-parameter.js';
import type { NicProfile } from '../nic-profile.js';

const NETDEV = 'drivers/net/ethernet/intel/e1000e/netdev.c';
const E1000_H = 'drivers/net/ethernet/intel/e1000e/e1000.h';

/** Intel's 82574L. */
export const E1000E: NicProfile = {
  id: 'e1000e',
  title: 'Intel 82574L, 1 Gb/s (e1000e)',
  offloads: ['tso', 'swGso', 'linear', 'sendfile'],
  limits: {
    mtuMin: parameter(68, 'B', 'memory', 'the least of IPv4'),
    mtuMax: parameter(9216, 'B', 'memory', `${E1000_H}: frame of 9234 with header and FCS`),
    queueSetsMax: parameter(1, 'queue sets', 'memory', 'one queue each way'),
    pcieBytesPerSec: parameter(250e6, 'B/s', 'memory', 'PCIe generation 1, 1 lane'),
  },
  rings: {
    transmitRingBytes: parameter(256 * 16, 'B', 'memory', NETDEV),
    receiveRingBytes: parameter(256 * 32, 'B', 'memory', NETDEV),
  },
  receive: {
    mechanism: 'frame-buffers',
    buffers: parameter(256, 'buffers', 'memory', E1000_H),
    bufferBytes: parameter(1522, 'B', 'memory', `${NETDEV}: frame with VLAN tag and FCS`),
    strideBytes: parameter(2048, 'B', 'inferred', 'buffer, headroom and shared info in cache lines of 128'),
    headroomBytes: parameter(128, 'B', 'inferred', 'NET_SKB_PAD is a cache line of 128 bytes'),
    jumboBufferBytes: parameter(65536, 'B', 'memory', `${NETDEV}: a whole guest page`),
    copyBreakBytes: parameter(256, 'B', 'memory', NETDEV),
    copyKeepsMapping: parameter(0, 'flag', 'inferred', `${NETDEV}: unmapped before it is copied`),
    mapsBeforeUnmap: parameter(0, 'flag', 'memory', NETDEV),
    refillBatch: parameter(16, 'buffers', 'memory', `${E1000_H}: E1000_RX_BUFFER_WRITE`),
    napiWeight: parameter(64, 'frames', 'memory', NETDEV),
  },
  transmit: {
    mechanism: 'map',
    descriptors: parameter(256, 'descriptors', 'memory', E1000_H),
    maxPieceBytes: parameter(24576, 'B', 'memory', `${NETDEV}: tx_fifo_limit, at most 24 KiB`),
    maxPieceSegments: parameter(0, 'segments', 'memory', '0: no such limit'),
    immediateMaxBytes: parameter(0, 'B', 'memory', '0: none'),
    inlineTsoHeader: parameter(0, 'flag', 'memory', NETDEV),
    tsoSentinelBytes: parameter(0, 'B', 'memory', '0: none'),
    tableBytesPerPiece: parameter(0, 'B', 'memory', '0: none'),
    contextDescriptors: parameter(1, 'descriptors', 'memory', NETDEV),
    flitsPerDescriptor: parameter(0, 'flits', 'memory', '0: a descriptor for each piece'),
    completionEvery: parameter(1, 'descriptors', 'memory', `${NETDEV}: each packet reports back`),
    reclaimMax: parameter(0, 'descriptors', 'memory', '0: all that is done'),
    reclaimAtTransmit: parameter(0, 'flag', 'memory', `${NETDEV}: cleaned in the interrupt`),
    timerPeriodNs: parameter(0, 'ns', 'memory', '0: no such timer'),
    timerReclaimMax: parameter(0, 'descriptors', 'memory', 'no such timer'),
  },
};
