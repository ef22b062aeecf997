import { parameter } from '../nic-parameter.js';
import type { NicProfile } from '../nic-profile.js';

const RX = 'drivers/net/ethernet/mellanox/mlx5/core/en_rx.c, 2016';
const TX = 'drivers/net/ethernet/mellanox/mlx5/core/en_tx.c, 2016';
const EN_H = 'drivers/net/ethernet/mellanox/mlx5/core/en.h, 2016';

/** A ConnectX-4: receive pages kept in a cache of the ring. */
export const MLX5: NicProfile = {
  id: 'mlx5',
  title: 'Mellanox ConnectX-4, 2016 driver (mlx5)',
  offloads: ['tso', 'swGso', 'linear', 'sendfile'],
  limits: {
    mtuMin: parameter(68, 'B', 'memory', 'the least of IPv4'),
    mtuMax: parameter(9978, 'B', 'memory', EN_H),
    queueSetsMax: parameter(64, 'queue sets', 'memory', EN_H),
    pcieBytesPerSec: parameter(7.88e9, 'B/s', 'memory', 'PCIe generation 3, 8 lanes, each way'),
  },
  rings: {
    receiveQueueBytes: parameter(1024 * 16, 'B', 'memory', EN_H),
    receiveCompletionBytes: parameter(1024 * 64, 'B', 'memory', EN_H),
    sendQueueBytes: parameter(1024 * 64, 'B', 'memory', EN_H),
    sendCompletionBytes: parameter(1024 * 64, 'B', 'memory', EN_H),
  },
  receive: {
    mechanism: 'page-cache',
    buffers: parameter(1024, 'buffers', 'memory', EN_H),
    cachePages: parameter(256, 'pages', 'memory', `${EN_H}: four times the NAPI weight`),
    heldFrames: parameter(64, 'frames', 'assumed', 'a reader that is done one NAPI poll later'),
    refillBatch: parameter(64, 'buffers', 'inferred', `${RX}: at every poll`),
    napiWeight: parameter(64, 'frames', 'memory', RX),
  },
  transmit: {
    mechanism: 'map',
    descriptors: parameter(1024, 'descriptors', 'memory', EN_H),
    maxPieceBytes: parameter(0, 'B', 'memory', '0: pieces go as they are'),
    maxPieceSegments: parameter(0, 'segments', 'memory', '0: no such limit'),
    immediateMaxBytes: parameter(0, 'B', 'memory', '0: none'),
    inlineTsoHeader: parameter(1, 'flag', 'memory', `${TX}: headers of a TSO packet go into the descriptor`),
    tsoSentinelBytes: parameter(0, 'B', 'memory', '0: none'),
    tableBytesPerPiece: parameter(0, 'B', 'memory', '0: none'),
    contextDescriptors: parameter(1, 'descriptors', 'memory', TX),
    flitsPerDescriptor: parameter(0, 'flits', 'memory', '0: a descriptor for each piece'),
    completionEvery: parameter(1, 'descriptors', 'memory', TX),
    reclaimMax: parameter(0, 'descriptors', 'memory', '0: all that is done'),
    reclaimAtTransmit: parameter(0, 'flag', 'memory', `${TX}: cleaned in the interrupt`),
    timerPeriodNs: parameter(0, 'ns', 'memory', '0: no such timer'),
    timerReclaimMax: parameter(0, 'descriptors', 'memory', 'no such timer'),
  },
};
