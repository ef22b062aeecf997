import { inputError } from '../errors.js';
import type { Arrivals } from './arrivals.js';
import { type Card, clearUnit, emptyUnit, type UnitOfWork } from './card.js';
import { FlowTurns } from './flow-turns.js';
import type { Nic } from './nic.js';
import { Pacer } from './pacer.js';
import { NET_STACK } from './profiles/net-stack.js';
import type { QueueSet } from './queue-set.js';
import type { FrameMix, Traffic } from './traffic.js';

const FCS_BYTES = NET_STACK.frameCheckBytes.value;
/** Preamble and gap. */
const GAP_BYTES = NET_STACK.frameOverheadBytes.value - FCS_BYTES;
const HEADERS_BYTES = NET_STACK.datagramHeaderBytes.value + FCS_BYTES;

/**
 * Datagrams of mixed lengths, one way or both, each sent from a linear buffer; the lengths are drawn by their
 * weights. Nothing acknowledges them, and GRO does not take them. One thread.
 */
export class Datagrams implements Card {
  readonly unit: UnitOfWork = emptyUnit();
  readonly pipeline: 'tx' | 'rx';
  readonly ringUnits: number;
  readonly #nic: Nic;
  readonly #pacer: Pacer;
  readonly #turns: FlowTurns;
  readonly #transmits: boolean;
  readonly #receives: boolean;
  readonly #batch: number;
  readonly #random: () => number;
  readonly #sizes: Int32Array;
  /** Sums of the weights up to each length, as shares of the whole. */
  readonly #shares: Float64Array;

  constructor(
    nic: Nic,
    traffic: Traffic & { readonly frameMix: FrameMix },
    arrivals: Arrivals,
    random: () => number,
  ) {
    const { frameMix } = traffic;
    const longest = nic.maxFrameBytes + FCS_BYTES;
    const total = frameMix.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [bytes] of frameMix) {
      if (bytes >= HEADERS_BYTES && bytes <= longest) continue;
      throw inputError(
        `traffic.frameMix: frames of ${bytes} bytes do not fit nic.mtu`,
        `use ${HEADERS_BYTES} to ${longest} bytes, FCS included`,
      );
    }
    if (!(total > 0))
      throw inputError('traffic.frameMix: no length has a weight', 'give one a weight above 0');
    this.#nic = nic;
    this.#pacer = new Pacer(nic, arrivals);
    this.#turns = new FlowTurns(nic, traffic.flows);
    this.#transmits = traffic.direction !== 'rx';
    this.#receives = traffic.direction !== 'tx';
    this.#random = random;
    this.#sizes = Int32Array.from(frameMix, ([bytes]) => bytes);
    let sum = 0;
    this.#shares = Float64Array.from(frameMix, ([, weight]) => {
      sum += weight;
      return sum / total;
    });
    this.#batch = this.#transmits || traffic.arrival !== 'closed' ? 1 : nic.napiWeight;
    this.pipeline = this.#transmits ? 'tx' : 'rx';
    const { tx, rx } = nic.queueSets[0] as QueueSet;
    const frames = rx.framesOf(longest - FCS_BYTES);
    this.ringUnits = this.#transmits ? tx.skbsOf(1) : Math.max(1, Math.floor(frames / this.#batch));
  }

  open(): void {
    this.#nic.open();
  }

  step(): void {
    const { unit } = this;
    clearUnit(unit);
    const { tx, rx } = this.#turns.next();
    unit.arrivalPs = this.#pacer.next();
    tx.interrupt();
    for (let i = 0; i < this.#batch; i++) {
      if (this.#transmits) {
        const bytes = this.#pick();
        unit.wireBytes += this.#note(bytes, tx.sendFrame(bytes - FCS_BYTES));
      }
      if (this.#receives) {
        const bytes = this.#pick();
        const wireBytes = this.#note(bytes, rx.receive(bytes - FCS_BYTES, false));
        unit.wireBytes = this.#transmits ? Math.max(unit.wireBytes, wireBytes) : unit.wireBytes + wireBytes;
      }
    }
    rx.endPoll();
  }

  close(): void {
    this.#nic.close();
    this.#turns.restart();
  }

  #pick(): number {
    const share = this.#random();
    let i = 0;
    while (i < this.#shares.length - 1 && share >= (this.#shares[i] as number)) i++;
    return this.#sizes[i] as number;
  }

  #note(bytes: number, isDone: boolean): number {
    const { unit } = this;
    if (!isDone) {
      unit.dropped++;
      return 0;
    }
    unit.frames++;
    unit.payloadBytes += bytes - HEADERS_BYTES;
    return bytes + GAP_BYTES;
  }
}
