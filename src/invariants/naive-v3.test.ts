import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildMachine, type Machine } from '../path/machine.js';
import { V3 } from '../path/revisions/v3.js';
import {
  NAIVE_RAM_BYTES,
  NAIVE_SIZE,
  NAIVE_WINDOWS,
  type NaiveCall,
  NaiveV3,
  type NaiveWindowPlan,
} from './naive-v3.test-helper.js';

const LIST = 2 ** 20;

function execute(
  { ladder, host }: Machine,
  { kind, window, page, offset, words, npages }: NaiveCall,
): number {
  const { liobn, pageShift, offset: start } = NAIVE_WINDOWS[window] as NaiveWindowPlan;
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
      userspace: nonZero((i) => BigInt(hardware.userspaceView[i] ?? 0)),
      hasUserspaceView: hardware.hasUserspaceView,
    })),
  };
}

function naiveState({ windows, mapped }: NaiveV3): ReturnType<typeof stateOf> {
  const sorted = (entries: ReadonlyMap<bigint, bigint>) => nonZero((i) => entries.get(BigInt(i)) ?? 0n);
  return {
    mapped: Number(mapped),
    windows: windows.map(({ view, hardware, userspace, hasUserspaceView }) => ({
      view: sorted(view),
      hardware: sorted(hardware),
      userspace: sorted(userspace),
      hasUserspaceView,
    })),
  };
}

function nonZero(at: (entry: number) => bigint): readonly string[] {
  const entries: string[] = [];
  for (let i = 0; i < NAIVE_SIZE; i++) if (at(i) !== 0n) entries.push(`${i}: 0x${at(i).toString(16)}`);
  return entries;
}

const word = (hi: number, lo: number) => (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);

const page = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: NAIVE_SIZE - 1 }) },
  { weight: 1, arbitrary: fc.constantFrom(-1, NAIVE_SIZE, NAIVE_SIZE + 1) },
);

/** A TCE of a 64 KiB page, in NAIVE_RAM_BYTES for the most part, with any permissions; some have low bits or are far away. */
const anyTce = fc
  .tuple(
    fc.oneof(
      { weight: 12, arbitrary: fc.bigInt(0n, BigInt(NAIVE_RAM_BYTES / 65536 - 1)) },
      { weight: 1, arbitrary: fc.bigInt(BigInt(NAIVE_RAM_BYTES / 65536), 2n ** 48n - 1n) },
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

const anyCall: fc.Arbitrary<NaiveCall> = fc.record({
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

describe('v3 with user space below it', () => {
  it('does what a naive model of the rules does: codes, views, hardware, counts', () => {
    fc.assert(
      fc.property(fc.array(anyCall, { maxLength: 40 }), (calls) => {
        const real = buildMachine({ ramBytes: NAIVE_RAM_BYTES, windows: NAIVE_WINDOWS, path: 'real' }, V3);
        const naive = new NaiveV3();
        for (const call of calls) {
          expect(execute(real, call)).toBe(naive.call(call));
          expect(stateOf(real)).toEqual(naiveState(naive));
        }
        expect(real.ladder.hostFaults).toBe(0);
      }),
      { seed: 4, numRuns: 300 },
    );
  });
});
