import type { Arrival } from './arrivals.js';
import type { PacketTrain } from './packet-train.js';

/** Frames by length, FCS included, each with its weight; the scenario's key `traffic.frameMix`. */
export type FrameMix = readonly (readonly [frameBytes: number, weight: number])[];

/** The simple Internet mix: seven short frames, four middle ones, one long one. */
export const IMIX: FrameMix = [
  [64, 7],
  [594, 4],
  [1518, 1],
];

/** What a card is asked to do; the names are those of the scenario's keys below `traffic`. */
export interface Traffic {
  readonly workload: 'stream' | 'rr';
  readonly direction: 'tx' | 'rx' | 'both';
  /** TCP connections, served by turns. */
  readonly flows: number;
  /** Data segments that one ACK covers, in the mean; 0: acknowledgements ride on data. */
  readonly segmentsPerAck: number;
  /** As above for what the guest receives, of a stream; absent: the same. */
  readonly segmentsPerOwnAck?: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Payload of each send, one length after another for ever; absent: as much as an skb takes. */
  readonly sendBytes?: readonly number[];
  /** Datagrams of these lengths instead of a TCP stream. */
  readonly frameMix?: FrameMix;
  readonly arrival: Arrival;
  /** A capture instead of a workload. */
  readonly train?: PacketTrain;
}

/** Uniform random numbers of a workload, from a seeded stream each. */
export interface TrafficRandom {
  /** A double in [0, 1) for the next arrival. */
  readonly arrival: () => number;
  /** A double in [0, 1) for the next choice of a frame's length. */
  readonly frame: () => number;
}
