import { DMA_FROM_DEVICE, type DmaApi } from '../guest/dma-api.js';
import type { SlotBuffers } from './buffer-ring.js';
import { PageFrag } from './page-frag.js';

/** What {@link FrameBuffers} are made from. */
export interface FrameBuffersOptions {
  readonly dma: DmaApi;
  readonly buffers: number;
  /** What is mapped of a buffer: so many bytes behind so many. */
  readonly mappedBytes: number;
  readonly headroomBytes: number;
  /** Memory that a buffer takes, and the block that buffers are cut from. */
  readonly strideBytes: number;
  readonly blockBytes: number;
  /** Frames of up to this are copied out. */
  readonly copyBreakBytes: number;
  /** Whether a buffer that was copied from keeps its mapping, or is unmapped first and mapped again. */
  readonly copyKeepsMapping: boolean;
  /** Whether a used buffer is replaced at once, its successor mapped before it is unmapped. */
  readonly mapsBeforeUnmap: boolean;
}

/** No mapping. */
const NONE = -1;

/**
 * A buffer for each frame, mapped on its own: unmapped when its frame has come, and a new one is mapped when the
 * driver refills. The reader is quick: the memory is free again at once. One thread.
 */
export class FrameBuffers implements SlotBuffers {
  readonly #dma: DmaApi;
  readonly #options: FrameBuffersOptions;
  readonly #frag: PageFrag;
  /** By slot: first entry or {@link NONE}, address, and the block that its memory is part of or {@link NONE}. */
  readonly #entries: Int32Array;
  readonly #gpas: Float64Array;
  readonly #blocks: Int32Array;

  constructor(options: FrameBuffersOptions) {
    this.#dma = options.dma;
    this.#options = options;
    this.#frag = new PageFrag(options.dma.pages, options.blockBytes);
    this.#entries = new Int32Array(options.buffers).fill(NONE);
    this.#gpas = new Float64Array(options.buffers);
    this.#blocks = new Int32Array(options.buffers).fill(NONE);
  }

  fill(slot: number): boolean {
    if (this.#entries[slot] !== NONE) return true;
    if (this.#blocks[slot] === NONE) this.#allocate(slot);
    return this.#map(slot);
  }

  use(slot: number, bytes: number): boolean {
    const { copyBreakBytes, copyKeepsMapping, mapsBeforeUnmap } = this.#options;
    const isCopied = bytes <= copyBreakBytes;
    if (isCopied && copyKeepsMapping) return true;
    if (mapsBeforeUnmap) return this.#replace(slot);
    this.#unmap(slot);
    if (!isCopied) this.#free(slot);
    return true;
  }

  empty(slot: number): void {
    if (this.#entries[slot] !== NONE) this.#unmap(slot);
    if (this.#blocks[slot] !== NONE) this.#free(slot);
  }

  close(): void {
    this.#frag.close();
  }

  /** Without a new mapping the frame is dropped, and its buffer stays. */
  #replace(slot: number): boolean {
    const entry = this.#entries[slot] as number;
    const gpa = this.#gpas[slot] as number;
    const block = this.#blocks[slot] as number;
    this.#allocate(slot);
    if (!this.#map(slot)) {
      this.#free(slot);
      this.#entries[slot] = entry;
      this.#gpas[slot] = gpa;
      this.#blocks[slot] = block;
      return false;
    }
    this.#dma.unmap(entry, this.#dma.pagesOf(gpa, this.#options.mappedBytes));
    this.#frag.drop(block);
    return true;
  }

  #allocate(slot: number): void {
    this.#frag.takeWhole(this.#options.strideBytes);
    this.#gpas[slot] = this.#frag.lastGpa + this.#options.headroomBytes;
    this.#blocks[slot] = this.#frag.block;
  }

  #free(slot: number): void {
    this.#frag.drop(this.#blocks[slot] as number);
    this.#blocks[slot] = NONE;
  }

  #map(slot: number): boolean {
    const entry = this.#dma.map(this.#gpas[slot] as number, this.#options.mappedBytes, DMA_FROM_DEVICE);
    this.#entries[slot] = entry < 0 ? NONE : entry;
    return entry >= 0;
  }

  #unmap(slot: number): void {
    const npages = this.#dma.pagesOf(this.#gpas[slot] as number, this.#options.mappedBytes);
    this.#dma.unmap(this.#entries[slot] as number, npages);
    this.#entries[slot] = NONE;
  }
}
