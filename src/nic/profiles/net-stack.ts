import { type ParameterTable, parameter } from '../nic-parameter.js';

const TCP = 'net/ipv4/tcp.c, v4.9';

/** What the guest's network stack does, whatever the card. */
export const NET_STACK = {
  frameHeaderBytes: parameter(14, 'B', 'memory', 'Ethernet header'),
  frameOverheadBytes: parameter(24, 'B', 'memory', 'preamble 8, FCS 4, gap 12'),
  frameCheckBytes: parameter(4, 'B', 'memory', 'FCS'),
  headerBytes: parameter(66, 'B', 'memory', 'Ethernet 14, IPv4 20, TCP 20 and timestamps 12'),
  mssBelowMtuBytes: parameter(52, 'B', 'memory', 'IPv4 20, TCP 20 and timestamps 12'),
  datagramHeaderBytes: parameter(42, 'B', 'memory', 'Ethernet 14, IPv4 20, UDP 8'),
  tsoGoalBytes: parameter(65279, 'B', 'read', `${TCP}: 65535 less the header room`),
  pageFragBlockBytesOn64k: parameter(65536, 'B', 'read', 'net/core/sock.c'),
  pageFragBlockBytesOn4k: parameter(32768, 'B', 'read', 'net/core/sock.c: order 3'),
  maxFragments: parameter(17, 'pieces', 'read', 'MAX_SKB_FRAGS'),
  headObjectBytes: parameter(1024, 'B', 'inferred', 'slab object of header room and shared info'),
  headOffsetBytes: parameter(190, 'B', 'inferred', 'headers end at a header room of 256 bytes'),
  sharedInfoBytes: parameter(320, 'B', 'memory', 'skb_shared_info behind the data of a linear buffer'),
} as const satisfies ParameterTable;
