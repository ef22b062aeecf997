import { describe, expect, it } from 'vitest';
import { TcebenchError } from '../errors.js';
import { boundOf, keeps, parseGate } from './gate.js';

/** The user's mistake that a call ends in. */
function mistakeOf(call: () => unknown): TcebenchError {
  try {
    call();
  } catch (error) {
    if (error instanceof TcebenchError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('a gate expression', () => {
  it.each([
    ['multi-real.rateBytesPerSec>=-2%', 'multi-real.rateBytesPerSec', '>=', '-2%', 29, true],
    ['  claim.speedup  >=  3.4 ', 'claim.speedup', '>=', '3.4', 22, false],
    [
      'a.log/real.phases.tcp 64k.modelledNs<1ms',
      'a.log/real.phases.tcp 64k.modelledNs',
      '<',
      '1ms',
      38,
      false,
    ],
    ['x.hostFaults==0', 'x.hostFaults', '==', '0', 15, false],
    ['x.y>1', 'x.y', '>', '1', 5, false],
    ['x.y<=+5 %', 'x.y', '<=', '+5 %', 6, true],
    ['x%.y<\t7', 'x%.y', '<', '7', 7, false],
  ])(
    '%s names its metric, operator and bound',
    (expression, metric, operator, boundText, boundAt, isRelative) => {
      expect(parseGate(expression)).toEqual({ expression, metric, operator, boundText, boundAt, isRelative });
    },
  );

  const NO_OPERATOR = 'there is no operator (>= <= == > <): an unquoted > or < is taken by the shell';
  const known = (written: string) => `${written} is no operator, known: >= <= == > <`;
  const SECOND = 'there is a second operator: one gate has one bound';
  it.each([
    ['multi-real.rateBytesPerSec', 27, NO_OPERATOR],
    ['', 1, NO_OPERATOR],
    ['>=3', 1, 'there is no metric before the operator'],
    ['  <3', 3, 'there is no metric before the operator'],
    ['a.b>=', 6, 'there is no bound behind the operator'],
    ['a.b<  ', 7, 'there is no bound behind the operator'],
    ['a.b=3', 4, known('=')],
    ['a.b=>3', 4, known('=>')],
    ['a.b!=3', 4, known('!=')],
    ['a.b===3', 4, known('===')],
    ['a.b !3', 5, known('!')],
    ['a.b>=1<=3', 7, SECOND],
    ['a.b>= 1 !3', 9, SECOND],
    ['a.b> =3', 6, SECOND],
    ['a.b<3=', 6, SECOND],
  ])('%s is refused at character %i, with an example', (expression, at, what) => {
    const { kind, message, hint } = mistakeOf(() => parseGate(expression));
    expect(kind).toBe('input');
    expect(message).toBe(`--gate "${expression}", character ${at}: ${what}`);
    expect(hint).toBe("for example --gate 'multi-real.rateBytesPerSec>=-2%'");
    const [, example = ''] = /--gate '(.*)'/.exec(hint) ?? [];
    expect(boundOf(parseGate(example), 'B/s')).toBe(-2);
  });
});

describe('the bound of a gate', () => {
  it.each([
    ['750MB/s', 'B/s', 750e6],
    ['1.5GiB/s', 'B/s', 1.5 * 1024 ** 3],
    ['750', 'B/s', 750],
    ['40ns', 'ns', 40],
    ['3us', 'ns', 3000],
    ['40', 'ns', 40],
    ['300ms', 's', 0.3],
    ['0.5', 's', 0.5],
    ['1e1', 's', 10],
    ['2S', 's', 2],
    ['3.4x', 'ratio', 3.4],
    ['3.4', 'ratio', 3.4],
    ['17', 'count', 17],
    ['-2%', 'B/s', -2],
    ['+2.5%', 'count', 2.5],
    ['+5 %', 'ns', 5],
    ['1e2%', 'ratio', 100],
  ] as const)('%s of a metric in %s is %d', (text, unit, bound) => {
    expect(boundOf(parseGate(`a.b>=${text}`), unit)).toBeCloseTo(bound, 9);
  });

  it.each([
    ['12', 12],
    ['012', 12],
    ['12.5', 12.5],
    ['1.25', 1.25],
    ['5.', 5],
    ['.5', 0.5],
    ['.25', 0.25],
    ['-0.5', -0.5],
    ['+7', 7],
    ['1e3', 1000],
    ['1E3', 1000],
    ['1e+3', 1000],
    ['25e-1', 2.5],
    ['-1.5e-1', -0.15],
    ['1e12', 1e12],
  ])('may be written %s', (text, value) => {
    expect(boundOf(parseGate(`a.b==${text}`), 'count')).toBe(value);
  });

  const PLAIN = 'a plain number, for this metric has no unit';
  const RATE = 'a rate like 220MB/s or 1Gbit/s';
  const TIME = 'a duration like 300ns or 3us';
  const SECONDS = 'a duration like 0.5 or 300ms';
  const PERCENT = 'a percentage like -2%';
  const notNumbers = ['NaN', 'Infinity', '1e999', '0x10', '1_000', '1,5', '.', '-', '+', 'e3', '1e', '1e+'];
  const broken = ['--2', '+-2', '1.2.3', '1e2.5', '1 2', '1e 2', '5a', 'a5', '1-2', '3MB'];
  it.each([
    ...[...notNumbers, ...broken, '3x'].map((text) => [text, 'count', PLAIN] as const),
    ...['x', '3x4', '3xx', 'x3', '3y'].map((text) => [text, 'ratio', PLAIN] as const),
    ...['750ns', '1-2', '-750', '7 m/s'].map((text) => [text, 'B/s', RATE] as const),
    ...['7MB/s', '1-2', '-40', '3x'].map((text) => [text, 'ns', TIME] as const),
    ...['1-2', '.', '1e999'].map((text) => [text, 's', SECONDS] as const),
    ...['3MB', '5 min'].map((text) => [text, 's', TIME] as const),
    ...['%', 'x%', '2%%', '1-2%', '2x%', '1e999%'].map((text) => [text, 'B/s', PERCENT] as const),
  ])('%s of a metric in %s is refused: it is not %s', (text, unit, what) => {
    for (const [expression, at] of [
      [`a.b>=${text}`, 6],
      [`a.b <  ${text} `, 8],
    ] as const) {
      const { kind, message } = mistakeOf(() => boundOf(parseGate(expression), unit));
      expect(kind).toBe('input');
      expect(message).toBe(`--gate "${expression}", character ${at}: "${text}" is not ${what}`);
    }
  });

  it('is kept as arithmetic has it', () => {
    const kept = (value: number) =>
      (['>=', '>', '==', '<=', '<'] as const).filter((operator) => keeps(operator, value, 2));
    expect(kept(1)).toEqual(['<=', '<']);
    expect(kept(2)).toEqual(['>=', '==', '<=']);
    expect(kept(3)).toEqual(['>=', '>']);
    expect(kept(Number.NaN)).toEqual([]);
  });
});
