import { DMA_TO_DEVICE, type DmaApi } from '../guest/dma-api.js';
import { HeadSlab } from './head-slab.js';
import { PageFrag } from './page-frag.js';
import { txDescriptors } from './tx-descriptors.js';

/** What a {@link TxQueue} is made from. */
export interface TxQueueOptions {
  readonly dma: DmaApi;
  /** Descriptors in the ring. */
  readonly descriptors: number;
  /** The card reports back about once for so many descriptors. */
  readonly completionEvery: number;
  /** At most so many descriptors are cleaned at the start of a transmit. */
  readonly reclaimMax: number;
  readonly headObjectBytes: number;
  readonly headOffsetBytes: number;
  readonly headerBytes: number;
  readonly pageFragBlockBytes: number;
}

/** Pieces of one packet: the head and MAX_SKB_FRAGS. */
const MAX_PIECES = 18;

/** A piece that is a head, not a part of a page-frag block. */
const HEAD = -1;

/**
 * The Ethernet transmit queue. Each transmit first unmaps what the card has finished, oldest first, then maps the
 * head and each payload piece of its own packet (sge.c: t3_eth_xmit, reclaim_completed_tx).
 *
 * A simplification: the credits of a completed group of descriptors are back before the next transmit. How long
 * the card takes for that is time, and this queue knows none. One thread.
 */
export class TxQueue {
  readonly #dma: DmaApi;
  readonly #options: TxQueueOptions;
  readonly #slab: HeadSlab;
  readonly #payload: PageFrag;
  /** Packets in flight, oldest first: descriptors and pieces of each. */
  readonly #packetMask: number;
  readonly #packetDescriptors: Int32Array;
  readonly #packetPieces: Int32Array;
  #packetHead = 0;
  #packetTail = 0;
  /** Their pieces: first entry, entries, block number or {@link HEAD}, and a head's address. */
  readonly #pieceMask: number;
  readonly #pieceEntry: Int32Array;
  readonly #pieceNpages: Int32Array;
  readonly #pieceBlock: Int32Array;
  readonly #pieceGpa: Float64Array;
  #pieceHead = 0;
  #pieceTail = 0;
  /** Descriptors filled, and those of them whose credits are back, less the ones cleaned. */
  #inFlight = 0;
  #completed = 0;
  /** Descriptors since the last completion request. */
  #unasked = 0;

  constructor(options: TxQueueOptions) {
    this.#dma = options.dma;
    this.#options = options;
    this.#slab = new HeadSlab(options.dma.pages, options.headObjectBytes);
    this.#payload = new PageFrag(options.dma.pages, options.pageFragBlockBytes);
    const packets = 2 ** Math.ceil(Math.log2(options.descriptors));
    const pieces = 2 ** Math.ceil(Math.log2(packets * MAX_PIECES));
    this.#packetMask = packets - 1;
    this.#packetDescriptors = new Int32Array(packets);
    this.#packetPieces = new Int32Array(packets);
    this.#pieceMask = pieces - 1;
    this.#pieceEntry = new Int32Array(pieces);
    this.#pieceNpages = new Int32Array(pieces);
    this.#pieceBlock = new Int32Array(pieces);
    this.#pieceGpa = new Float64Array(pieces);
  }

  /** Sends one TSO packet of `bytes` of payload; false if a piece could not be mapped and it was dropped. */
  sendTso(bytes: number): boolean {
    this.#reclaim();
    const first = this.#pieceTail;
    if (!this.#mapHead()) return false;
    for (let left = bytes; left > 0; ) {
      const taken = this.#payload.take(left);
      if (!this.#mapPiece(this.#payload.lastGpa, taken, this.#payload.block)) {
        this.#payload.drop(this.#payload.block);
        this.#unwind(first);
        return false;
      }
      left -= taken;
    }
    this.#post((this.#pieceTail - first) & this.#pieceMask);
    return true;
  }

  /** Unmaps everything in flight and gives all memory back. */
  close(): void {
    while (this.#packetHead !== this.#packetTail) this.#cleanPacket();
    this.#completed = 0;
    this.#unasked = 0;
    this.#payload.close();
    this.#slab.close();
  }

  #reclaim(): void {
    let budget = Math.min(this.#completed, this.#options.reclaimMax);
    while (budget > 0) {
      const descriptors = this.#packetDescriptors[this.#packetHead] as number;
      if (descriptors > budget) return;
      this.#cleanPacket();
      budget -= descriptors;
      this.#completed -= descriptors;
    }
  }

  #cleanPacket(): void {
    const packet = this.#packetHead;
    for (let left = this.#packetPieces[packet] as number; left > 0; left--) {
      this.#unmapPiece(this.#pieceHead);
      this.#pieceHead = (this.#pieceHead + 1) & this.#pieceMask;
    }
    this.#inFlight -= this.#packetDescriptors[packet] as number;
    this.#packetHead = (packet + 1) & this.#packetMask;
  }

  #mapHead(): boolean {
    const object = this.#slab.allocate();
    const { headOffsetBytes, headerBytes } = this.#options;
    this.#pieceGpa[this.#pieceTail] = object;
    if (this.#mapPiece(object + headOffsetBytes, headerBytes, HEAD)) return true;
    this.#slab.release(object);
    return false;
  }

  #mapPiece(gpa: number, bytes: number, block: number): boolean {
    const entry = this.#dma.map(gpa, bytes, DMA_TO_DEVICE);
    if (entry < 0) return false;
    const piece = this.#pieceTail;
    this.#pieceEntry[piece] = entry;
    this.#pieceNpages[piece] = this.#dma.pagesOf(gpa, bytes);
    this.#pieceBlock[piece] = block;
    this.#pieceTail = (piece + 1) & this.#pieceMask;
    return true;
  }

  #unmapPiece(piece: number): void {
    this.#dma.unmap(this.#pieceEntry[piece] as number, this.#pieceNpages[piece] as number);
    const block = this.#pieceBlock[piece] as number;
    if (block === HEAD) this.#slab.release(this.#pieceGpa[piece] as number);
    else this.#payload.drop(block);
  }

  /** Takes back the pieces of a packet that could not be mapped whole, the last one first. */
  #unwind(first: number): void {
    while (this.#pieceTail !== first) {
      this.#pieceTail = (this.#pieceTail - 1) & this.#pieceMask;
      this.#unmapPiece(this.#pieceTail);
    }
  }

  #post(pieces: number): void {
    const descriptors = txDescriptors(pieces, true);
    this.#packetDescriptors[this.#packetTail] = descriptors;
    this.#packetPieces[this.#packetTail] = pieces;
    this.#packetTail = (this.#packetTail + 1) & this.#packetMask;
    this.#inFlight += descriptors;
    this.#unasked += descriptors;
    if (this.#unasked < this.#options.completionEvery) return;
    this.#unasked %= this.#options.completionEvery;
    this.#completed = this.#inFlight;
  }
}
