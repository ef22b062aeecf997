import { describe, expect, it } from 'vitest';
import { firstDifference } from './first-difference.js';

describe('the first difference of two outcomes', () => {
  it.each([
    ['a code', { ret: 0 }, { ret: -4 }, { path: 'ret', expected: '0', actual: '-4' }],
    ['a missing field', { ret: 0, a: 1 }, { ret: 0 }, { path: 'a', expected: '1', actual: 'nothing' }],
    ['a field too many', { ret: 0 }, { ret: 0, a: 1 }, { path: 'a', expected: 'nothing', actual: '1' }],
    ['another kind', { a: [] }, { a: {} }, { path: 'a', expected: '[]', actual: '{}' }],
    ['null', { a: null }, { a: [1] }, { path: 'a', expected: 'null', actual: '[1]' }],
    [
      'fields in another order before it',
      { a: { x: 1, y: 2 }, ret: 0 },
      { a: { y: 2, x: 1 }, ret: 1 },
      { path: 'ret', expected: '0', actual: '1' },
    ],
    [
      'an entry of a table',
      { tables: [{ hw: [['0x1', '0x3']] }] },
      { tables: [{ hw: [['0x1', '0x1']] }] },
      { path: 'tables[0].hw[0][1]', expected: '"0x3"', actual: '"0x1"' },
    ],
  ])('is told with its place: %s', (_, expected, actual, difference) => {
    expect(firstDifference(expected, actual)).toEqual(difference);
  });
});
