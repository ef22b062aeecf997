import { createReadStream } from 'node:fs';
import { inputError } from '../errors.js';
import { inflate, isGzip, readFailure } from './inflate.js';
import {
  ETHERNET_HEADER_BYTES,
  FILE_HEADER_BYTES,
  isPlausible,
  notPcap,
  type PcapFormat,
  RECORD_HEADER_BYTES,
  readFormat,
  word,
} from './pcap-format.js';

/** Of each packet twelve bytes are kept, and for a moment twice that. */
const MAX_PACKETS = 2 ** 25;

/** The packets of a capture, in its order. */
export interface Capture {
  /** Bytes of each packet as an Ethernet frame, header included, frame check sequence left out. */
  readonly sizes: Int32Array;
  /** When each packet was seen, in nanoseconds after the first; never falls. */
  readonly timesNs: Float64Array;
  /** The file ends inside its last record, which is left out. */
  readonly truncated: boolean;
  readonly linkType: string;
  /** What the user should know, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Reads sizes and times from a classic pcap file, plain or gzip. Only headers are kept, so memory grows by twelve
 * bytes a packet.
 *
 * @throws TcebenchError where the file cannot be read, is no such file, is damaged or has no packet
 */
export async function readPcap(path: string): Promise<Capture> {
  const scanner = new PcapScanner(path);
  try {
    const stream: AsyncIterable<Buffer> = createReadStream(path);
    let isCut = false;
    const pieces = stream[Symbol.asyncIterator]();
    const first = await pieces.next();
    if (first.done === true) throw inputError(`${path}: is empty`, 'write one with tcpdump -w FILE');
    const all = chained(first.value, pieces);
    if (isGzip(first.value)) isCut = await inflate(all, (chunk) => scanner.push(chunk));
    else for await (const piece of all) scanner.push(piece);
    return scanner.end(isCut);
  } catch (error) {
    throw readFailure(path, error, 'name a pcap file');
  }
}

async function* chained(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** Reads a capture from chunks of any size. */
export class PcapScanner {
  readonly #name: string;
  #format: PcapFormat | null = null;
  /** A header of which a part has come. */
  readonly #header = Buffer.alloc(FILE_HEADER_BYTES);
  #headerBytes = 0;
  /** Bytes of the current packet that are still to come. */
  #toSkip = 0;
  #sizes = new Int32Array(1024);
  #timesNs: Float64Array = new Float64Array(1024);
  #packets = 0;
  #size = 0;
  #firstSec = 0;
  #firstTicks = 0;
  #timeNs = 0;
  #timesBack = 0;

  readonly #maxPackets: number;

  /** `name`: what messages call the file; more packets than `maxPackets` are refused. */
  constructor(name: string, maxPackets = MAX_PACKETS) {
    this.#name = name;
    this.#maxPackets = maxPackets;
  }

  /** Takes the next bytes; the chunk may be overwritten afterwards. */
  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#toSkip > 0) {
        const skipped = Math.min(this.#toSkip, chunk.length - at);
        this.#toSkip -= skipped;
        at += skipped;
        if (this.#toSkip === 0) this.#add();
        continue;
      }
      const wanted = this.#format === null ? FILE_HEADER_BYTES : RECORD_HEADER_BYTES;
      const taken = chunk.copy(this.#header, this.#headerBytes, at, at + wanted - this.#headerBytes);
      this.#headerBytes += taken;
      at += taken;
      if (this.#headerBytes < wanted) return;
      this.#headerBytes = 0;
      if (this.#format === null) this.#format = readFormat(this.#name, this.#header);
      else this.#record(this.#format);
    }
  }

  /** What there was; `isStreamCut`: the bytes stopped before their end. */
  end(isStreamCut: boolean): Capture {
    const format = this.#format;
    // A file of another format may be shorter than our header.
    if (format === null) throw notPcap(this.#name);
    const truncated = isStreamCut || this.#headerBytes > 0 || this.#toSkip > 0;
    if (this.#packets === 0) {
      throw inputError(`${this.#name}: has no packet`, 'capture some, or check the filter it was made with');
    }
    const warnings: string[] = [];
    if (truncated) warnings.push(`${this.#name}: cut short; used up to packet ${this.#packets}`);
    if (this.#timesBack > 0) {
      warnings.push(
        `${this.#name}: ${this.#timesBack} packets are older than the one before; taken as simultaneous`,
      );
    }
    return {
      sizes: this.#sizes.slice(0, this.#packets),
      timesNs: this.#timesNs.slice(0, this.#packets),
      truncated,
      linkType: format.linkType,
      warnings,
    };
  }

  #record({ isLittleEndian, nsPerTick, frameBytesMore }: PcapFormat): void {
    const [sec, ticks, captured, length] = [0, 4, 8, 12].map((at) =>
      word(this.#header, at, isLittleEndian),
    ) as [number, number, number, number];
    if (!isPlausible(captured, length)) {
      throw inputError(
        `${this.#name}: packet ${this.#packets + 1} is said to have ${length} bytes, ${captured} of them captured`,
        'the file is damaged: cut it before that packet, or write it anew',
      );
    }
    if (this.#packets === 0) {
      this.#firstSec = sec;
      this.#firstTicks = ticks;
    }
    const timeNs = (sec - this.#firstSec) * 1e9 + (ticks - this.#firstTicks) * nsPerTick;
    if (timeNs < this.#timeNs) this.#timesBack++;
    else this.#timeNs = timeNs;
    this.#size = Math.max(ETHERNET_HEADER_BYTES, Math.max(captured, length) + frameBytesMore);
    this.#toSkip = captured;
    if (captured === 0) this.#add();
  }

  /** The current packet is there whole. */
  #add(): void {
    if (this.#packets === this.#sizes.length) this.#grow();
    if (this.#packets === this.#maxPackets) {
      throw inputError(
        `${this.#name}: has more than ${this.#maxPackets} packets, which are kept in memory`,
        'cut it: tcpdump -r FILE -c COUNT -w OUT.pcap',
      );
    }
    this.#sizes[this.#packets] = this.#size;
    this.#timesNs[this.#packets++] = this.#timeNs;
  }

  #grow(): void {
    const sizes = new Int32Array(this.#packets * 2);
    sizes.set(this.#sizes);
    this.#sizes = sizes;
    const timesNs = new Float64Array(this.#packets * 2);
    timesNs.set(this.#timesNs);
    this.#timesNs = timesNs;
  }
}
