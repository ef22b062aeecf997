import { inputError } from '../errors.js';
import type { DmaApi } from '../guest/dma-api.js';
import { type Card, emptyUnit, type UnitOfWork } from './card.js';
import { DescriptorRings } from './descriptor-rings.js';
import { FreeList } from './free-list.js';
import { CXGB3 } from './profiles/cxgb3.js';
import { TxQueue } from './tx-queue.js';

/** What a {@link Cxgb3} is made from; the names are those of the scenario's keys. */
export interface Cxgb3Options {
  readonly dma: DmaApi;
  readonly direction: 'tx' | 'rx';
  /** `nic.mtu`, default 1500. */
  readonly mtu?: number;
  /** `nic.gro`, default true. Without it frames of up to 256 bytes are copied. */
  readonly gro?: boolean;
  /** `traffic.segmentsPerAck`, default 2. */
  readonly segmentsPerAck?: number;
}

function wholeNumber(key: string, value: number, low: number, high: number): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw inputError(`${key}: ${value} is out of range`, `use a whole number from ${low} to ${high}`);
}

/**
 * A Chelsio T3 with one queue set that sends TSO packets, or receives MTU frames, as one TCP stream.
 *
 * A sender receives acknowledgements, which take the whole receive path as long as GRO is on. A receiver's own
 * acknowledgements fit into a descriptor, so they map nothing and are only counted. One thread.
 */
export class Cxgb3 implements Card {
  readonly unit: UnitOfWork = emptyUnit();
  readonly #transmits: boolean;
  readonly #copiesAcks: boolean;
  readonly #copiesFrames: boolean;
  readonly #segmentsPerAck: number;
  readonly #segmentBytes: number;
  readonly #segmentWireBytes: number;
  readonly #segmentsPerSkb: number;
  /** Receive buffers that an MTU frame takes, and the list they come from. */
  readonly #buffersPerFrame: number;
  readonly #frameList: FreeList;
  readonly #rings: DescriptorRings;
  readonly #smallList: FreeList;
  readonly #jumboList: FreeList;
  readonly #tx: TxQueue;
  /** Segments that no acknowledgement covers yet. */
  #unacknowledged = 0;

