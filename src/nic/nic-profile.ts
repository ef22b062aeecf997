import type { NicParameter, ParameterTable } from './nic-parameter.js';

/** In which shape TCP hands its data to a card; the scenario's key `nic.offload`. */
export const OFFLOADS = ['tso', 'swGso', 'linear', 'sendfile'] as const;

/** In which shape TCP hands its data to a card. */
export type Offload = (typeof OFFLOADS)[number];

/** The parameters that every card has. */
export const LIMIT_KEYS = ['mtuMin', 'mtuMax', 'queueSetsMax', 'pcieBytesPerSec'] as const;

/** The parameters of each way to keep receive buffers. */
export const RECEIVE_KEYS = {
  /** Chunks of pages that are mapped whole, each used once: two free lists, the frame's length decides. */
  'page-chunks': [
    ...['smallBuffers', 'smallChunkBytes', 'jumboBuffers', 'jumboChunkBytesOn64k', 'jumboChunkBytesOn4k'],
    ...['useCountBytes', 'refillMax', 'copyBreakBytes', 'padBytes', 'napiWeight'],
  ],
  /** A buffer for each frame, mapped on its own. */
  'frame-buffers': [
    ...['buffers', 'bufferBytes', 'strideBytes', 'headroomBytes', 'jumboBufferBytes', 'copyBreakBytes'],
    ...['copyKeepsMapping', 'mapsBeforeUnmap', 'refillBatch', 'napiWeight'],
  ],
  /** Pages that stay mapped while the driver is their only owner. */
  'page-reuse': [
    'buffers',
    'bufferBytes',
    'copyBreakBytes',
    'missesPerThousand',
    'refillBatch',
    'napiWeight',
  ],
  /** Pages that stay mapped in a cache of the ring, taken from its head when their reader is done. */
  'page-cache': ['buffers', 'cachePages', 'heldFrames', 'refillBatch', 'napiWeight'],
  /** The device reads guest memory past the DMA API. */
  bypass: ['buffers', 'napiWeight'],
  /** Buffers that are mapped once with the rings, and used again for ever. */
  ideal: ['buffers', 'napiWeight'],
} as const;

/** The parameters of each way to send. */
export const TRANSMIT_KEYS = {
  /** Each piece of a packet is mapped for it. */
  map: [
    ...['descriptors', 'maxPieceBytes', 'maxPieceSegments', 'immediateMaxBytes', 'inlineTsoHeader'],
    ...['tsoSentinelBytes', 'tableBytesPerPiece', 'contextDescriptors'],
    ...['flitsPerDescriptor', 'completionEvery', 'reclaimMax', 'reclaimAtTransmit'],
    ...['timerPeriodNs', 'timerReclaimMax'],
  ],
  /** The device reads guest memory past the DMA API. */
  bypass: ['descriptors'],
  /** Buffers that are mapped once with the rings; a packet is copied there. */
  ideal: ['descriptors'],
} as const;

/** How a card keeps its receive buffers. */
export type ReceiveMechanism = keyof typeof RECEIVE_KEYS;

/** How a card sends. */
export type TransmitMechanism = keyof typeof TRANSMIT_KEYS;

/** One of several mechanisms with the parameters that it needs. */
export type Mechanism<Keys extends { readonly [name: string]: readonly string[] }> = {
  readonly [Name in keyof Keys]: { readonly mechanism: Name } & Readonly<
    Record<Keys[Name][number], NicParameter>
  >;
}[keyof Keys];

/** How receive buffers are kept, with its numbers. */
export type ReceiveProfile = Mechanism<typeof RECEIVE_KEYS>;

/** How packets are sent, with its numbers. */
export type TransmitProfile = Mechanism<typeof TRANSMIT_KEYS>;

/** The receive side with a mechanism of that name. */
export type ReceiveBy<Name extends ReceiveMechanism> = Extract<ReceiveProfile, { readonly mechanism: Name }>;

/** The transmit side with a mechanism of that name. */
export type TransmitBy<Name extends TransmitMechanism> = Extract<
  TransmitProfile,
  { readonly mechanism: Name }
>;

/**
 * A card with its driver, as data: what each number means is told by docs/CARDS.md. All of it is per queue set, but
 * for the limits. A flag is 0 or 1.
 */
export interface NicProfile {
  readonly id: string;
  readonly title: string;
  /** What the card with its driver can be asked for, the usual one first. */
  readonly offloads: readonly Offload[];
  readonly limits: Readonly<Record<(typeof LIMIT_KEYS)[number], NicParameter>>;
  /** Length of each coherent allocation, in the order in which they are made. */
  readonly rings: ParameterTable;
  readonly receive: ReceiveProfile;
  readonly transmit: TransmitProfile;
}

/** Every parameter of a profile with its full name, in the order of the file. */
export function parametersOf(profile: NicProfile): ReadonlyMap<string, NicParameter> {
  const all = new Map<string, NicParameter>();
  for (const group of ['limits', 'rings', 'receive', 'transmit'] as const) {
    for (const [key, value] of Object.entries(profile[group])) {
      if (typeof value === 'object') all.set(`${group}.${key}`, value);
    }
  }
  return all;
}
