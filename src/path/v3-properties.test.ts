import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildMachine, type Machine, type PathId } from './machine.js';
import { V3 } from './revisions/v3.js';

const RAM = 32 * 2 ** 20;
const LIST = 2 ** 20;
const UA = 0x2000_0000_0000n;
const TO_HPA = 0x300a_5500_0000n;
const SIZE = 24;
const [H_SUCCESS, H_HARDWARE, H_PARAMETER] = [0, -1, -4];

interface Window {
  readonly liobn: number;
  readonly pageShift: number;
  readonly offset: number;
  readonly size: number;
}

const WINDOWS: readonly Window[] = [
  { liobn: 0x8000_0001, pageShift: 12, offset: 0x10, size: SIZE },
  { liobn: 0x8000_0002, pageShift: 16, offset: 2 ** 43, size: SIZE },
];

/** A hypercall: `page` counts from the start of the window, `words` are the TCE, the value, or the list. */
interface Call {
  readonly kind: 'put' | 'indirect' | 'stuff';
  readonly window: number;
  readonly page: number;
  readonly offset: number;
  readonly words: readonly bigint[];
  readonly npages: number;
}

/** The state of one window by the rules, in the largest words and the plainest containers. */
class NaiveWindow {
  readonly view = new Map<bigint, bigint>();
  readonly hardware = new Map<bigint, bigint>();
  readonly userspace = new Map<bigint, bigint>();
  hasView = false;
}

/** v3 with user space below it, from the tables of the specification: one region, all of RAM. */
class NaiveMachine {
  readonly windows = WINDOWS.map(() => new NaiveWindow());
  mapped = 1n;

  call({ kind, window, page, offset, words, npages }: Call): number {
    const state = this.windows[window];
    const shift = WINDOWS[window]?.pageShift;
    if (state === undefined || shift === undefined) throw new Error('no such window');
    const below = (1n << BigInt(shift)) - 1n;
    const first = BigInt(page);
    const count = kind === 'put' ? 1n : BigInt(npages);
    if (kind === 'indirect' && count > 512n) return H_PARAMETER;
    if (offset !== 0 || first < 0n || first + count > BigInt(SIZE)) return H_PARAMETER;
    const word = words[0] ?? 0n;
    if (kind === 'stuff') {
      if (word !== 0n) return H_PARAMETER;
      for (let i = 0n; i < count; i++) {
        this.clear(state, first + i);
        state.view.delete(first + i);
      }
      return H_SUCCESS;
    }
    const list = words.slice(0, Number(count));
    if (list.some((tce) => (tce & below & ~3n) !== 0n)) return H_PARAMETER;
    if (kind === 'put' && (word & 3n) === 0n) {
      this.clear(state, first);
      store(state, first, word);
      return H_SUCCESS;
    }
    if (count > 0n && !state.hasView) return this.inUserSpace(state, first, list);
    for (const [i, tce] of list.entries()) {
      if ((tce & ~3n) >= BigInt(RAM)) return H_HARDWARE;
      this.map(state, first + BigInt(i), tce);
    }
    for (const [i, tce] of list.entries()) store(state, first + BigInt(i), tce);
    return H_SUCCESS;
  }

  /** QEMU: never an error for an entry inside the table; the first map that reaches VFIO makes the view. */
  private inUserSpace(state: NaiveWindow, first: bigint, list: readonly bigint[]): number {
    for (const [i, tce] of list.entries()) {
      store(state, first + BigInt(i), tce);
      if ((tce & 3n) === 0n) this.clear(state, first + BigInt(i));
      else if ((tce & ~3n) < BigInt(RAM)) {
        state.hasView = true;
        this.map(state, first + BigInt(i), tce | 1n);
      }
    }
    return H_SUCCESS;
  }

  private map(state: NaiveWindow, entry: bigint, tce: bigint): void {
    const ua = (tce & ~3n) + UA;
    this.uncount(state, entry);
    this.mapped++;
    state.hardware.set(entry, (ua ^ TO_HPA) | (tce & 3n) | ((tce & 2n) >> 1n));
    state.userspace.set(entry, ua);
  }

  private clear(state: NaiveWindow, entry: bigint): void {
    this.uncount(state, entry);
    state.hardware.delete(entry);
  }

