import type { Arrivals } from './arrivals.js';
import { type Card, clearUnit, emptyUnit, type UnitOfWork } from './card.js';
import { FlowTurns } from './flow-turns.js';
import type { Nic } from './nic.js';
import { Pacer } from './pacer.js';
import { NET_STACK } from './profiles/net-stack.js';
import type { QueueSet } from './queue-set.js';
import type { Traffic } from './traffic.js';

const HEADER_BYTES = NET_STACK.headerBytes.value;
const WIRE_BYTES = HEADER_BYTES + NET_STACK.frameOverheadBytes.value;

/**
 * Connections on which a request comes in and a response goes out, by turns. The last segment of a message is
 * acknowledged by the message that answers it, the others by acknowledgements of their own. One thread.
 */
export class RequestResponse implements Card {
  readonly unit: UnitOfWork = emptyUnit();
  readonly pipeline = 'rx';
  readonly ringUnits: number;
  readonly #nic: Nic;
  readonly #pacer: Pacer;
  readonly #turns: FlowTurns;
  readonly #requestBytes: number;
  readonly #responseBytes: number;
  readonly #segmentsPerAck: number;

  constructor(nic: Nic, traffic: Traffic, arrivals: Arrivals) {
    this.#nic = nic;
    this.#pacer = new Pacer(nic, arrivals);
    this.#turns = new FlowTurns(nic, traffic.flows);
    this.#requestBytes = traffic.requestBytes;
    this.#responseBytes = traffic.responseBytes;
    this.#segmentsPerAck = traffic.segmentsPerAck;
    const { rx } = nic.queueSets[0] as QueueSet;
    const frames = Math.ceil(traffic.requestBytes / nic.segmentBytes);
    this.ringUnits = Math.max(1, Math.min(traffic.flows, Math.floor(rx.framesOf(HEADER_BYTES) / frames)));
  }

  open(): void {
    this.#nic.open();
  }

  step(): void {
    const { unit } = this;
    clearUnit(unit);
    const queueSet = this.#turns.next();
    unit.arrivalPs = this.#pacer.next();
    queueSet.tx.interrupt();
    if (this.#receiveRequest(queueSet) && this.#sendResponse(queueSet)) unit.transactions = 1;
    queueSet.rx.endPoll();
  }

  close(): void {
    this.#nic.close();
    this.#turns.restart();
  }

  /** False: a frame of it was lost, so that it is never answered. */
  #receiveRequest({ tx, rx }: QueueSet): boolean {
    const { unit } = this;
    const { segmentBytes } = this.#nic;
    let frames = 0;
    let isWhole = true;
    for (let left = this.#requestBytes; left > 0; left -= segmentBytes) {
      const bytes = Math.min(left, segmentBytes);
      if (rx.receive(HEADER_BYTES + bytes, true)) {
        frames++;
        unit.payloadBytes += bytes;
      } else {
        unit.dropped++;
        isWhole = false;
      }
    }
    unit.frames += frames;
    unit.wireBytes += unit.payloadBytes + frames * WIRE_BYTES;
    for (let due = this.#acksDue(frames); due > 0; due--) {
      if (tx.sendFrame(HEADER_BYTES)) unit.acks++;
      else unit.dropped++;
    }
    return isWhole;
  }

  #sendResponse({ tx, rx }: QueueSet): boolean {
    const { unit } = this;
    const { segmentBytes, maxSkbBytes } = this.#nic;
    let isWhole = true;
    for (let left = this.#responseBytes; left > 0; left -= maxSkbBytes) {
      const bytes = Math.min(left, maxSkbBytes);
      const segments = Math.ceil(bytes / segmentBytes);
      const frames = tx.send(bytes);
      const payloadBytes = frames === segments ? bytes : frames * segmentBytes;
      if (frames < segments) isWhole = false;
      unit.frames += frames;
      unit.dropped += segments - frames;
      unit.payloadBytes += payloadBytes;
      unit.wireBytes += payloadBytes + frames * WIRE_BYTES;
    }
    for (let due = this.#acksDue(Math.ceil(this.#responseBytes / segmentBytes)); due > 0; due--) {
      if (rx.receive(HEADER_BYTES, true)) unit.acks++;
      else unit.dropped++;
    }
    return isWhole;
  }

  #acksDue(segments: number): number {
    return this.#segmentsPerAck === 0 ? 0 : Math.max(0, Math.floor((segments - 1) / this.#segmentsPerAck));
  }
}
