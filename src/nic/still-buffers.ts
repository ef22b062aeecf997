import type { ReceiveRing } from './receive-ring.js';
import type { TransmitQueue } from './transmit-queue.js';

/** Receive buffers that never change a mapping: past the DMA API, or mapped once with the rings. */
export class StillReceive implements ReceiveRing {
  readonly #buffers: number;

  constructor(buffers: number) {
    this.#buffers = buffers;
  }

  open(): void {}

  receive(): boolean {
    return true;
  }

  endPoll(): void {}

  close(): void {}

  framesOf(): number {
    return this.#buffers;
  }
}

/** A transmit queue that never changes a mapping. */
export class StillTransmit implements TransmitQueue {
  readonly #descriptors: number;
  readonly #segmentBytes: number;

  constructor(descriptors: number, segmentBytes: number) {
    this.#descriptors = descriptors;
    this.#segmentBytes = segmentBytes;
  }

  send(bytes: number): number {
    return Math.ceil(bytes / this.#segmentBytes);
  }

  sendFrame(): boolean {
    return true;
  }

  interrupt(): void {}

  elapse(): void {}

  close(): void {}

  skbsOf(): number {
    return this.#descriptors;
  }
}
