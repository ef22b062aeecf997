import { describe, expect, it } from 'vitest';
import {
  CALL_ARG_HI,
  CALL_ARG_LO,
  CALL_WINDOW,
  CALL_WORDS,
  CallStreamBuilder,
  movedStream,
} from './call-stream.js';

const GB = 2 ** 30;

function built() {
  const builder = new CallStreamBuilder();
  builder.addWindow({ pageShift: 12, offset: 0, size: 16 });
  builder.putTce(0, 0, 0x1000, 0, 0xfffff003 | 0);
  builder.putTce(0, 0, 0x1000, 0, 0);
  builder.putTceIndirect(0, 0, 0x2000, 0x10000, [0, 0x5001, 0, 0, 1, 0x7003]);
  builder.stuffTce(0, 0, 0x2000, 0, 0, 3);
  return builder.build(4 * GB);
}

describe('a stream of calls', () => {
  it('counts calls and TCEs, and knows that it is batched', () => {
    expect(built()).toMatchObject({ calls: 4, tceOps: 8, multiTce: true, listPages: [0x10000] });
  });

  it('is moved with its guest: pages, lists and windows, but no word that only clears', () => {
    const moved = movedStream(built(), GB, 5);
    const word = (call: number, field: number) => moved.words[call * CALL_WORDS + field];
    expect([0, 1, 2, 3].map((call) => word(call, CALL_WINDOW))).toEqual([5, 5, 5, 5]);
    // 0xfffff003 + 0x40000000 = 0x1_3ffff003
    expect([word(0, CALL_ARG_HI), word(0, CALL_ARG_LO)]).toEqual([1, 0x3ffff003]);
    expect([word(1, CALL_ARG_HI), word(1, CALL_ARG_LO)]).toEqual([0, 0]);
    expect([word(2, CALL_ARG_HI), word(2, CALL_ARG_LO)]).toEqual([0, 0x40010000]);
    expect([word(3, CALL_ARG_HI), word(3, CALL_ARG_LO)]).toEqual([0, 0]);
    expect([...moved.tces]).toEqual([0, 0x40005001, 0, 0, 1, 0x40007003]);
    expect(moved.listPages).toEqual([0x40010000]);
  });
});
