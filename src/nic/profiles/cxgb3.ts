import { parameter } from '../nic-parameter.js';
import type { NicProfile } from '../nic-profile.js';

const SGE = 'drivers/net/ethernet/chelsio/cxgb3/sge.c';
const ADAPTER = 'drivers/net/ethernet/chelsio/cxgb3/adapter.h';
const COMMON = 'drivers/net/ethernet/chelsio/cxgb3/common.h';
const MAIN = 'drivers/net/ethernet/chelsio/cxgb3/cxgb3_main.c';

/** The Chelsio T3 of the claim. */
export const CXGB3: NicProfile = {
  id: 'cxgb3',
  title: 'Chelsio T3, 10 Gb/s (cxgb3)',
  offloads: ['tso', 'swGso', 'linear', 'sendfile'],
  limits: {
    mtuMin: parameter(81, 'B', 'read', COMMON),
    mtuMax: parameter(10222, 'B', 'read', `${COMMON}: frame of 10240 with header and FCS`),
    queueSetsMax: parameter(8, 'queue sets', 'read', COMMON),
    pcieBytesPerSec: parameter(2e9, 'B/s', 'memory', 'PCIe generation 1, 8 lanes, each way'),
  },
  rings: {
    smallListBytes: parameter(1024 * 16, 'B', 'computed', 'the sum of 94 TCEs of rings on 4K pages'),
    jumboListBytes: parameter(512 * 16, 'B', 'computed', 'the sum of 94 TCEs of rings on 4K pages'),
    responseQueueBytes: parameter(1024 * 64, 'B', 'read', SGE),
    ethernetRingBytes: parameter(1024 * 128, 'B', 'read', `${COMMON}: descriptors of 128 bytes`),
    offloadRingBytes: parameter(1024 * 128, 'B', 'read', `${COMMON}: descriptors of 128 bytes`),
    controlRingBytes: parameter(256 * 128, 'B', 'read', `${COMMON}: descriptors of 128 bytes`),
  },
  receive: {
    mechanism: 'page-chunks',
    smallBuffers: parameter(1024, 'buffers', 'read', SGE),
    smallChunkBytes: parameter(2048, 'B', 'read', SGE),
    jumboBuffers: parameter(512, 'buffers', 'read', SGE),
    jumboChunkBytesOn64k: parameter(16384, 'B', 'read', `${SGE}: 4 of an order-0 page`),
    jumboChunkBytesOn4k: parameter(8192, 'B', 'read', `${SGE}: 1 of an order-1 allocation`),
    useCountBytes: parameter(128, 'B', 'memory', 'one cache line of a POWER CPU, at the end of each chunk'),
    refillMax: parameter(16, 'buffers', 'read', SGE),
    copyBreakBytes: parameter(256, 'B', 'read', `${SGE}: only without GRO`),
    padBytes: parameter(10, 'B', 'memory', 'pad of 2 and cpl_rx_pkt of 8, without the RSS header'),
    napiWeight: parameter(64, 'frames', 'read', MAIN),
  },
  transmit: {
    mechanism: 'map',
    descriptors: parameter(1024, 'descriptors', 'read', MAIN),
    maxPieceBytes: parameter(0, 'B', 'read', `${SGE}: 0, pieces go as they are`),
    maxPieceSegments: parameter(0, 'segments', 'read', `${SGE}: 0, no such limit`),
    immediateMaxBytes: parameter(104, 'B', 'read', `${SGE}: 15 flits less the header of 16 bytes`),
    inlineTsoHeader: parameter(0, 'flag', 'read', SGE),
    tsoSentinelBytes: parameter(0, 'B', 'read', SGE),
    tableBytesPerPiece: parameter(0, 'B', 'read', SGE),
    contextDescriptors: parameter(0, 'descriptors', 'read', SGE),
    flitsPerDescriptor: parameter(15, 'flits', 'read', `${ADAPTER}: 16 less the generation bits`),
    completionEvery: parameter(8, 'descriptors', 'read', SGE),
    reclaimMax: parameter(16, 'descriptors', 'read', SGE),
    reclaimAtTransmit: parameter(1, 'flag', 'read', SGE),
    timerPeriodNs: parameter(250e6, 'ns', 'read', `${SGE}: HZ/4`),
    timerReclaimMax: parameter(64, 'descriptors', 'read', SGE),
  },
};
