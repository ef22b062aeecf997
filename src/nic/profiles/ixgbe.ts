import { parameter } from '../nic-parameter.js';
import type { NicProfile } from '../nic-profile.js';

const MAIN = 'drivers/net/ethernet/intel/ixgbe/ixgbe_main.c';
const IXGBE_H = 'drivers/net/ethernet/intel/ixgbe/ixgbe.h';

/** Intel's 82599: receive pages that are used again. */
export const IXGBE: NicProfile = {
  id: 'ixgbe',
  title: 'Intel 82599, 10 Gb/s (ixgbe)',
  offloads: ['tso', 'swGso', 'linear', 'sendfile'],
  limits: {
    mtuMin: parameter(68, 'B', 'memory', 'the least of IPv4'),
    mtuMax: parameter(9710, 'B', 'memory', `${IXGBE_H}: frame of 9728 with header and FCS`),
    queueSetsMax: parameter(64, 'queue sets', 'memory', IXGBE_H),
    pcieBytesPerSec: parameter(4e9, 'B/s', 'memory', 'PCIe generation 2, 8 lanes, each way'),
  },
  rings: {
    transmitRingBytes: parameter(512 * 16, 'B', 'memory', IXGBE_H),
    receiveRingBytes: parameter(512 * 16, 'B', 'memory', IXGBE_H),
  },
  receive: {
    mechanism: 'page-reuse',
    buffers: parameter(512, 'buffers', 'memory', IXGBE_H),
    bufferBytes: parameter(2048, 'B', 'read', MAIN),
    copyBreakBytes: parameter(256, 'B', 'memory', `${IXGBE_H}: IXGBE_RX_HDR_SIZE`),
    missesPerThousand: parameter(0, 'frames', 'assumed', 'the stack gives each half page back in time'),
    refillBatch: parameter(16, 'buffers', 'memory', `${IXGBE_H}: IXGBE_RX_BUFFER_WRITE`),
    napiWeight: parameter(64, 'frames', 'memory', MAIN),
  },
  transmit: {
    mechanism: 'map',
    descriptors: parameter(512, 'descriptors', 'memory', IXGBE_H),
    maxPieceBytes: parameter(0, 'B', 'memory', '0: a piece of 16 KiB and more shares one mapping'),
    maxPieceSegments: parameter(0, 'segments', 'memory', '0: no such limit'),
    immediateMaxBytes: parameter(0, 'B', 'memory', '0: none'),
    inlineTsoHeader: parameter(0, 'flag', 'memory', MAIN),
    tsoSentinelBytes: parameter(0, 'B', 'memory', '0: none'),
    tableBytesPerPiece: parameter(0, 'B', 'memory', '0: none'),
    contextDescriptors: parameter(1, 'descriptors', 'memory', MAIN),
    flitsPerDescriptor: parameter(0, 'flits', 'memory', '0: a descriptor for each piece'),
    completionEvery: parameter(1, 'descriptors', 'memory', `${MAIN}: each packet reports back`),
    reclaimMax: parameter(0, 'descriptors', 'memory', '0: all that is done'),
    reclaimAtTransmit: parameter(0, 'flag', 'memory', `${MAIN}: cleaned in the interrupt`),
    timerPeriodNs: parameter(0, 'ns', 'memory', '0: no such timer'),
    timerReclaimMax: parameter(0, 'descriptors', 'memory', 'no such timer'),
  },
};
