import type { Arrivals } from './arrivals.js';
import { type Card, clearUnit, emptyUnit, type UnitOfWork } from './card.js';
import { FlowTurns } from './flow-turns.js';
import type { Nic } from './nic.js';
import { Pacer } from './pacer.js';
import { NET_STACK } from './profiles/net-stack.js';
import type { QueueSet } from './queue-set.js';
import type { Traffic } from './traffic.js';

const HEADER_BYTES = NET_STACK.headerBytes.value;
/** Bytes of a full or partial frame on the wire beside its payload. */
const WIRE_BYTES = HEADER_BYTES + NET_STACK.frameOverheadBytes.value;

/**
 * TCP connections that stream one way or both, by turns. A sender hands down one skb at a time and receives the
 * acknowledgements that it makes due; a receiver polls its frames and sends them. With both directions the data
 * are equal, and what arrives meanwhile is received. One thread.
 */
export class TcpStream implements Card {
  readonly unit: UnitOfWork = emptyUnit();
  readonly pipeline: 'tx' | 'rx';
  readonly ringUnits: number;
  readonly #nic: Nic;
  readonly #pacer: Pacer;
  readonly #turns: FlowTurns;
  readonly #transmits: boolean;
  readonly #receives: boolean;
  readonly #segmentsPerAck: number;
  readonly #segmentsPerOwnAck: number;
  readonly #segmentBytes: number;
  readonly #maxSkbBytes: number;
  readonly #sendBytes: Int32Array;
  /** Frames in a poll of a pure receiver. */
  readonly #pollFrames: number;
  /** By connection: segments sent, and received, that no acknowledgement covers yet. */
  readonly #unackedSent: Float64Array;
  readonly #unackedReceived: Float64Array;
  /** What is left of the send going on, here and at the peer. */
  #leftToSend = 0;
  #leftToReceive = 0;
  #sends = 0;
  #peerSends = 0;

  constructor(nic: Nic, traffic: Traffic, arrivals: Arrivals) {
    this.#nic = nic;
    this.#pacer = new Pacer(nic, arrivals);
    this.#turns = new FlowTurns(nic, traffic.flows);
    this.#transmits = traffic.direction !== 'rx';
    this.#receives = traffic.direction !== 'tx';
    this.#segmentsPerAck = traffic.segmentsPerAck;
    this.#segmentsPerOwnAck = traffic.segmentsPerOwnAck ?? traffic.segmentsPerAck;
    this.#segmentBytes = nic.segmentBytes;
    this.#maxSkbBytes = nic.maxSkbBytes;
    this.#sendBytes = Int32Array.from(traffic.sendBytes ?? [nic.maxSkbBytes]);
    this.#pollFrames = traffic.arrival === 'closed' ? nic.napiWeight : 1;
    this.#unackedSent = new Float64Array(traffic.flows);
    this.#unackedReceived = new Float64Array(traffic.flows);
    this.pipeline = this.#transmits ? 'tx' : 'rx';
    this.ringUnits = this.#countRingUnits();
  }

  open(): void {
    this.#nic.open();
  }

  step(): void {
    clearUnit(this.unit);
    const queueSet = this.#turns.next();
    const { flow } = this.#turns;
    const isNew = this.#transmits ? this.#leftToSend === 0 : true;
    this.unit.arrivalPs = isNew ? this.#pacer.next() : this.#pacer.nowPs;
    queueSet.tx.interrupt();
    const sent = this.#transmits ? this.#send(queueSet, flow) : 0;
    if (this.#receives) this.#receive(queueSet, flow, this.#transmits ? sent : this.#pollFrames);
    queueSet.rx.endPoll();
  }

  close(): void {
    this.#nic.close();
    this.#unackedSent.fill(0);
    this.#unackedReceived.fill(0);
    this.#leftToSend = 0;
    this.#leftToReceive = 0;
    this.#sends = 0;
    this.#peerSends = 0;
    this.#turns.restart();
  }

  /** One skb, then the acknowledgements that it makes due: how many frames it should have been. */
  #send({ tx, rx }: QueueSet, flow: number): number {
    if (this.#leftToSend === 0) {
      this.#leftToSend = this.#sendBytes[this.#sends] as number;
      this.#sends = this.#sends + 1 === this.#sendBytes.length ? 0 : this.#sends + 1;
    }
    const bytes = this.#leftToSend < this.#maxSkbBytes ? this.#leftToSend : this.#maxSkbBytes;
    this.#leftToSend -= bytes;
    const segments = Math.ceil(bytes / this.#segmentBytes);
    const frames = tx.send(bytes);
    const { unit } = this;
    unit.frames = frames;
    unit.dropped = segments - frames;
    unit.payloadBytes = frames === segments ? bytes : frames * this.#segmentBytes;
    unit.wireBytes = unit.payloadBytes + frames * WIRE_BYTES;
    for (let due = acksDue(this.#unackedSent, flow, frames, this.#segmentsPerAck); due > 0; due--) {
      if (rx.receive(HEADER_BYTES, true)) unit.acks++;
      else unit.dropped++;
    }
    return segments;
  }

  /** So many data frames arrive, each as long as what is left of the peer's send lets it be. */
  #receive({ tx, rx }: QueueSet, flow: number, count: number): void {
    let frames = 0;
    let payloadBytes = 0;
    for (let i = 0; i < count; i++) {
      if (this.#leftToReceive === 0) {
        this.#leftToReceive = this.#sendBytes[this.#peerSends] as number;
        this.#peerSends = this.#peerSends + 1 === this.#sendBytes.length ? 0 : this.#peerSends + 1;
      }
      const bytes = this.#leftToReceive < this.#segmentBytes ? this.#leftToReceive : this.#segmentBytes;
      this.#leftToReceive -= bytes;
      if (!rx.receive(HEADER_BYTES + bytes, true)) continue;
      frames++;
      payloadBytes += bytes;
    }
    const { unit } = this;
    unit.frames += frames;
    unit.dropped += count - frames;
    unit.payloadBytes += payloadBytes;
    unit.wireBytes = Math.max(unit.wireBytes, payloadBytes + frames * WIRE_BYTES);
    for (let due = acksDue(this.#unackedReceived, flow, frames, this.#segmentsPerOwnAck); due > 0; due--) {
      if (tx.sendFrame(HEADER_BYTES)) unit.acks++;
      else unit.dropped++;
    }
  }

  #countRingUnits(): number {
    const { tx, rx } = this.#nic.queueSets[0] as QueueSet;
    const longest = Math.max(...this.#sendBytes);
    if (this.#transmits) return tx.skbsOf(Math.min(longest, this.#maxSkbBytes));
    const frameBytes = HEADER_BYTES + Math.min(this.#segmentBytes, longest);
    return Math.max(1, Math.floor(rx.framesOf(frameBytes) / this.#pollFrames));
  }
}

/** Acknowledgements of a connection that so many frames more make due; what is left over waits in `unacked`. */
function acksDue(unacked: Float64Array, flow: number, frames: number, segmentsPerAck: number): number {
  if (segmentsPerAck === 0) return 0;
  const total = (unacked[flow] as number) + frames;
  const due = Math.floor(total / segmentsPerAck);
  unacked[flow] = total - due * segmentsPerAck;
  return due;
}