  constructor(options: Cxgb3Options) {
    const { dma } = options;
    const mtu = wholeNumber('nic.mtu', options.mtu ?? 1500, CXGB3.mtuMin.value, CXGB3.mtuMax.value);
    const big = dma.pages.pageBytes > 8192;
    this.#segmentsPerAck = wholeNumber('traffic.segmentsPerAck', options.segmentsPerAck ?? 2, 1, 64);
    this.#transmits = options.direction === 'tx';
    this.#segmentBytes = mtu - CXGB3.mssBelowMtuBytes.value;
    this.#segmentsPerSkb = Math.floor(CXGB3.tsoGoalBytes.value / this.#segmentBytes);
    this.#segmentWireBytes = mtu + CXGB3.frameHeaderBytes.value + CXGB3.frameOverheadBytes.value;

    const common = { dma, refillMax: CXGB3.refillMax.value };
    this.#smallList = new FreeList({
      ...common,
      buffers: CXGB3.fl0Buffers.value,
      chunkBytes: CXGB3.fl0ChunkBytes.value,
      allocationBytes: dma.pages.pageBytes,
    });
    const jumboChunk = (big ? CXGB3.fl1ChunkBytesOn64k : CXGB3.fl1ChunkBytesOn4k).value;
    this.#jumboList = new FreeList({
      ...common,
      buffers: CXGB3.fl1Buffers.value,
      chunkBytes: jumboChunk,
      allocationBytes: Math.max(dma.pages.pageBytes, jumboChunk),
    });
    const beforeFrame = CXGB3.rxPadBytes.value + CXGB3.rxCplBytes.value;
    const storedBytes = beforeFrame + CXGB3.frameHeaderBytes.value + mtu;
    // Only the path without GRO copies short frames; both paths take the stored length, pad and CPL included.
    const copiedUpTo = (options.gro ?? true) ? 0 : CXGB3.copyBreakBytes.value;
    this.#copiesAcks = beforeFrame + CXGB3.headerBytes.value <= copiedUpTo;
    this.#copiesFrames = storedBytes <= copiedUpTo;
    const isSmall = storedBytes < CXGB3.fl0ChunkBytes.value - CXGB3.useCountBytes.value;
    this.#frameList = isSmall ? this.#smallList : this.#jumboList;
    this.#buffersPerFrame = isSmall ? 1 : Math.ceil(storedBytes / (jumboChunk - CXGB3.useCountBytes.value));

    this.#rings = new DescriptorRings(dma, [
      CXGB3.fl0Buffers.value * CXGB3.freeListDescriptorBytes.value,
      CXGB3.fl1Buffers.value * CXGB3.freeListDescriptorBytes.value,
      CXGB3.responseQueueBytes.value,
      CXGB3.ethernetDescriptors.value * CXGB3.txDescriptorBytes.value,
      CXGB3.offloadDescriptors.value * CXGB3.txDescriptorBytes.value,
      CXGB3.controlDescriptors.value * CXGB3.txDescriptorBytes.value,
    ]);
    this.#tx = new TxQueue({
      dma,
      descriptors: CXGB3.ethernetDescriptors.value,
      completionEvery: CXGB3.txCompletionEvery.value,
      reclaimMax: CXGB3.txReclaimMax.value,
      headObjectBytes: CXGB3.headObjectBytes.value,
      headOffsetBytes: CXGB3.headOffsetBytes.value,
      headerBytes: CXGB3.headerBytes.value,
      pageFragBlockBytes: (big ? CXGB3.pageFragBlockBytesOn64k : CXGB3.pageFragBlockBytesOn4k).value,
    });
  }

  open(): void {
    this.#rings.open();
    this.#smallList.open();
    this.#jumboList.open();
  }

  step(): void {
    if (this.#transmits) this.#transmit();
    else this.#poll();
  }

  close(): void {
    this.#smallList.close();
    this.#jumboList.close();
    this.#tx.close();
    this.#rings.close();
    this.#unacknowledged = 0;
  }

  /** One TSO packet, then the acknowledgements that it makes due. */
  #transmit(): void {
    const segments = this.#segmentsPerSkb;
    const sent = this.#tx.sendTso(segments * this.#segmentBytes);
    this.#account(sent ? segments : 0, sent ? 0 : segments);
    const { unit } = this;
    const due = unit.acks;
    for (let i = 0; i < due; i++) {
      if (this.#copiesAcks ? this.#smallList.receiveCopied() : this.#smallList.receive()) continue;
      unit.acks--;
      unit.dropped++;
    }
  }

  /** One poll of received frames; each takes its buffers in turn, and is lost if there are too few. */
  #poll(): void {
    const list = this.#frameList;
    const copies = this.#copiesFrames;
    const budget = CXGB3.napiWeight.value;
    let frames = 0;
    for (let i = 0; i < budget; i++) {
      let taken = 0;
      while (taken < this.#buffersPerFrame && (copies ? list.receiveCopied() : list.receive())) taken++;
      if (taken === this.#buffersPerFrame) frames++;
    }
    this.#account(frames, budget - frames);
  }

  /** Writes the unit: whole data frames, and one acknowledgement for so many of them, the rest carried on. */
  #account(frames: number, dropped: number): void {
    const { unit } = this;
    const unacknowledged = this.#unacknowledged + frames;
    unit.frames = frames;
    unit.dropped = dropped;
    unit.payloadBytes = frames * this.#segmentBytes;
    unit.wireBytes = frames * this.#segmentWireBytes;
    unit.acks = Math.floor(unacknowledged / this.#segmentsPerAck);
    this.#unacknowledged = unacknowledged % this.#segmentsPerAck;
  }
}
