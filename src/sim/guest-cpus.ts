import type { Agenda } from './agenda.js';
import { CALL, KIND_BITS, KIND_MASK, LOCK } from './call-log.js';
import type { CallParts } from './call-parts.js';
import type { CoreThreads } from './core-threads.js';
import type { DurationHistogram } from './duration-histogram.js';
import { PoolLocks } from './pool-locks.js';
import { DELIVERED_PS, LOCKS, OTHER_WORK_PS, type UnitQueue } from './unit-queue.js';

/** What a unit took of each resource of the processors, and how long it waited, in whole picoseconds. */
export const BUSY = 0;
export const BQL_HELD = 1;
export const BQL_WAIT = 2;
export const SMT_STALL = 3;
export const POOL_WAIT = 4;
export const CPU_WAIT = 5;
export const ACCOUNTS = 6;

/** Where a vCPU stands in a call. */
const BEGINS = 0;
const EXITS = 1;
const IS_HANDLED = 2;
const TAKES_BQL = 3;
const ENTERS = 4;
const RETURNS = 5;
/** Where it stands at a pool's lock: what it is woken with once it has waited. */
const HOLDS_POOL = 1;

/** What {@link GuestCpus} are made from. */
export interface GuestCpusOptions {
  readonly agenda: Agenda;
  readonly parts: CallParts;
  readonly cores: CoreThreads;
  /** By vCPU. */
  readonly queues: readonly UnitQueue[];
  readonly pools: number;
  /** How much of a unit's other work one search or free spends under its pool's lock, at most. */
  readonly poolLockPs: number;
  /** How long each hypercall took, waiting included. */
  readonly callTimes: DurationHistogram;
}

/**
 * vCPUs that work through the calls of their units, one step at a time, and meet at user space's big lock, the locks
 * of the pools and the threads of their cores. Steps that nothing else can come between are one event. One thread.
 */
export class GuestCpus {
  /** By vCPU: {@link ACCOUNTS} numbers of its unit. */
  readonly accounts: Float64Array;
  /** By vCPU and pool: how long its unit held the lock. */
  readonly poolHeld: Float64Array;
  readonly #agenda: Agenda;
  readonly #parts: CallParts;
  readonly #cores: CoreThreads;
  readonly #queues: readonly UnitQueue[];
  readonly #locks: PoolLocks;
  readonly #pools: number;
  readonly #poolLockPs: number;
  readonly #callTimes: DurationHistogram;
  readonly #sharesBql: boolean;
  /** By vCPU: the entry it is at, where in it, when the call began, since when it spins, what a lock covers. */
  readonly #position: Float64Array;
  readonly #stage: Uint8Array;
  readonly #calledAt: Float64Array;
  readonly #spinsSince: Float64Array;
  readonly #underLockPs: Float64Array;
  readonly #heldSince: Float64Array;
  #bqlFreeAt = 0;

  constructor(options: GuestCpusOptions) {
    const { queues, pools } = options;
    const lanes = queues.length;
    this.#agenda = options.agenda;
    this.#parts = options.parts;
    this.#cores = options.cores;
    this.#queues = queues;
    this.#locks = new PoolLocks(pools, lanes);
    this.#pools = pools;
    this.#poolLockPs = options.poolLockPs;
    this.#callTimes = options.callTimes;
    this.#sharesBql = lanes > 1;
    this.accounts = new Float64Array(lanes * ACCOUNTS);
    this.poolHeld = new Float64Array(lanes * pools);
    this.#position = new Float64Array(lanes);
    this.#stage = new Uint8Array(lanes);
    this.#calledAt = new Float64Array(lanes);
    this.#spinsSince = new Float64Array(lanes);
    this.#underLockPs = new Float64Array(lanes);
    this.#heldSince = new Float64Array(pools);
  }

  /** What the oldest unit of a vCPU's queue takes where nothing is waited for, in whole picoseconds. */
  priceOf(lane: number): number {
    const queue = this.#queues[lane] as UnitQueue;
    let ps = queue.oldest(OTHER_WORK_PS);
    for (let position = queue.begin; position < queue.end; position++) {
      const entry = queue.entry(position);
      if ((entry & KIND_MASK) !== CALL) continue;
      this.#parts.know(entry >> KIND_BITS);
      ps += this.#parts.totalPs(entry >> KIND_BITS);
    }
    return ps;
  }