  /** Only a valid entry is uncounted: one without permission bits keeps its count for ever, and its view. */
  private uncount(state: NaiveWindow, entry: bigint): void {
    if (((state.hardware.get(entry) ?? 0n) & 3n) === 0n) return;
    this.mapped--;
    state.userspace.delete(entry);
  }
}

function store(state: NaiveWindow, entry: bigint, tce: bigint): void {
  if (tce === 0n) state.view.delete(entry);
  else state.view.set(entry, tce);
}

function execute({ ladder, host }: Machine, { kind, window, page, offset, words, npages }: Call): number {
  const { liobn, pageShift, offset: start } = WINDOWS[window] as Window;
  const ioba = ((BigInt(start) + BigInt(page)) << BigInt(pageShift)) + BigInt(offset);
  const [iobaHi, iobaLo] = halves(ioba);
  const [hi, lo] = halves(words[0] ?? 0n);
  if (kind === 'put') return ladder.putTce(liobn, iobaHi, iobaLo, hi, lo);
  if (kind === 'stuff') return ladder.stuffTce(liobn, iobaHi, iobaLo, hi, lo, npages);
  for (const [i, word] of words.entries()) host.storeWord(LIST + i * 8, ...halves(word));
  return ladder.putTceIndirect(liobn, iobaHi, iobaLo, 0, LIST, npages);
}

function halves(word: bigint): [number, number] {
  return [Number(BigInt.asIntN(32, word >> 32n)), Number(BigInt.asIntN(32, word))];
}

/** Every entry of every table of a machine that is not zero, and the mapped count. */
function stateOf({ tables, region }: Machine) {
  return {
    mapped: region.mapped,
    windows: tables.map(({ guestView, hardware }) => ({
      view: nonZero((i) => word(guestView.hi(i), guestView.lo(i))),
      hardware: nonZero((i) => word(hardware.entries.hi(i), hardware.entries.lo(i))),
      userspace: nonZero((i) => BigInt(hardware.userAddresses[i] ?? 0)),
      hasView: hardware.hasUserspaceView,
    })),
  };
}

function naiveState({ windows, mapped }: NaiveMachine): ReturnType<typeof stateOf> {
  const sorted = (entries: ReadonlyMap<bigint, bigint>) => nonZero((i) => entries.get(BigInt(i)) ?? 0n);
  return {
    mapped: Number(mapped),
    windows: windows.map(({ view, hardware, userspace, hasView }) => ({
      view: sorted(view),
      hardware: sorted(hardware),
      userspace: sorted(userspace),
      hasView,
    })),
  };
}

function nonZero(at: (entry: number) => bigint): readonly string[] {
  const entries: string[] = [];
  for (let i = 0; i < SIZE; i++) if (at(i) !== 0n) entries.push(`${i}: 0x${at(i).toString(16)}`);
  return entries;
}

const word = (hi: number, lo: number) => (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);

function machine(path: PathId = 'real'): Machine {
  return buildMachine({ ramBytes: RAM, windows: WINDOWS, path }, V3);
}

const page = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: SIZE - 1 }) },
  { weight: 1, arbitrary: fc.constantFrom(-1, SIZE, SIZE + 1) },
);

/** A TCE of a 64 KiB page, in RAM for the most part, with any permissions; some have low bits or are far away. */
const anyTce = fc
  .tuple(
    fc.oneof(
      { weight: 12, arbitrary: fc.bigInt(0n, BigInt(RAM / 65536 - 1)) },
      { weight: 1, arbitrary: fc.bigInt(BigInt(RAM / 65536), 2n ** 48n - 1n) },
    ),
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(1n, 2n, 3n) },
      { weight: 1, arbitrary: fc.constant(0n) },
    ),
    fc.oneof(
      { weight: 20, arbitrary: fc.constant(0n) },
      { weight: 1, arbitrary: fc.constantFrom(4n, 0x800n) },
    ),
  )
  .map(([frame, permissions, low]) => (frame << 16n) | permissions | low);

