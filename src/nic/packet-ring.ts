import type { DmaApi } from '../guest/dma-api.js';
import type { LinearBuffers } from './linear-buffers.js';
import type { PageFrag } from './page-frag.js';

/** The owner of a piece that is not the last one of its memory. */
const NOBODY = -1;
/** A linear buffer of slab `order` is owned by `LINEAR - order`; a run, by the number of its page-frag block. */
const LINEAR = -2;

/**
 * Packets in flight, oldest first, with their mapped pieces; a packet is filled piece by piece and then posted.
 * The last piece of a linear buffer, or of a run in a page-frag block, gives that memory back when it is unmapped.
 * One thread.
 */
export class PacketRing {
  /** Descriptors of the packets in flight. */
  descriptors = 0;
  readonly #dma: DmaApi;
  readonly #linear: LinearBuffers;
  readonly #payload: PageFrag;
  readonly #packetMask: number;
  readonly #packetDescriptors: Int32Array;
  readonly #packetPieces: Int32Array;
  #packetHead = 0;
  #packetTail = 0;
  /** By piece: first entry, entries, what memory ends with it, and a linear buffer's address. */
  readonly #pieceMask: number;
  readonly #entry: Int32Array;
  readonly #npages: Int32Array;
  readonly #owner: Int32Array;
  readonly #gpa: Float64Array;
  #pieceHead = 0;
  #pieceTail = 0;
  /** Where the packet being filled begins. */
  #first = 0;

  /** `packets` at once, each of up to `maxPieces`. */
  constructor(
    dma: DmaApi,
    linear: LinearBuffers,
    payload: PageFrag,
    size: { readonly packets: number; readonly maxPieces: number },
  ) {
    this.#dma = dma;
    this.#linear = linear;
    this.#payload = payload;
    const packets = powerOfTwo(size.packets + 1);
    const pieces = powerOfTwo(packets * size.maxPieces);
    this.#packetMask = packets - 1;
    this.#packetDescriptors = new Int32Array(packets);
    this.#packetPieces = new Int32Array(packets);
    this.#pieceMask = pieces - 1;
    this.#entry = new Int32Array(pieces);
    this.#npages = new Int32Array(pieces);
    this.#owner = new Int32Array(pieces);
    this.#gpa = new Float64Array(pieces);
  }

  get isEmpty(): boolean {
    return this.#packetHead === this.#packetTail;
  }

  /** Descriptors of the oldest packet. */
  get oldestDescriptors(): number {
    return this.#packetDescriptors[this.#packetHead] as number;
  }

  /** Pieces of the packet being filled. */
  get filled(): number {
    return (this.#pieceTail - this.#first) & this.#pieceMask;
  }

  /** Adds a mapped piece to the packet being filled. */
  add(entry: number, npages: number): void {
    const piece = this.#pieceTail;
    this.#entry[piece] = entry;
    this.#npages[piece] = npages;
    this.#owner[piece] = NOBODY;
    this.#pieceTail = (piece + 1) & this.#pieceMask;
  }

  /** The piece added last is the last one of a run in that block. */
  endRun(block: number): void {
    this.#owner[(this.#pieceTail - 1) & this.#pieceMask] = block;
  }

  /** The piece added last is the last one of that linear buffer. */
  endLinear(gpa: number, order: number): void {
    const piece = (this.#pieceTail - 1) & this.#pieceMask;
    this.#owner[piece] = LINEAR - order;
    this.#gpa[piece] = gpa;
  }

  /** The packet being filled is complete. */
  post(descriptors: number): void {
    this.#packetDescriptors[this.#packetTail] = descriptors;
    this.#packetPieces[this.#packetTail] = this.filled;
    this.#packetTail = (this.#packetTail + 1) & this.#packetMask;
    this.#first = this.#pieceTail;
    this.descriptors += descriptors;
  }

  /** Unmaps the oldest packet. */
  cleanOldest(): void {
    const packet = this.#packetHead;
    for (let left = this.#packetPieces[packet] as number; left > 0; left--) {
      this.#unmap(this.#pieceHead);
      this.#pieceHead = (this.#pieceHead + 1) & this.#pieceMask;
    }
    this.descriptors -= this.#packetDescriptors[packet] as number;
    this.#packetHead = (packet + 1) & this.#packetMask;
  }

  /** Takes back the packet being filled, the last piece first. */
  unwind(): void {
    while (this.#pieceTail !== this.#first) {
      this.#pieceTail = (this.#pieceTail - 1) & this.#pieceMask;
      this.#unmap(this.#pieceTail);
    }
  }

  #unmap(piece: number): void {
    this.#dma.unmap(this.#entry[piece] as number, this.#npages[piece] as number);
    const owner = this.#owner[piece] as number;
    if (owner >= 0) this.#payload.drop(owner);
    else if (owner <= LINEAR) this.#linear.release(this.#gpa[piece] as number, LINEAR - owner);
  }
}

function powerOfTwo(atLeast: number): number {
  return 2 ** Math.ceil(Math.log2(atLeast));
}
