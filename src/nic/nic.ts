import { inputError } from '../errors.js';
import type { DmaApi } from '../guest/dma-api.js';
import { knownHint } from '../nearest.js';
import type { NicProfile, Offload } from './nic-profile.js';
import { NET_STACK } from './profiles/net-stack.js';
import { QueueSet } from './queue-set.js';
import { TxQueue } from './tx-queue.js';

/** What a {@link Nic} is made from; the names are those of the scenario's keys. */
export interface NicOptions {
  readonly profile: NicProfile;
  /** The DMA APIs of the CPUs that serve the queue sets, by turns. */
  readonly dmas: readonly [DmaApi, ...DmaApi[]];
  /** `nic.mtu`, default 1500. */
  readonly mtu?: number;
  /** `nic.offload`, default the profile's first. */
  readonly offload?: Offload;
  /** `nic.gro`, default true. Without it some drivers copy short frames. */
  readonly gro?: boolean;
  /** `nic.queueSets`, default 1. */
  readonly queueSets?: number;
  /** `nic.headPayloadBytes`, default 0. */
  readonly headPayloadBytes?: number;
}

/** Payload in the linear head is at most this, whatever the kernel. */
export const MAX_HEAD_PAYLOAD_BYTES = 1500;

/** A card with its driver and 1 or more queue sets. One thread. */
export class Nic {
  readonly queueSets: readonly QueueSet[];
  /** Payload of a full frame of a TCP stream. */
  readonly segmentBytes: number;
  /** The longest payload that one skb takes. */
  readonly maxSkbBytes: number;
  /** The longest frame, FCS not included. */
  readonly maxFrameBytes: number;
  /** Frames that the driver takes in one poll. */
  readonly napiWeight: number;

  constructor(options: NicOptions) {
    const { profile, dmas, gro = true } = options;
    const { limits } = profile;
    const mtu = wholeNumber('nic.mtu', options.mtu ?? 1500, limits.mtuMin.value, limits.mtuMax.value);
    const queueSets = wholeNumber('nic.queueSets', options.queueSets ?? 1, 1, limits.queueSetsMax.value);
    const headPayloadBytes = wholeNumber(
      'nic.headPayloadBytes',
      options.headPayloadBytes ?? 0,
      0,
      MAX_HEAD_PAYLOAD_BYTES,
    );
    const offload = options.offload ?? (profile.offloads[0] as Offload);
    if (!profile.offloads.includes(offload)) {
      throw inputError(
        `nic.offload: ${profile.id} cannot do ${offload}`,
        knownHint(offload, profile.offloads),
      );
    }
    this.segmentBytes = mtu - NET_STACK.mssBelowMtuBytes.value;
    this.maxFrameBytes = mtu + NET_STACK.frameHeaderBytes.value;
    this.napiWeight = profile.receive.napiWeight.value;
    const most = Math.floor(NET_STACK.tsoGoalBytes.value / this.segmentBytes);
    const common = { offload, gro, headPayloadBytes };
    const queueSet = (index: number, segments: number) =>
      new QueueSet(profile, {
        ...common,
        dma: dmas[index % dmas.length] as DmaApi,
        segmentBytes: this.segmentBytes,
        maxSkbBytes: segments * this.segmentBytes,
        maxFrameBytes: this.maxFrameBytes,
      });
    let segments = Math.max(1, most);
    let first = queueSet(0, segments);
    // An skb that the ring could never hold is not built: the stack keeps it shorter.
    while (!fits(first) && segments > 1) {
      segments >>= 1;
      first = queueSet(0, segments);
    }
    if (!fits(first)) {
      throw inputError(
        `${profile.id}: transmit.descriptors is ${profile.transmit.descriptors.value}, too few for one packet`,
        'give the card a longer ring',
      );
    }
    this.maxSkbBytes = segments * this.segmentBytes;
    this.queueSets = [first, ...Array.from({ length: queueSets - 1 }, (_, i) => queueSet(i + 1, segments))];
  }

  /** Brings the interface up: rings, then the receive buffers. */
  open(): void {
    for (const queueSet of this.queueSets) queueSet.open();
  }

  /** So many nanoseconds go by in which nothing is sent or received. */
  elapse(ns: number): void {
    for (const { tx } of this.queueSets) tx.elapse(ns);
  }

  /** Takes the interface down: nothing is mapped and no guest page is held afterwards. */
  close(): void {
    for (const queueSet of this.queueSets) queueSet.close();
  }
}

function fits({ tx }: QueueSet): boolean {
  return !(tx instanceof TxQueue) || tx.holdsLongestPacket;
}

function wholeNumber(key: string, value: number, low: number, high: number): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw inputError(`${key}: ${value} is out of range`, `use a whole number from ${low} to ${high}`);
}
