import { CALL, KIND_BITS, KIND_MASK } from './call-log.js';
import { DurationHistogram } from './duration-histogram.js';
import type { RunLength } from './functional-run.js';
import { grownDoubles } from './grown.js';
import {
  ACCOUNTS,
  BQL_HELD,
  BQL_WAIT,
  BUSY,
  CPU_WAIT,
  type GuestCpus,
  POOL_WAIT,
  SMT_STALL,
} from './guest-cpus.js';
import type { ResourceUse } from './resource-use.js';
import * as unit from './unit-queue.js';

/**
 * What a run of several vCPUs has finished, in the order in which it was finished. The warm-up ends with the unit
 * that completes its payload, and so does the measured part; each unit brings its own account along, so that work
 * which is begun and not finished counts nowhere. One thread.
 */
export class CompletedWork {
  payloadBytes = 0;
  packets = 0;
  transactions = 0;
  dropped = 0;
  hcalls = 0;
  tceOps = 0;
  failedHcalls = 0;
  /** How many calls each class has had. */
  callsOfClass = new Float64Array(64);
  vcpuBusyPs = 0;
  wireBusyPs = 0;
  pcieBusyPs = 0;
  isComplete = false;
  /** How long units took from when their work was there to their end. */
  readonly latencies = new DurationHistogram();
  /** How long hypercalls took, waiting included. */
  readonly callTimes: DurationHistogram;
  readonly #length: RunLength;
  readonly #cpus: GuestCpus;
  readonly #lanes: number;
  readonly #pools: number;
  readonly #accounts = new Float64Array(ACCOUNTS);
  readonly #poolHeld: Float64Array;
  #wireWaitPs = 0;
  #pcieWaitPs = 0;
  #isMeasured: boolean;
  #warmupBytes = 0;
  #startPs = 0;
  #halfPs = 0;
  #halfBytes = 0;
  #endPs = 0;

  constructor(
    length: RunLength,
    cpus: GuestCpus,
    callTimes: DurationHistogram,
    lanes: number,
    pools: number,
  ) {
    this.#length = length;
    this.#cpus = cpus;
    this.callTimes = callTimes;
    this.#lanes = lanes;
    this.#pools = pools;
    this.#poolHeld = new Float64Array(pools);
    this.#isMeasured = length.warmupBytes <= 0;
  }

  /** Payload done, warm-up included. */
  get totalBytes(): number {
    return this.#warmupBytes + this.payloadBytes;
  }

  get durationPs(): number {
    return this.#endPs - this.#startPs;
  }

  /** The rate of the second half of the measured payload over that of the first; 1 in a steady state. */
  get secondOverFirstHalf(): number {
    const firstPs = this.#halfPs - this.#startPs;
    const secondPs = this.#endPs - this.#halfPs;
    const secondBytes = this.payloadBytes - this.#halfBytes;
    return firstPs <= 0 || secondPs <= 0 ? 1 : secondBytes / secondPs / (this.#halfBytes / firstPs);
  }

  /** The oldest unit of a vCPU is finished at `donePs`, not before any that was finished before it. */
  add(lane: number, queue: unit.UnitQueue, donePs: number): void {
    const payloadBytes = queue.oldest(unit.PAYLOAD_BYTES);
    if (!this.#isMeasured) {
      this.#warmupBytes += payloadBytes;
      if (this.#warmupBytes < this.#length.warmupBytes) return;
      this.#isMeasured = true;
      this.#startPs = donePs;
      this.callTimes.clear();
      return;
    }
    this.payloadBytes += payloadBytes;
    this.packets += queue.oldest(unit.FRAMES);
    this.transactions += queue.oldest(unit.TRANSACTIONS);
    this.dropped += queue.oldest(unit.DROPPED);
    this.tceOps += queue.oldest(unit.TCE_OPS);
    this.failedHcalls += queue.oldest(unit.FAILED_HCALLS);
    this.wireBusyPs += queue.oldest(unit.WIRE_PS);
    this.pcieBusyPs += queue.oldest(unit.PCIE_PS);
    this.#wireWaitPs += queue.oldest(unit.WIRE_WAIT_PS);
    this.#pcieWaitPs += queue.oldest(unit.PCIE_WAIT_PS);
    this.latencies.add(donePs - queue.oldest(unit.READY_PS));
    this.#addCalls(queue);
    this.#addAccounts(lane);
    this.#endPs = donePs;
    if (this.#halfBytes === 0 && this.payloadBytes * 2 >= this.#length.measuredBytes) {
      this.#halfBytes = this.payloadBytes;
      this.#halfPs = donePs;
    }
    this.isComplete = this.payloadBytes >= this.#length.measuredBytes;
  }

  /** How busy each resource was that the run had. */
  resources(hasPcie: boolean): ResourceUse[] {
    const { durationPs } = this;
    const allVcpusPs = durationPs * this.#lanes;
    const account = (index: number) => this.#accounts[index] as number;
    const share = (busyPs: number, ofPs: number) => (ofPs === 0 ? 0 : busyPs / ofPs);
    return [
      { id: 'wire', utilisation: share(this.wireBusyPs, durationPs), waitingPs: this.#wireWaitPs },
      ...(hasPcie
        ? [
            {
              id: 'pcie',
              utilisation: share(this.pcieBusyPs, durationPs),
              waitingPs: this.#pcieWaitPs,
            } as const,
          ]
        : []),
      { id: 'bql', utilisation: share(account(BQL_HELD), durationPs), waitingPs: account(BQL_WAIT) },
      {
        id: 'iova-lock',
        utilisation: share(Math.max(...this.#poolHeld), durationPs),
        waitingPs: account(POOL_WAIT),
      },
      { id: 'smt', utilisation: share(account(SMT_STALL), allVcpusPs), waitingPs: account(SMT_STALL) },
      { id: 'vcpu', utilisation: share(this.vcpuBusyPs, allVcpusPs), waitingPs: account(CPU_WAIT) },
    ];
  }

  #addCalls(queue: unit.UnitQueue): void {
    const { end } = queue;
    for (let i = queue.begin; i < end; i++) {
      const entry = queue.entry(i);
      if ((entry & KIND_MASK) !== CALL) continue;
      const id = entry >> KIND_BITS;
      if (id >= this.callsOfClass.length) this.callsOfClass = grownDoubles(this.callsOfClass, id * 2);
      this.callsOfClass[id] = (this.callsOfClass[id] as number) + 1;
      this.hcalls++;
    }
  }

  #addAccounts(lane: number): void {
    const { accounts, poolHeld } = this.#cpus;
    for (let i = 0; i < ACCOUNTS; i++) {
      this.#accounts[i] = (this.#accounts[i] as number) + (accounts[lane * ACCOUNTS + i] as number);
    }
    this.vcpuBusyPs += accounts[lane * ACCOUNTS + BUSY] as number;
    for (let pool = 0; pool < this.#pools; pool++) {
      const held = poolHeld[lane * this.#pools + pool] as number;
      this.#poolHeld[pool] = (this.#poolHeld[pool] as number) + held;
    }
  }
}
