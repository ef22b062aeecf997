import { describe, expect, it } from 'vitest';
import { boundOf, keeps, parseGate } from './gate.js';

describe('a gate expression', () => {
  it.each([
    ['multi-real.rateBytesPerSec>=-2%', 'multi-real.rateBytesPerSec', '>=', true],
    ['  claim.speedup  >=  3.4 ', 'claim.speedup', '>=', false],
    ['a.log/real.phases.tcp 64k.modelledNs<1ms', 'a.log/real.phases.tcp 64k.modelledNs', '<', false],
    ['x.hostFaults==0', 'x.hostFaults', '==', false],
    ['x.y>1', 'x.y', '>', false],
    ['x.y<=+5 %', 'x.y', '<=', true],
  ])('%s names its metric, operator and bound', (text, metric, operator, isRelative) => {
    expect(parseGate(text)).toMatchObject({ metric, operator, isRelative });
  });

  it.each([
    ['multi-real.rateBytesPerSec', 27, /no operator.*the shell/],
    ['', 1, /no operator/],
    ['>=3', 1, /no metric/],
    ['a.b>=', 6, /no bound/],
    ['a.b=3', 4, /= is no operator/],
    ['a.b=>3', 4, /=> is no operator/],
    ['a.b!=3', 4, /!= is no operator/],
    ['a.b>=1<=3', 7, /second operator/],
  ])('%s is refused at character %i', (text, at, message) => {
    const place = new RegExp(`--gate "${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}", character ${at}: `);
    expect(() => parseGate(text)).toThrow(place);
    expect(() => parseGate(text)).toThrow(message);
  });

  it.each([
    ['a.b>=750MB/s', 'B/s', 750e6],
    ['a.b>=1.5GiB/s', 'B/s', 1.5 * 1024 ** 3],
    ['a.b<=40ns', 'ns', 40],
    ['a.b<=3us', 'ns', 3000],
    ['a.b<=300ms', 's', 0.3],
    ['a.b<=0.5', 's', 0.5],
    ['a.b>=3.4x', 'ratio', 3.4],
    ['a.b>=3.4', 'ratio', 3.4],
    ['a.b==17', 'count', 17],
    ['a.b>=-2%', 'B/s', -2],
    ['a.b>=+2.5%', 'count', 2.5],
  ] as const)('%s of a metric in %s is %d', (text, unit, bound) => {
    expect(boundOf(parseGate(text), unit)).toBeCloseTo(bound, 9);
  });

  it.each([
    ['a.b>=750ns', 'B/s', /character 6: "750ns" is not a rate/],
    ['a.b>=7MB/s', 'ns', /character 6: "7MB\/s" is not a duration/],
    ['a.b>=NaN', 'count', /"NaN" is not a plain number/],
    ['a.b>=1e999', 'count', /"1e999" is not/],
    ['a.b>=x%', 'count', /"x%" is not a percentage/],
    ['a.b>= 3MB', 'count', /character 7: "3MB" is not a plain number/],
    ['a.b>=1-2', 's', /"1-2" is not a duration/],
  ] as const)('%s of a metric in %s is refused', (text, unit, message) => {
    expect(() => boundOf(parseGate(text), unit)).toThrow(message);
  });

  it('keeps its bound as arithmetic has it', () => {
    const kept = (value: number) =>
      (['>=', '>', '==', '<=', '<'] as const).filter((operator) => keeps(operator, value, 2));
    expect(kept(1)).toEqual(['<=', '<']);
    expect(kept(2)).toEqual(['>=', '==', '<=']);
    expect(kept(3)).toEqual(['>=', '>']);
    expect(kept(Number.NaN)).toEqual([]);
  });
});
