import type { CostModel } from '../cost/cost-model.js';
import { Agenda } from './agenda.js';
import { CallParts, EXIT_LEG_SHARE } from './call-parts.js';
import { CompletedWork } from './completed-work.js';
import type { ContendedRunOptions, VcpuWork } from './contended-run-options.js';
import { CoreThreads } from './core-threads.js';
import { DurationHistogram } from './duration-histogram.js';
import { GuestCpus } from './guest-cpus.js';
import { idleCardError, MAX_IDLE_UNITS } from './idle-card.js';
import { psPerPcieByte, psPerWireByte } from './link.js';
import * as unit from './unit-queue.js';

const EVENTS_PER_PROGRESS = 1 << 18;

/** Where a vCPU stands between its units. */
const RESTS = 0;
const IS_READY = 1;
const WORKS = 2;

/**
 * The clock of several vCPUs. A unit is executed as a whole when its first stage begins: at the processor when it
 * sends, on the wire when it receives. Then its calls take their time one by one, in the order of the unit, and
 * wait for what others hold: function by units, time by hypercalls. Everything is first come, first served, by
 * time and then by the order of the requests, so equal runs are equal to the bit.
 */
export class ContendedRun {
  readonly #options: ContendedRunOptions;
  readonly #agenda = new Agenda();
  readonly #queues: readonly unit.UnitQueue[];
  readonly #cores: CoreThreads;
  readonly #cpus: GuestCpus;
  readonly #done: CompletedWork;
  readonly #lanes: number;
  readonly #ringUnits: number;
  readonly #transmits: boolean;
  readonly #psPerWireByte: number;
  readonly #psPerPcieByte: number;
  readonly #random: readonly (() => number)[];
  readonly #state: Uint8Array;
  /** By vCPU: units begun, and done; when the last so many were done, in turn. */
  readonly #begun: Float64Array;
  readonly #completed: Float64Array;
  readonly #doneAt: Float64Array;
  /** Received work: whether the wire side waits for an arrival, or for a buffer. */
  readonly #arrives: Uint8Array;
  readonly #isBlocked: Uint8Array;
  readonly #idleUnits: Int32Array;
  #wireFreeAt = 0;
  #pcieFreeAt = 0;