  /** Takes up the oldest unit of a vCPU's queue now; true when it is done at once. */
  begin(lane: number): boolean {
    const queue = this.#queues[lane] as UnitQueue;
    const otherPs = queue.oldest(OTHER_WORK_PS);
    const locks = queue.oldest(LOCKS);
    const underLock = locks === 0 ? 0 : Math.min(this.#poolLockPs, Math.floor(otherPs / locks));
    this.accounts.fill(0, lane * ACCOUNTS, (lane + 1) * ACCOUNTS);
    this.poolHeld.fill(0, lane * this.#pools, (lane + 1) * this.#pools);
    this.#cores.takeStall(lane);
    this.#underLockPs[lane] = underLock;
    const deliveredPs = queue.oldest(DELIVERED_PS);
    if (deliveredPs >= 0) this.#account(lane, CPU_WAIT, this.#agenda.nowPs - deliveredPs);
    this.#account(lane, BUSY, otherPs);
    this.#position[lane] = queue.begin;
    this.#stage[lane] = BEGINS;
    return this.#walk(lane, otherPs - locks * underLock);
  }

  /** Goes on with a vCPU's unit at its event; true when the unit is done. */
  advance(lane: number): boolean {
    return this.#walk(lane, 0);
  }

  /** Walks on from `ahead` picoseconds after now, up to where something else may come between. */
  #walk(lane: number, ahead: number): boolean {
    const queue = this.#queues[lane] as UnitQueue;
    const { end } = queue;
    const parts = this.#parts;
    const isShared = this.#cores.isShared(lane);
    const nowPs = this.#agenda.nowPs;
    let position = this.#position[lane] as number;
    let stage = this.#stage[lane] as number;
    let gonePs = ahead;
    while (position < end) {
      const entry = queue.entry(position);
      const value = entry >> KIND_BITS;
      const kind = entry & KIND_MASK;
      if (kind !== CALL) {
        if (gonePs > 0) return this.#pause(lane, gonePs, position, stage);
        if (kind === LOCK) {
          if (stage === BEGINS && !this.#takePool(lane, value, position)) return false;
          gonePs += this.#underLockPs[lane] as number;
        } else this.#releasePool(lane, value);
        stage = BEGINS;
        position++;
        continue;
      }
      if (stage === BEGINS) {
        parts.know(value);
        this.#account(lane, BUSY, parts.totalPs(value));
        if (!parts.leaves(value)) {
          this.#callTimes.add(parts.totalPs(value));
          gonePs += parts.totalPs(value);
          position++;
          continue;
        }
        stage = EXITS;
      }
      if (stage === EXITS) {
        if (isShared) {
          if (gonePs > 0) return this.#pause(lane, gonePs, position, EXITS);
          this.#calledAt[lane] = nowPs;
          this.#stop(lane, position, IS_HANDLED);
          this.#cores.leave(lane);
          return false;
        }
        this.#calledAt[lane] = nowPs + gonePs;
        gonePs += parts.exitPs(value);
        stage = IS_HANDLED;
      }
      if (stage === IS_HANDLED) {
        gonePs += parts.handlerPs(value);
        stage = TAKES_BQL;
      }
      if (stage === TAKES_BQL) {
        const lockedPs = parts.lockedPs(value);
        if (lockedPs > 0 && this.#sharesBql) {
          if (gonePs > 0) return this.#pause(lane, gonePs, position, TAKES_BQL);
          gonePs = this.#takeBql(lane, lockedPs);
        } else gonePs += lockedPs;
        stage = ENTERS;
      }
      if (stage === ENTERS) {
        if (isShared) {
          if (gonePs > 0) return this.#pause(lane, gonePs, position, ENTERS);
          this.#stop(lane, position, RETURNS);
          this.#cores.enter(lane);
          return false;
        }
        gonePs += parts.entryPs(value);
      }
      this.#callTimes.add(nowPs + gonePs - (this.#calledAt[lane] as number));
      stage = BEGINS;
      position++;
    }
    if (gonePs > 0) return this.#pause(lane, gonePs, position, BEGINS);
    this.#account(lane, SMT_STALL, this.#cores.takeStall(lane));
    return true;
  }

  #pause(lane: number, gonePs: number, position: number, stage: number): false {
    this.#stop(lane, position, stage);
    this.#agenda.at(this.#agenda.nowPs + gonePs, lane);
    return false;
  }

  #stop(lane: number, position: number, stage: number): void {
    this.#position[lane] = position;
    this.#stage[lane] = stage;
  }

  /** Waits for user space's big lock and holds it: the time until it is given back. */
  #takeBql(lane: number, lockedPs: number): number {
    const { nowPs } = this.#agenda;
    const from = Math.max(nowPs, this.#bqlFreeAt);
    this.#bqlFreeAt = from + lockedPs;
    this.#account(lane, BQL_WAIT, from - nowPs);
    this.#account(lane, BQL_HELD, lockedPs);
    return this.#bqlFreeAt - nowPs;
  }

  #takePool(lane: number, pool: number, position: number): boolean {
    const { nowPs } = this.#agenda;
    if (this.#locks.take(pool, lane)) {
      this.#heldSince[pool] = nowPs;
      return true;
    }
    this.#stop(lane, position, HOLDS_POOL);
    this.#spinsSince[lane] = nowPs;
    this.#cores.spin(lane, true);
    return false;
  }

  #releasePool(lane: number, pool: number): void {
    const { nowPs } = this.#agenda;
    const at = lane * this.#pools + pool;
    this.poolHeld[at] = (this.poolHeld[at] as number) + nowPs - (this.#heldSince[pool] as number);
    const next = this.#locks.release(pool);
    if (next < 0) return;
    this.#heldSince[pool] = nowPs;
    this.#account(next, POOL_WAIT, nowPs - (this.#spinsSince[next] as number));
    this.#cores.spin(next, false);
    this.#agenda.at(Math.max(nowPs, this.#cores.backAt(next)), next);
  }

  #account(lane: number, account: number, ps: number): void {
    const at = lane * ACCOUNTS + account;
    this.accounts[at] = (this.accounts[at] as number) + ps;
  }
}
