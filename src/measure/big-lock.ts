import type { HcallSink } from '../papr/hcall-sink.js';

const FREE = 0;
const HELD = 1;
/** Held, and somebody may sleep for it. */
const AWAITED = 2;

/** Looks at a held lock before going to sleep: about 10 us, what a sleep and wake-up would take at least. */
const SPINS = 1000;

/** A lock that nobody has given back for so long is held by a dead thread. */
const RELEASE_MILLISECONDS = 10_000;

/** The memory of one lock, free. */
export function newBigLock(): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
}

/**
 * The one big lock of user space, as a thread sees it: spins for a while, then sleeps. Three states, so that giving
 * it back wakes somebody only where somebody sleeps (Drepper, "Futexes Are Tricky", 2011, the second mutex).
 *
 * Memory order: every access to the word is by Atomics, which are sequentially consistent. Who takes the lock has
 * read the FREE that the thread before stored when it gave it back, so all plain stores that this thread made to the
 * tables happen before all that the new one does there. Between taking and giving back the tables therefore need no
 * atomics of their own. A wake-up is never lost: `Atomics.wait` compares the word with AWAITED under the waiters'
 * lock, and who gives back has stored FREE before it notifies.
 */
class BigLock {
  readonly #word: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.#word = new Int32Array(memory);
  }

  take(): void {
    if (Atomics.compareExchange(this.#word, 0, FREE, HELD) !== FREE) this.#takeHeld();
  }

  giveBack(): void {
    if (Atomics.exchange(this.#word, 0, FREE) === AWAITED) Atomics.notify(this.#word, 0, 1);
  }

  #takeHeld(): void {
    const word = this.#word;
    for (let spin = 0; spin < SPINS; spin++) {
      const isFree = Atomics.load(word, 0) === FREE;
      if (isFree && Atomics.compareExchange(word, 0, FREE, HELD) === FREE) return;
    }
    // Who has slept cannot know whether others still do, so it takes the lock as AWAITED.
    while (Atomics.exchange(word, 0, AWAITED) !== FREE) {
      if (Atomics.wait(word, 0, AWAITED, RELEASE_MILLISECONDS) === 'timed-out') {
        throw new Error('the big lock was not given back');
      }
    }
  }
}

/**
 * The userspace rung of an exit `lock`: the vCPU's own thread runs the handlers and holds the big lock meanwhile, as
 * a vCPU thread of QEMU does. What comes before and after, here the way through the kernel's rungs, is not locked.
 */
export class LockedHandlers implements HcallSink {
  readonly #lock: BigLock;
  #handlers: HcallSink;

  /** `handlers` can be given later, by {@link guard}. */
  constructor(lock: SharedArrayBuffer, handlers: HcallSink) {
    this.#lock = new BigLock(lock);
    this.#handlers = handlers;
  }

  /** Puts these handlers behind the lock. */
  guard(handlers: HcallSink): void {
    this.#handlers = handlers;
  }

  get resultHi(): number {
    return this.#handlers.resultHi;
  }

  get resultLo(): number {
    return this.#handlers.resultLo;
  }

  putTce(liobn: number, iobaHi: number, iobaLo: number, tceHi: number, tceLo: number): number {
    this.#lock.take();
    try {
      return this.#handlers.putTce(liobn, iobaHi, iobaLo, tceHi, tceLo);
    } finally {
      this.#lock.giveBack();
    }
  }

  putTceIndirect(
    liobn: number,
    iobaHi: number,
    iobaLo: number,
    tceListHi: number,
    tceListLo: number,
    npages: number,
  ): number {
    this.#lock.take();
    try {
      return this.#handlers.putTceIndirect(liobn, iobaHi, iobaLo, tceListHi, tceListLo, npages);
    } finally {
      this.#lock.giveBack();
    }
  }

  stuffTce(
    liobn: number,
    iobaHi: number,
    iobaLo: number,
    tceHi: number,
    tceLo: number,
    npages: number,
  ): number {
    this.#lock.take();
    try {
      return this.#handlers.stuffTce(liobn, iobaHi, iobaLo, tceHi, tceLo, npages);
    } finally {
      this.#lock.giveBack();
    }
  }

  getTce(liobn: number, iobaHi: number, iobaLo: number): number {
    this.#lock.take();
    try {
      return this.#handlers.getTce(liobn, iobaHi, iobaLo);
    } finally {
      this.#lock.giveBack();
    }
  }
}
