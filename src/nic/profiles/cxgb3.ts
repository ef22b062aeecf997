import type { NicParameter, ParameterOrigin } from '../nic-parameter.js';

const SGE = 'drivers/net/ethernet/chelsio/cxgb3/sge.c';
const ADAPTER = 'drivers/net/ethernet/chelsio/cxgb3/adapter.h';
const COMMON = 'drivers/net/ethernet/chelsio/cxgb3/common.h';
const MAIN = 'drivers/net/ethernet/chelsio/cxgb3/cxgb3_main.c';
const TCP = 'net/ipv4/tcp.c, v4.9';

function parameter(value: number, unit: string, origin: ParameterOrigin, source: string): NicParameter {
  return { value, unit, origin, source };
}

/** The Chelsio T3 of the claim and what its driver and the TCP stack above it ask for. */
export const CXGB3 = {
  mtuMin: parameter(81, 'B', 'read', COMMON),
  mtuMax: parameter(10222, 'B', 'read', `${COMMON}: frame of 10240 with header and FCS`),

  fl0Buffers: parameter(1024, 'buffers', 'read', SGE),
  fl0ChunkBytes: parameter(2048, 'B', 'read', SGE),
  fl1Buffers: parameter(512, 'buffers', 'read', SGE),
  fl1ChunkBytesOn64k: parameter(16384, 'B', 'read', `${SGE}: 4 of an order-0 page`),
  fl1ChunkBytesOn4k: parameter(8192, 'B', 'read', `${SGE}: 1 of an order-1 allocation`),
  useCountBytes: parameter(128, 'B', 'memory', 'one cache line of a POWER CPU, at the end of each chunk'),
  refillMax: parameter(16, 'buffers', 'read', SGE),
  copyBreakBytes: parameter(256, 'B', 'read', `${SGE}: only without GRO`),
  rxPadBytes: parameter(2, 'B', 'read', SGE),
  rxCplBytes: parameter(8, 'B', 'memory', 'cpl_rx_pkt in t3_cpl.h, without the RSS header'),
  napiWeight: parameter(64, 'frames', 'read', MAIN),

  responseQueueBytes: parameter(1024 * 64, 'B', 'read', SGE),
  freeListDescriptorBytes: parameter(16, 'B', 'computed', 'the sum of 94 TCEs of rings on 4K pages'),
  ethernetDescriptors: parameter(1024, 'descriptors', 'read', MAIN),
  offloadDescriptors: parameter(1024, 'descriptors', 'read', MAIN),
  controlDescriptors: parameter(256, 'descriptors', 'read', MAIN),
  txDescriptorBytes: parameter(128, 'B', 'read', COMMON),
  txFlitsPerDescriptor: parameter(15, 'flits', 'read', `${ADAPTER}: 16 less the generation bits`),
  immediateMaxBytes: parameter(104, 'B', 'read', `${SGE}: 15 flits less the header of 16 bytes`),
  txCompletionEvery: parameter(8, 'descriptors', 'read', SGE),
  txReclaimMax: parameter(16, 'descriptors', 'read', SGE),

  frameHeaderBytes: parameter(14, 'B', 'memory', 'Ethernet header'),
  frameOverheadBytes: parameter(24, 'B', 'memory', 'preamble 8, FCS 4, gap 12'),
  headerBytes: parameter(66, 'B', 'memory', 'Ethernet 14, IPv4 20, TCP 20 and timestamps 12'),
  mssBelowMtuBytes: parameter(52, 'B', 'memory', 'IPv4 20, TCP 20 and timestamps 12'),
  tsoGoalBytes: parameter(65279, 'B', 'read', `${TCP}: 65535 less the header room`),
  pageFragBlockBytesOn64k: parameter(65536, 'B', 'read', 'net/core/sock.c'),
  pageFragBlockBytesOn4k: parameter(32768, 'B', 'read', 'net/core/sock.c: order 3'),
  headObjectBytes: parameter(1024, 'B', 'inferred', 'slab object of header room and shared info'),
  headOffsetBytes: parameter(190, 'B', 'inferred', 'headers end at a header room of 256 bytes'),
} as const satisfies Record<string, NicParameter>;