const anyCall: fc.Arbitrary<Call> = fc.record({
  kind: fc.constantFrom('put', 'put', 'indirect', 'stuff'),
  window: fc.constantFrom(0, 1),
  page,
  offset: fc.oneof(
    { weight: 12, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constantFrom(1, 0x800) },
  ),
  words: fc.array(fc.oneof({ weight: 6, arbitrary: anyTce }, { weight: 2, arbitrary: fc.constant(0n) }), {
    minLength: 6,
    maxLength: 6,
  }),
  npages: fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: 0, max: 6 }) },
    { weight: 1, arbitrary: fc.constantFrom(511, 512, 513) },
  ),
});

/** What user space accepts as the kernel does: in the window, in RAM, aligned, no poison, no clear in a list. */
const plainTce = fc
  .tuple(fc.bigInt(0n, BigInt(RAM / 65536 - 1)), fc.constantFrom(1n, 2n, 3n))
  .map(([frame, permissions]) => (frame << 16n) | permissions);

const plainCall: fc.Arbitrary<Call> = fc
  .record({
    kind: fc.constantFrom('put', 'put', 'indirect', 'stuff'),
    window: fc.constantFrom(0, 1),
    page: fc.integer({ min: 0, max: SIZE - 6 }),
    offset: fc.constant(0),
    words: fc.array(plainTce, { minLength: 6, maxLength: 6 }),
    npages: fc.integer({ min: 1, max: 6 }),
    clears: fc.boolean(),
  })
  .map(({ clears, ...call }) =>
    call.kind === 'stuff' || (call.kind === 'put' && clears) ? { ...call, words: [0n] } : call,
  );

const RUNS = { seed: 4, numRuns: 300 };

describe('v3 on a machine with two windows', () => {
  it('does what a naive model of the rules does: codes, views, hardware, counts (I1, I8, I11)', () => {
    fc.assert(
      fc.property(fc.array(anyCall, { maxLength: 40 }), (calls) => {
        const real = machine();
        const naive = new NaiveMachine();
        for (const call of calls) {
          expect(execute(real, call)).toBe(naive.call(call));
          expect(stateOf(real)).toEqual(naiveState(naive));
        }
        expect(real.ladder.hostFaults).toBe(0);
      }),
      RUNS,
    );
  });

  it('leaves every region live, every guest view entry behind its hardware entry after a success (I5, I8)', () => {
    fc.assert(
      fc.property(fc.array(plainCall, { maxLength: 40 }), (calls) => {
        const made = machine();
        for (const call of calls) {
          expect(execute(made, call)).toBe(H_SUCCESS);
          let valid = 0;
          for (const { guestView, hardware } of made.tables) {
            for (let i = 0; i < SIZE; i++) {
              const tce = word(guestView.hi(i), guestView.lo(i));
              const permissions = tce & 3n;
              if (permissions !== 0n) valid++;
              // Hardware has read permission wherever it has write permission.
              const widened = permissions === 2n ? 3n : permissions;
              const expected = tce === 0n ? 0n : (((tce ^ permissions) + UA) ^ TO_HPA) | widened;
              expect(word(hardware.entries.hi(i), hardware.entries.lo(i))).toBe(expected);
            }
          }
          expect(made.region.mapped).toBe(1 + valid);
        }
      }),
      RUNS,
    );
  });

  it('is the same after a call that succeeded is repeated (I13)', () => {
    fc.assert(
      fc.property(fc.array(plainCall, { minLength: 1, maxLength: 20 }), (calls) => {
        const made = machine();
        for (const call of calls) {
          execute(made, call);
          const before = stateOf(made);
          expect(execute(made, call)).toBe(H_SUCCESS);
          expect(stateOf(made)).toEqual(before);
        }
      }),
      RUNS,
    );
  });

  it('ends in the state that user space alone would have made, by whichever path (I14)', () => {
    fc.assert(
      fc.property(fc.array(plainCall, { maxLength: 30 }), (calls) => {
        const machines = (['real', 'virtual', 'userspace'] as const).map(machine);
        for (const call of calls) {
          expect(machines.map((made) => execute(made, call))).toEqual([H_SUCCESS, H_SUCCESS, H_SUCCESS]);
        }
        const [real, virtual, userspace] = machines.map((made) => stateOf(made));
        expect(virtual).toEqual(real);
        expect(userspace?.mapped).toBe(real?.mapped);
        expect(userspace?.windows.map(({ hasView: _, ...state }) => state)).toEqual(
          real?.windows.map(({ hasView: _, ...state }) => state),
        );
      }),
      RUNS,
    );
  });
});
