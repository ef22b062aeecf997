import { DMA_TO_DEVICE, type DmaApi } from '../guest/dma-api.js';
import { LinearBuffers } from './linear-buffers.js';
import type { Offload, TransmitBy } from './nic-profile.js';
import { PacketRing } from './packet-ring.js';
import { PageFrag } from './page-frag.js';
import { NET_STACK } from './profiles/net-stack.js';
import type { TransmitQueue } from './transmit-queue.js';
import { listDescriptors } from './tx-descriptors.js';

/** What a {@link TxQueue} is made from. */
export interface TxQueueOptions {
  readonly dma: DmaApi;
  readonly profile: TransmitBy<'map'>;
  readonly offload: Offload;
  /** Payload of a full frame. */
  readonly segmentBytes: number;
  /** Payload that lies in the linear head behind the headers: 0 in bulk under v4.9, about 1400 under v3.10. */
  readonly headPayloadBytes: number;
  /** The longest payload that {@link TxQueue.send} will be asked for. */
  readonly maxSkbBytes: number;
  /** Length of a page-frag block; with sendfile it is the guest page. */
  readonly pageFragBlockBytes: number;
}

/** No limit on the length of a piece. */
const UNLIMITED = 2 ** 30;

/**
 * A transmit queue whose packets are mapped piece by piece: the head, then the payload where it lies. Each transmit
 * first unmaps what the card has finished, oldest first, where its driver cleans at the next transmit
 * (cxgb3 sge.c: t3_eth_xmit, reclaim_completed_tx); other drivers clean in the interrupt (e1000_clean_tx_irq).
 *
 * A simplification: the credits of a completed group of descriptors are back before the next transmit. How long
 * the card takes for that is time, and this queue knows none. One thread.
 */
export class TxQueue implements TransmitQueue {
  readonly #dma: DmaApi;
  readonly #linear: LinearBuffers;
  readonly #payload: PageFrag;
  readonly #ring: PacketRing;
  readonly #offload: Offload;
  readonly #segmentBytes: number;
  readonly #headPayloadBytes: number;
  readonly #headerBytes = NET_STACK.headerBytes.value;
  readonly #headOffsetBytes = NET_STACK.headOffsetBytes.value;
  readonly #headOrder: number;
  readonly #maxPieceBytes: number;
  readonly #immediateMaxBytes: number;
  readonly #inlinesTsoHeader: boolean;
  readonly #sentinelBytes: number;
  readonly #tableBytesPerPiece: number;
  /** By pieces: descriptors of a packet, of a TSO one. */
  readonly #plainDescriptors: Int32Array;
  readonly #tsoDescriptors: Int32Array;
  readonly #descriptors: number;
  readonly #mostDescriptors: number;
  readonly #completionEvery: number;
  readonly #reclaimMax: number;
  readonly #reclaimsAtTransmit: boolean;
  readonly #timerPeriodNs: number;
  readonly #timerReclaimMax: number;
  /** Descriptors whose credits are back, less the ones cleaned; those since the last completion request. */
  #completed = 0;
  #unasked = 0;
  #timerNs = 0;
  #followsTso = false;

  constructor(options: TxQueueOptions) {
    const { dma, profile, segmentBytes } = options;
    const value = (key: Exclude<keyof typeof profile, 'mechanism'>) => profile[key].value;
    this.#dma = dma;
    this.#linear = new LinearBuffers(dma.pages);
    this.#payload = new PageFrag(dma.pages, options.pageFragBlockBytes);
    this.#offload = options.offload;
    this.#segmentBytes = segmentBytes;
    this.#headPayloadBytes = options.headPayloadBytes;
    this.#headOrder = this.#linear.orderOf(this.#headerBytes + options.headPayloadBytes);
    const bySegments = value('maxPieceSegments') * segmentBytes;
    this.#maxPieceBytes = Math.min(value('maxPieceBytes') || UNLIMITED, bySegments || UNLIMITED);
    this.#immediateMaxBytes = value('immediateMaxBytes');
    this.#inlinesTsoHeader = value('inlineTsoHeader') !== 0;
    this.#sentinelBytes = value('tsoSentinelBytes');
    this.#tableBytesPerPiece = value('tableBytesPerPiece');
    this.#descriptors = value('descriptors');
    this.#completionEvery = value('completionEvery');
    this.#reclaimMax = value('reclaimMax') || UNLIMITED;
    this.#reclaimsAtTransmit = value('reclaimAtTransmit') !== 0;
    this.#timerPeriodNs = value('timerPeriodNs');
    this.#timerReclaimMax = value('timerReclaimMax');
    const maxPieces = this.#mostPieces(options.maxSkbBytes, options.pageFragBlockBytes);
    const flits = value('flitsPerDescriptor');
    const context = value('contextDescriptors');
    const descriptorsOf = (tso: boolean) =>
      Int32Array.from({ length: maxPieces + 1 }, (_, pieces) =>
        flits > 0 ? listDescriptors(pieces, tso, flits) : Math.max(1, pieces) + context,
      );
    this.#plainDescriptors = descriptorsOf(false);
    this.#tsoDescriptors = descriptorsOf(true);
    this.#mostDescriptors = this.#tsoDescriptors[maxPieces] as number;
    this.#ring = new PacketRing(dma, this.#linear, this.#payload, { packets: this.#descriptors, maxPieces });
  }