  constructor(options: ContendedRunOptions) {
    const { work, cost, link, pools, pcieBytesPerSec } = options;
    const lanes = work.length;
    const [{ pipeline, ringUnits }] = work;
    this.#options = options;
    this.#lanes = lanes;
    this.#transmits = pipeline === 'tx';
    this.#ringUnits = Math.max(1, ringUnits);
    this.#queues = work.map(() => new unit.UnitQueue(this.#transmits ? 1 : this.#ringUnits));
    this.#psPerWireByte = psPerWireByte(link);
    this.#psPerPcieByte = psPerPcieByte(pcieBytesPerSec);
    const legs = options.threadsLeaveTogether ? exitLegs(cost) : null;
    this.#cores = new CoreThreads(this.#agenda, lanes, options.threadsPerCore, legs, 2 * lanes);
    const parts = new CallParts(options.classes, cost);
    const callTimes = new DurationHistogram();
    this.#cpus = new GuestCpus({
      agenda: this.#agenda,
      parts,
      cores: this.#cores,
      queues: this.#queues,
      pools,
      poolLockPs: cost.pricePs('iovaLockNs'),
      callTimes,
    });
    this.#done = new CompletedWork(options.length, this.#cpus, callTimes, lanes, pools);
    this.#random = work.map((_, vcpu) => options.random(vcpu));
    this.#state = new Uint8Array(lanes);
    this.#begun = new Float64Array(lanes);
    this.#completed = new Float64Array(lanes);
    this.#doneAt = new Float64Array(lanes * this.#ringUnits);
    this.#arrives = new Uint8Array(lanes);
    this.#isBlocked = new Uint8Array(lanes);
    this.#idleUnits = new Int32Array(lanes);
  }

  /** Works until the measured payload is done. */
  run(): CompletedWork {
    const agenda = this.#agenda;
    const lanes = this.#lanes;
    for (let lane = 0; lane < lanes; lane++) agenda.at(0, this.#transmits ? lane : lanes + lane);
    let events = 0;
    while (!this.#done.isComplete && agenda.next()) {
      const { id } = agenda;
      if (id < lanes) this.#wakeVcpu(id);
      else if (id < 2 * lanes) this.#wakeWire(id - lanes);
      else this.#cores.call(id);
      if (++events % EVENTS_PER_PROGRESS === 0) this.#tellProgress();
    }
    return this.#done;
  }

  #wakeVcpu(lane: number): void {
    const late = this.#cores.takeLateness(lane);
    if (late > 0) {
      this.#agenda.at(this.#agenda.nowPs + late, lane);
      return;
    }
    if (this.#state[lane] === WORKS) {
      if (this.#cpus.advance(lane)) this.#finish(lane);
      return;
    }
    if (this.#state[lane] === RESTS) {
      this.#execute(lane);
      this.#state[lane] = IS_READY;
      const { arrivalPs } = (this.#options.work[lane] as VcpuWork).unit;
      const fromPs = this.#begun[lane] === 1 ? Math.max(arrivalPs, this.#headStartPs(lane)) : arrivalPs;
      if (fromPs > this.#agenda.nowPs) {
        this.#cores.rest(lane);
        this.#agenda.at(fromPs, lane);
        return;
      }
    }
    if (!this.#cores.rouse(lane)) return;
    this.#state[lane] = WORKS;
    if (this.#cpus.begin(lane)) this.#finish(lane);
  }

  /** Executes the next unit of a vCPU and puts it into its queue. */
  #execute(lane: number): void {
    const { work, log, cost, lockCoverage, isClosed } = this.#options;
    const queue = this.#queues[lane] as unit.UnitQueue;
    const card = work[lane] as VcpuWork;
    log.clear();
    card.step();
    const { payloadBytes, wireBytes, frames, dropped, transactions, arrivalPs } = card.unit;
    queue.open();
    queue.setYoungest(unit.LOCKS, log.list(lockCoverage, queue));
    queue.setYoungest(
      unit.OTHER_WORK_PS,
      this.#spread(lane, cost.otherWorkPs(frames, payloadBytes, transactions)),
    );
    queue.setYoungest(unit.WIRE_PS, Math.round(wireBytes * this.#psPerWireByte));
    queue.setYoungest(unit.PCIE_PS, Math.round(wireBytes * this.#psPerPcieByte));
    queue.setYoungest(unit.PAYLOAD_BYTES, payloadBytes);
    queue.setYoungest(unit.FRAMES, frames);
    queue.setYoungest(unit.TRANSACTIONS, transactions);
    queue.setYoungest(unit.DROPPED, dropped);
    queue.setYoungest(unit.TCE_OPS, log.tceOps);
    queue.setYoungest(unit.FAILED_HCALLS, log.failedHcalls);
    queue.setYoungest(unit.DELIVERED_PS, -1);
    queue.setYoungest(unit.READY_PS, isClosed ? (this.#doneAt[this.#slotOf(lane)] as number) : arrivalPs);
    this.#begun[lane] = (this.#begun[lane] as number) + 1;
    const idle = payloadBytes === 0 ? (this.#idleUnits[lane] as number) + 1 : 0;
    this.#idleUnits[lane] = idle;
    if (idle === MAX_IDLE_UNITS) throw idleCardError();
  }

  /**
   * vCPUs begin one after another within the time of their first unit: equal ones that begin as one stay in step, and
   * would finish in bursts.
   */
  #headStartPs(lane: number): number {
    return Math.floor((this.#cpus.priceOf(lane) * lane) / this.#lanes);
  }

  /**
   * A unit's other work. vCPUs whose exits pull one another out of the guest fall into step for ever if they do the
   * same, and then share every rendezvous; so theirs is drawn from 0 to twice its mean.
   */
  #spread(lane: number, otherPs: number): number {
    const random = this.#random[lane];
    return random === undefined || !this.#cores.isShared(lane) ? otherPs : Math.round(otherPs * 2 * random());
  }

  /** The wire has taken the last unit of a receiving vCPU, or work has arrived for it. */
  #wakeWire(lane: number): void {
    const { nowPs } = this.#agenda;
    if (this.#arrives[lane] === 0) {
      if ((this.#begun[lane] as number) - (this.#completed[lane] as number) === this.#ringUnits) {
        this.#isBlocked[lane] = 1;
        return;
      }
      this.#execute(lane);
      const { arrivalPs } = (this.#options.work[lane] as VcpuWork).unit;
      if (arrivalPs > nowPs) {
        this.#arrives[lane] = 1;
        this.#agenda.at(arrivalPs, this.#lanes + lane);
        return;
      }
    }
    this.#arrives[lane] = 0;
    const queue = this.#queues[lane] as unit.UnitQueue;
    const offWireAt = this.#takeWire(nowPs, queue.youngest(unit.WIRE_PS));
    const deliveredAt = this.#takePcie(offWireAt, queue.youngest(unit.PCIE_PS));
    const wirePs = queue.youngest(unit.WIRE_PS);
    const pciePs = queue.youngest(unit.PCIE_PS);
    queue.setYoungest(unit.WIRE_WAIT_PS, offWireAt - nowPs - wirePs);
    queue.setYoungest(unit.PCIE_WAIT_PS, deliveredAt - offWireAt - pciePs);
    queue.setYoungest(unit.DELIVERED_PS, deliveredAt);
    this.#agenda.at(offWireAt, this.#lanes + lane);
    if (this.#state[lane] === RESTS) {
      this.#state[lane] = IS_READY;
      this.#agenda.at(deliveredAt, lane);
    }
  }

  /** The processor is done with a unit. */
  #finish(lane: number): void {
    const { nowPs } = this.#agenda;
    const queue = this.#queues[lane] as unit.UnitQueue;
    if (this.#transmits) {
      const wirePs = queue.oldest(unit.WIRE_PS);
      const pciePs = queue.oldest(unit.PCIE_PS);
      const overBusAt = this.#takePcie(nowPs, pciePs);
      const sentAt = this.#takeWire(overBusAt, wirePs);
      queue.setYoungest(unit.PCIE_WAIT_PS, overBusAt - nowPs - pciePs);
      queue.setYoungest(unit.WIRE_WAIT_PS, sentAt - overBusAt - wirePs);
      this.#complete(lane, sentAt);
      // The next unit needs a place in the ring; others of this moment come first.
      this.#beginNext(lane, RESTS, this.#doneAt[this.#slotOf(lane)] as number);
      return;
    }
    this.#complete(lane, nowPs);
    if (this.#isBlocked[lane] === 1) {
      this.#isBlocked[lane] = 0;
      this.#agenda.at(nowPs, this.#lanes + lane);
    }
    if (queue.size > 0 && queue.oldest(unit.DELIVERED_PS) >= 0) {
      this.#beginNext(lane, IS_READY, queue.oldest(unit.DELIVERED_PS));
    } else {
      this.#state[lane] = RESTS;
      this.#cores.rest(lane);
    }
  }

  #beginNext(lane: number, state: number, notBeforePs: number): void {
    const { nowPs } = this.#agenda;
    this.#state[lane] = state;
    if (notBeforePs > nowPs) this.#cores.rest(lane);
    this.#agenda.at(Math.max(nowPs, notBeforePs), lane);
  }

  #complete(lane: number, donePs: number): void {
    const queue = this.#queues[lane] as unit.UnitQueue;
    const completed = this.#completed[lane] as number;
    this.#doneAt[lane * this.#ringUnits + (completed % this.#ringUnits)] = donePs;
    this.#completed[lane] = completed + 1;
    this.#done.add(lane, queue, donePs);
    queue.shift();
  }

  #takeWire(nowPs: number, wirePs: number): number {
    this.#wireFreeAt = Math.max(this.#wireFreeAt, nowPs) + wirePs;
    return this.#wireFreeAt;
  }

  #takePcie(nowPs: number, pciePs: number): number {
    this.#pcieFreeAt = Math.max(this.#pcieFreeAt, nowPs) + pciePs;
    return this.#pcieFreeAt;
  }

  /** The place of a vCPU's next unit in its ring. */
  #slotOf(lane: number): number {
    return lane * this.#ringUnits + ((this.#begun[lane] as number) % this.#ringUnits);
  }

  #tellProgress(): void {
    const { onProgress, length } = this.#options;
    const total = length.warmupBytes + length.measuredBytes;
    onProgress?.({ share: this.#done.totalBytes / total, simulatedPs: this.#agenda.nowPs });
  }
}

function exitLegs(cost: CostModel): { exitPs: number; entryPs: number; signalPs: number } {
  const legsPs = cost.pricePs('exitToVirtualNs');
  const exitPs = Math.round(legsPs * EXIT_LEG_SHARE);
  const signalPs = Math.round(exitPs * cost.shareOf('siblingSignalShare'));
  return { exitPs, entryPs: legsPs - exitPs, signalPs };
}
