import { inputError, type TcebenchError } from '../errors.js';

/** Bytes of the header of a file and of each record. */
export const FILE_HEADER_BYTES = 24;
export const RECORD_HEADER_BYTES = 16;

/** Bytes of an Ethernet header: destination, source, type. */
export const ETHERNET_HEADER_BYTES = 14;

/** No packet of a network is captured with more bytes (libpcap's MAXIMUM_SNAPLEN); more means a damaged file. */
const MAX_CAPTURED_BYTES = 262_144;
/** No packet is longer: the largest of IPv6 jumbograms that Linux hands to a card is half of it. */
const MAX_PACKET_BYTES = 2 ** 20;

/** A kind of link: its name and the bytes before the IP packet. */
interface LinkType {
  readonly name: string;
  readonly headerBytes: number;
}

/** The kinds of link whose packets have a size as Ethernet frames, by the numbers of the format. */
const LINK_TYPES: ReadonlyMap<number, LinkType> = new Map([
  [0, { name: 'BSD loopback', headerBytes: 4 }],
  [1, { name: 'Ethernet', headerBytes: ETHERNET_HEADER_BYTES }],
  [12, { name: 'raw IP', headerBytes: 0 }],
  [14, { name: 'raw IP', headerBytes: 0 }],
  [101, { name: 'raw IP', headerBytes: 0 }],
  [108, { name: 'OpenBSD loopback', headerBytes: 4 }],
  [113, { name: 'Linux cooked', headerBytes: 16 }],
  [228, { name: 'raw IPv4', headerBytes: 0 }],
  [229, { name: 'raw IPv6', headerBytes: 0 }],
  [276, { name: 'Linux cooked v2', headerBytes: 20 }],
]);

const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
/** Other formats that begin so, by their name; all can be converted. */
const OTHERS: ReadonlyMap<number, string> = new Map([
  [0x0a0d0d0a, 'pcapng, not classic pcap'],
  [0xa1b2cd34, 'a modified pcap with longer records'],
  [0x34cdb2a1, 'a modified pcap with longer records'],
]);

/** What the header of a file says of its records. */
export interface PcapFormat {
  readonly isLittleEndian: boolean;
  readonly nsPerTick: number;
  readonly linkType: string;
  /** To be added to a packet's length to have that of its Ethernet frame, without frame check sequence. */
  readonly frameBytesMore: number;
}

/** A number of 32 bits without sign. */
export function word(bytes: Buffer, at: number, isLittleEndian: boolean): number {
  return isLittleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
}

/**
 * Reads the header of a classic pcap file, of either byte order.
 *
 * @throws TcebenchError where it is another format, or a kind of link without Ethernet sizes
 */
export function readFormat(name: string, bytes: Buffer): PcapFormat {
  const big = bytes.readUInt32BE(0);
  const little = bytes.readUInt32LE(0);
  const isLittleEndian = little === MICROSECONDS || little === NANOSECONDS;
  const magic = isLittleEndian ? little : big;
  if (magic !== MICROSECONDS && magic !== NANOSECONDS) {
    const other = OTHERS.get(big);
    if (other === undefined) throw notPcap(name);
    throw inputError(
      `${name}: is ${other}`,
      `convert it with editcap -F pcap ${name} OUT.pcap or with tcpdump -r ${name} -w OUT.pcap`,
    );
  }
  const network = word(bytes, 20, isLittleEndian);
  const linkType = LINK_TYPES.get(network & 0xffff);
  if (linkType === undefined) {
    const known = [...new Set(Array.from(LINK_TYPES.values(), (known) => known.name))].join(', ');
    throw inputError(`${name}: has packets of link type ${network & 0xffff}`, `those known are ${known}`);
  }
  // Where bit 26 is set the four highest bits say how many pairs of bytes of check sequence each packet has.
  const fcsBytes = (network & (2 ** 26)) === 0 ? 0 : (network >>> 28) * 2;
  return {
    isLittleEndian,
    nsPerTick: magic === NANOSECONDS ? 1 : 1000,
    linkType: linkType.name,
    frameBytesMore: ETHERNET_HEADER_BYTES - linkType.headerBytes - fcsBytes,
  };
}

/** Whether a record can have been captured so; its lengths say how many bytes are in the file and were on the wire. */
export function isPlausible(capturedBytes: number, packetBytes: number): boolean {
  return capturedBytes <= MAX_CAPTURED_BYTES && packetBytes <= MAX_PACKET_BYTES;
}

/** What to say of a file that is no capture at all. */
export function notPcap(name: string): TcebenchError {
  return inputError(`${name}: is no pcap file`, 'write one with tcpdump -w FILE');
}
