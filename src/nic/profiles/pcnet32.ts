import { parameter } from '../nic-parameter.js';
import type { NicProfile } from '../nic-profile.js';

const DRIVER = 'drivers/net/ethernet/amd/pcnet32.c';
const LOG = 'counted in the log pcnet32-multitce-off';

/** AMD's PCnet-PCI: one linear buffer for each frame. */
export const PCNET32: NicProfile = {
  id: 'pcnet32',
  title: 'AMD PCnet, 100 Mb/s (pcnet32)',
  offloads: ['linear'],
  limits: {
    mtuMin: parameter(68, 'B', 'memory', 'the least of IPv4'),
    mtuMax: parameter(1500, 'B', 'memory', DRIVER),
    queueSetsMax: parameter(1, 'queue sets', 'memory', 'one queue each way'),
    pcieBytesPerSec: parameter(133e6, 'B/s', 'memory', 'PCI, 32 bits at 33 MHz'),
  },
  rings: {
    initBlockBytes: parameter(28, 'B', 'memory', DRIVER),
    transmitRingBytes: parameter(16 * 16, 'B', 'memory', DRIVER),
    receiveRingBytes: parameter(32 * 16, 'B', 'memory', DRIVER),
  },
  receive: {
    mechanism: 'frame-buffers',
    buffers: parameter(32, 'buffers', 'memory', DRIVER),
    bufferBytes: parameter(1544, 'B', 'memory', DRIVER),
    strideBytes: parameter(
      2176,
      'B',
      'computed',
      'buffer with headroom, 1792, and shared info, 384, in lines of 128',
    ),
    headroomBytes: parameter(128, 'B', 'inferred', 'NET_SKB_PAD is a cache line of 128 bytes'),
    jumboBufferBytes: parameter(4096, 'B', 'inferred', 'never used: no MTU needs it'),
    copyBreakBytes: parameter(200, 'B', 'memory', DRIVER),
    copyKeepsMapping: parameter(1, 'flag', 'measured', `${LOG}: received ACKs make no call`),
    mapsBeforeUnmap: parameter(1, 'flag', 'memory', DRIVER),
    refillBatch: parameter(1, 'buffers', 'memory', DRIVER),
    napiWeight: parameter(16, 'frames', 'memory', DRIVER),
  },
  transmit: {
    mechanism: 'map',
    descriptors: parameter(16, 'descriptors', 'memory', DRIVER),
    maxPieceBytes: parameter(0, 'B', 'memory', '0: one linear buffer'),
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
