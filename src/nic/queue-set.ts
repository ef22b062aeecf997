import type { DmaApi } from '../guest/dma-api.js';
import { BufferRing } from './buffer-ring.js';
import { DescriptorRings } from './descriptor-rings.js';
import { FrameBuffers } from './frame-buffers.js';
import type { NicProfile, Offload, ReceiveBy, ReceiveProfile } from './nic-profile.js';
import { PageCache } from './page-cache.js';
import { PageChunks } from './page-chunks.js';
import { PageReuse } from './page-reuse.js';
import { NET_STACK } from './profiles/net-stack.js';
import type { ReceiveRing } from './receive-ring.js';
import { StillReceive, StillTransmit } from './still-buffers.js';
import type { TransmitQueue } from './transmit-queue.js';
import { TxQueue } from './tx-queue.js';

/** What a {@link QueueSet} is made from, beside the card's profile. */
export interface QueueSetOptions {
  /** The DMA API of the CPU that serves the queue set. */
  readonly dma: DmaApi;
  readonly offload: Offload;
  readonly gro: boolean;
  readonly segmentBytes: number;
  readonly maxSkbBytes: number;
  readonly headPayloadBytes: number;
  /** The longest frame, FCS not included. */
  readonly maxFrameBytes: number;
}

/** One queue set of a card: its coherent rings, its receive buffers and its transmit queue. One thread. */
export class QueueSet {
  readonly rx: ReceiveRing;
  readonly tx: TransmitQueue;
  readonly #rings: DescriptorRings;

  constructor(profile: NicProfile, options: QueueSetOptions) {
    this.#rings = new DescriptorRings(
      options.dma,
      Object.values(profile.rings).map(({ value }) => value),
    );
    this.rx = receiveRing(profile.receive, options);
    this.tx = transmitQueue(profile, options);
  }

  open(): void {
    this.#rings.open();
    this.rx.open();
  }

  close(): void {
    this.rx.close();
    this.tx.close();
    this.#rings.close();
  }
}

function receiveRing(profile: ReceiveProfile, options: QueueSetOptions): ReceiveRing {
  const { dma } = options;
  if (profile.mechanism === 'page-chunks') return new PageChunks(dma, profile, options.gro);
  if (profile.mechanism === 'bypass' || profile.mechanism === 'ideal') {
    return new StillReceive(profile.buffers.value);
  }
  const ring = { buffers: profile.buffers.value, refillBatch: profile.refillBatch.value };
  switch (profile.mechanism) {
    case 'frame-buffers':
      return frameBuffers(profile, options);
    case 'page-reuse':
      return new BufferRing({
        ...ring,
        bufferBytes: profile.bufferBytes.value,
        slots: new PageReuse(dma, profile),
      });
    case 'page-cache':
      return new BufferRing({
        ...ring,
        bufferBytes: dma.pages.pageBytes,
        slots: new PageCache(dma, profile),
      });
  }
}

/** Buffers cut from blocks as long as a frame fits; otherwise each is the beginning of a page of its own. */
function frameBuffers(
  profile: ReceiveBy<'frame-buffers'>,
  { dma, maxFrameBytes }: QueueSetOptions,
): BufferRing {
  const { pageBytes } = dma.pages;
  const buffers = profile.buffers.value;
  const isJumbo = maxFrameBytes + NET_STACK.frameCheckBytes.value > profile.bufferBytes.value;
  const bufferBytes = isJumbo
    ? Math.min(profile.jumboBufferBytes.value, pageBytes)
    : profile.bufferBytes.value;
  return new BufferRing({
    buffers,
    bufferBytes,
    refillBatch: profile.refillBatch.value,
    slots: new FrameBuffers({
      dma,
      buffers,
      mappedBytes: bufferBytes,
      headroomBytes: isJumbo ? 0 : profile.headroomBytes.value,
      strideBytes: isJumbo ? pageBytes : profile.strideBytes.value,
      blockBytes: isJumbo ? pageBytes : pageFragBlockBytes(pageBytes),
      copyBreakBytes: profile.copyBreakBytes.value,
      copyKeepsMapping: !isJumbo && profile.copyKeepsMapping.value !== 0,
      mapsBeforeUnmap: profile.mapsBeforeUnmap.value !== 0,
    }),
  });
}

function transmitQueue({ transmit }: NicProfile, options: QueueSetOptions): TransmitQueue {
  const { dma, offload, segmentBytes, maxSkbBytes, headPayloadBytes } = options;
  if (transmit.mechanism !== 'map') return new StillTransmit(transmit.descriptors.value, segmentBytes);
  const { pageBytes } = dma.pages;
  return new TxQueue({
    ...{ dma, offload, segmentBytes, maxSkbBytes, headPayloadBytes, profile: transmit },
    // A file's pages lie apart, however large the blocks of a socket are.
    pageFragBlockBytes: offload === 'sendfile' ? pageBytes : pageFragBlockBytes(pageBytes),
  });
}

function pageFragBlockBytes(pageBytes: number): number {
  return (pageBytes > 8192 ? NET_STACK.pageFragBlockBytesOn64k : NET_STACK.pageFragBlockBytesOn4k).value;
}
