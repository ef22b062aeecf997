import { expect, it } from 'vitest';
import { writeList } from './issue-call.js';
import { LogLine } from './log-line.js';
import type { TraceCall } from './trace-call.js';

it('a list is its first word and steps from there in 64 bits, big-endian halves at neighbouring addresses', () => {
  const first = 0x7fff_fffe_ffff_e003n;
  const call = Object.assign(new LogLine(), {
    ...{ kind: 'indirect', tceHi: Number(first >> 32n), tceLo: Number(BigInt.asIntN(32, first)) },
    ...{ tceStep: 4096, npages: 4 },
  }) as LogLine & TraceCall;
  const stored: (readonly [number, bigint])[] = [];
  writeList(call, 0x8000, {
    storeWord: (gpa, hi, lo) => stored.push([gpa, (BigInt(hi) << 32n) | BigInt.asUintN(32, BigInt(lo))]),
  });
  expect(stored).toEqual([0, 1, 2, 3].map((i) => [0x8000 + i * 8, first + BigInt(i) * 4096n]));
});
