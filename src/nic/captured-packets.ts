import { inputError } from '../errors.js';
import { PICOSECONDS_PER_NS } from '../units.js';
import type { Arrivals } from './arrivals.js';
import { type Card, clearUnit, emptyUnit, type UnitOfWork } from './card.js';
import { FlowTurns } from './flow-turns.js';
import type { Nic } from './nic.js';
import { Pacer } from './pacer.js';
import type { PacketTrain } from './packet-train.js';
import { NET_STACK } from './profiles/net-stack.js';
import type { QueueSet } from './queue-set.js';
import type { Traffic } from './traffic.js';

const HEADER_BYTES = NET_STACK.headerBytes.value;
const OVERHEAD_BYTES = NET_STACK.frameOverheadBytes.value;
const OUT = 1;

/**
 * The packets of a capture, one after another, and from the start again when they are over. A packet is taken for a
 * segment of a TCP stream; one longer than the MTU was captured before the card cut it, or after it was put together,
 * so it is sent as one skb or received as the frames that it was. One thread.
 */
export class CapturedPackets implements Card {
  readonly unit: UnitOfWork = emptyUnit();
  readonly pipeline: 'tx' | 'rx';
  readonly ringUnits: number;
  readonly #nic: Nic;
  readonly #pacer: Pacer;
  readonly #turns: FlowTurns;
  readonly #train: PacketTrain;
  readonly #goesOut: boolean;
  #next = 0;

  constructor(nic: Nic, traffic: Traffic, train: PacketTrain) {
    if (!train.sizes.some((bytes) => bytes > HEADER_BYTES)) {
      throw inputError('traffic.pcap: the capture has no packet with payload', 'use another one');
    }
    this.#nic = nic;
    this.#pacer = new Pacer(nic, traffic.arrival === 'closed' ? { next: () => 0 } : timesOf(train));
    this.#turns = new FlowTurns(nic, traffic.flows);
    this.#train = train;
    this.#goesOut = traffic.direction === 'tx';
    const out = train.directions?.includes(OUT) ?? this.#goesOut;
    this.pipeline = out ? 'tx' : 'rx';
    const { tx, rx } = nic.queueSets[0] as QueueSet;
    this.ringUnits = out ? tx.skbsOf(nic.segmentBytes) : rx.framesOf(nic.maxFrameBytes);
  }

  open(): void {
    this.#nic.open();
  }

  step(): void {
    const { unit } = this;
    clearUnit(unit);
    const queueSet = this.#turns.next();
    const packet = this.#next;
    this.#next = packet + 1 === this.#train.sizes.length ? 0 : packet + 1;
    unit.arrivalPs = this.#pacer.next();
    queueSet.tx.interrupt();
    const bytes = this.#train.sizes[packet] as number;
    const direction = this.#train.directions?.[packet];
    const isOut = direction === undefined ? this.#goesOut : direction === OUT;
    if (isOut) this.#send(queueSet, bytes);
    else this.#receive(queueSet, bytes);
    queueSet.rx.endPoll();
  }

  close(): void {
    this.#nic.close();
    this.#next = 0;
    this.#turns.restart();
  }

  #send({ tx }: QueueSet, bytes: number): void {
    const { segmentBytes, maxSkbBytes } = this.#nic;
    if (bytes <= HEADER_BYTES) this.#note(tx.sendFrame(bytes) ? 1 : 0, 1, 0, bytes);
    for (let left = bytes - HEADER_BYTES; left > 0; left -= maxSkbBytes) {
      const payload = Math.min(left, maxSkbBytes);
      const segments = Math.ceil(payload / segmentBytes);
      this.#note(tx.send(payload), segments, payload, HEADER_BYTES);
    }
  }

  #receive({ rx }: QueueSet, bytes: number): void {
    const { segmentBytes } = this.#nic;
    if (bytes <= HEADER_BYTES) this.#note(rx.receive(bytes, true) ? 1 : 0, 1, 0, bytes);
    for (let left = bytes - HEADER_BYTES; left > 0; left -= segmentBytes) {
      const payload = Math.min(left, segmentBytes);
      this.#note(rx.receive(HEADER_BYTES + payload, true) ? 1 : 0, 1, payload, HEADER_BYTES);
    }
  }

  /** `done` of `segments` frames went through, with a header of so many bytes each. */
  #note(done: number, segments: number, payload: number, headerBytes: number): void {
    const { unit } = this;
    const bytes = done === segments ? payload : done * this.#nic.segmentBytes;
    unit.frames += done;
    unit.dropped += segments - done;
    unit.payloadBytes += bytes;
    unit.wireBytes += bytes + done * (headerBytes + OVERHEAD_BYTES);
  }
}

/** The times of a capture from its first packet on; a packet that is out of order comes with the one before it. */
function timesOf({ timesNs }: PacketTrain): Arrivals {
  const startNs = timesNs[0] as number;
  let packet = 0;
  let lapPs = 0;
  let lastPs = 0;
  return {
    next() {
      const offsetPs = Math.round(((timesNs[packet] as number) - startNs) * PICOSECONDS_PER_NS);
      lastPs = Math.max(lastPs, lapPs + offsetPs);
      if (++packet === timesNs.length) {
        packet = 0;
        lapPs = lastPs;
      }
      return lastPs;
    },
  };
}