  /** Whether the ring has the descriptors of the longest packet. */
  get holdsLongestPacket(): boolean {
    return this.#mostDescriptors <= this.#descriptors;
  }

  skbsOf(bytes: number): number {
    const segments = Math.ceil(bytes / this.#segmentBytes);
    const isWhole = this.#offload === 'tso' || this.#offload === 'sendfile';
    const packets = isWhole ? 1 : segments;
    const pieces = Math.ceil(bytes / packets / this.#maxPieceBytes) + 2;
    const each = (isWhole && segments > 1 ? this.#tsoDescriptors : this.#plainDescriptors)[pieces] as number;
    return Math.max(1, Math.floor(this.#descriptors / (packets * each)));
  }

  send(bytes: number): number {
    const segmentBytes = this.#segmentBytes;
    if (bytes <= segmentBytes || this.#offload === 'tso' || this.#offload === 'sendfile') {
      const frames = bytes <= segmentBytes ? 1 : Math.ceil(bytes / segmentBytes);
      return this.#sendSegment(bytes, this.#headPayloadBytes, frames > 1) ? frames : 0;
    }
    let frames = 0;
    let inHead = this.#headPayloadBytes;
    for (let left = bytes; left > 0; left -= segmentBytes) {
      if (this.#sendSegment(left < segmentBytes ? left : segmentBytes, inHead, false)) frames++;
      inHead = inHead < segmentBytes ? 0 : inHead - segmentBytes;
    }
    return frames;
  }

  sendFrame(bytes: number): boolean {
    this.#prepare();
    if (bytes <= this.#immediateMaxBytes) {
      this.#post(false);
      return true;
    }
    // The first linear packet after a TSO one ends with a piece of its own, as that did (e1000_tx_map).
    const sentinelBytes = this.#followsTso ? this.#sentinelBytes : 0;
    this.#followsTso = false;
    if (!this.#mapLinear(bytes, sentinelBytes, this.#linear.orderOf(bytes))) return this.#abandon();
    return this.#finish(false);
  }

  interrupt(): void {
    if (this.#reclaimsAtTransmit) return;
    while (!this.#ring.isEmpty) this.#ring.cleanOldest();
    this.#completed = 0;
  }

  elapse(ns: number): void {
    if (this.#timerPeriodNs === 0) return;
    this.#timerNs += ns;
    for (
      ;
      this.#timerNs >= this.#timerPeriodNs && this.#completed > 0;
      this.#timerNs -= this.#timerPeriodNs
    ) {
      this.#reclaim(this.#timerReclaimMax);
    }
    this.#timerNs %= this.#timerPeriodNs;
  }

  close(): void {
    while (!this.#ring.isEmpty) this.#ring.cleanOldest();
    this.#completed = 0;
    this.#unasked = 0;
    this.#timerNs = 0;
    this.#followsTso = false;
    this.#payload.close();
    this.#linear.close();
  }

  /** One packet of the TCP stream, `headPayload` of which may lie behind its headers. */
  #sendSegment(bytes: number, headPayload: number, tso: boolean): boolean {
    const frameBytes = this.#headerBytes + bytes;
    if (!tso && this.#offload === 'linear') return this.sendFrame(frameBytes);
    this.#prepare();
    const inHead = bytes < headPayload ? bytes : headPayload;
    if (!tso && frameBytes <= this.#immediateMaxBytes) {
      this.#skip(bytes - inHead);
      this.#post(false);
      return true;
    }
    const isInlined = tso && this.#inlinesTsoHeader && inHead === 0;
    if (!isInlined && !this.#mapLinear(this.#headerBytes + inHead, 0, this.#headOrder))
      return this.#abandon();
    const sentinelBytes = tso ? this.#sentinelBytes : 0;
    for (let left = bytes - inHead; left > 0; ) {
      const taken = this.#payload.take(left);
      left -= taken;
      if (!this.#mapRun(taken, left === 0 ? sentinelBytes : 0)) return this.#abandon();
    }
    return this.#finish(tso);
  }

  /** Maps the table of a packet's pieces, where the device reads one from memory, and posts the packet. */
  #finish(tso: boolean): boolean {
    const pieces = this.#ring.filled;
    if (this.#tableBytesPerPiece > 0 && pieces > 1) {
      const bytes = pieces * this.#tableBytesPerPiece;
      if (!this.#mapLinear(bytes, 0, this.#linear.orderOf(bytes))) return this.#abandon();
    }
    this.#post(tso);
    return true;
  }

  /** Payload that the card gets by copy: it takes its place in the stream all the same. */
  #skip(bytes: number): void {
    for (let left = bytes; left > 0; ) {
      left -= this.#payload.take(left);
      this.#payload.drop(this.#payload.block);
    }
  }

  #mapLinear(bytes: number, sentinelBytes: number, order: number): boolean {
    const object = this.#linear.allocate(order);
    if (this.#mapPieces(object + this.#headOffsetBytes, bytes, sentinelBytes)) {
      this.#ring.endLinear(object, order);
      return true;
    }
    this.#linear.release(object, order);
    return false;
  }

  #mapRun(bytes: number, sentinelBytes: number): boolean {
    const payload = this.#payload;
    if (this.#mapPieces(payload.lastGpa, bytes, sentinelBytes)) {
      this.#ring.endRun(payload.block);
      return true;
    }
    payload.drop(payload.block);
    return false;
  }

  /** Maps neighbouring bytes in pieces of the longest kind, the last of them cut once more for a sentinel. */
  #mapPieces(start: number, bytes: number, sentinelBytes: number): boolean {
    const end = start + bytes;
    for (let gpa = start; gpa < end; ) {
      const left = end - gpa;
      let piece = left < this.#maxPieceBytes ? left : this.#maxPieceBytes;
      if (piece === left && piece > 2 * sentinelBytes) piece -= sentinelBytes;
      const entry = this.#dma.map(gpa, piece, DMA_TO_DEVICE);
      if (entry < 0) return false;
      this.#ring.add(entry, this.#dma.pagesOf(gpa, piece));
      gpa += piece;
    }
    return true;
  }

  #abandon(): false {
    this.#ring.unwind();
    return false;
  }

  /** Before a packet: what the driver does first, and room in the ring, for which it would stop the queue. */
  #prepare(): void {
    if (this.#reclaimsAtTransmit) this.#reclaim(this.#reclaimMax);
    while (this.#ring.descriptors + this.#mostDescriptors > this.#descriptors) {
      this.#completed = Math.max(0, this.#completed - this.#ring.oldestDescriptors);
      this.#ring.cleanOldest();
    }
  }

  #reclaim(most: number): void {
    let budget = this.#completed < most ? this.#completed : most;
    while (budget > 0) {
      const descriptors = this.#ring.oldestDescriptors;
      if (descriptors > budget) return;
      this.#ring.cleanOldest();
      budget -= descriptors;
      this.#completed -= descriptors;
    }
  }

  #post(tso: boolean): void {
    const byPieces = tso ? this.#tsoDescriptors : this.#plainDescriptors;
    const descriptors = byPieces[this.#ring.filled] as number;
    this.#ring.post(descriptors);
    if (tso) this.#followsTso = true;
    this.#unasked += descriptors;
    if (this.#unasked < this.#completionEvery) return;
    this.#unasked %= this.#completionEvery;
    this.#completed = this.#ring.descriptors;
  }

  #mostPieces(bytes: number, blockBytes: number): number {
    const perRun = Math.ceil(blockBytes / this.#maxPieceBytes);
    const runs = Math.ceil(bytes / blockBytes) + 1;
    const shortRuns = Math.ceil(bytes / this.#maxPieceBytes) + 2 * runs;
    const payload = Math.min(runs * perRun, shortRuns);
    const head = Math.ceil((this.#headerBytes + this.#headPayloadBytes) / this.#maxPieceBytes);
    return Math.max(payload + head, 4) + 2;
  }
}
