import { describe, expect, it } from 'vitest';
import { parseVary } from './vary.js';

describe('--vary KEY=VALUES', () => {
  const cases: [string, string, readonly unknown[]][] = [
    ['a list', 'nic.mtu=1500,9000', [1500, 9000]],
    ['one value', 'nic.mtu=1500', [1500]],
    ['text', 'host.revision=v3,v4.12', ['v3', 'v4.12']],
    ['truth values', 'guest.multiTce=true,false', [true, false]],
    ['whole numbers', 'guest.vcpus=1..8', [1, 2, 3, 4, 5, 6, 7, 8]],
    ['whole numbers that fall', 'guest.vcpus=3..1', [3, 2, 1]],
    ['ranges among values', 'guest.vcpus=1..3,8,16', [1, 2, 3, 8, 16]],
    ['equal steps', 'cost.bqlShare=0..1:lin5', [0, 0.25, 0.5, 0.75, 1]],
    ['equal ratios with units', 'cost.exitToUserspaceNs=1us..1ms:log4', [1000, 10_000, 100_000, 1_000_000]],
    ['ends that are no round numbers', 'cost.exitToUserspaceNs=0.3us..0.7us:lin2', [300, 700]],
    ['sizes in base units', 'run.bytes=1MB,1MiB,64k', [1_000_000, 1_048_576, 65_536]],
    ['rates in base units', 'link.bitsPerSec=1Gb/s,10Gb/s', [1e9, 1e10]],
    ['counts by equal ratios, rounded and each once', 'guest.vcpus=1..8:log10', [1, 2, 3, 4, 5, 6, 8]],
    [
      'objects',
      'traffic.arrival={"rate":1000},closed,{"onOff":{"rate":5,"onNs":1,"offNs":2}}',
      [{ rate: 1000 }, 'closed', { onOff: { rate: 5, onNs: 1, offNs: 2 } }],
    ],
    ['lists as values', 'traffic.sendBytes=[64,1500],[9000]', [[64, 1500], [9000]]],
    ['quoted text with a comma', 'traffic.pcap="a,b.pcap",c.pcap', ['a,b.pcap', 'c.pcap']],
    ['a path that is no range', 'traffic.pcap=../a.pcap', ['../a.pcap']],
    ['a key within a key', 'guest.unmap.deferred=1,64', [1, 64]],
  ];
  it.each(cases)('takes %s', (_, text, values) => {
    expect(parseVary(text)).toEqual({ key: text.slice(0, text.indexOf('=')), values });
  });

  it('keeps both ends exact, and puts equal ratios between them', () => {
    const { values } = parseVary('cost.exitToUserspaceNs=1us..40us:log12');
    expect(values).toHaveLength(12);
    expect([values.at(0), values.at(-1)]).toEqual([1000, 40_000]);
    const ratios = values.slice(1).map((value, i) => (value as number) / (values[i] as number));
    for (const ratio of ratios) expect(ratio).toBeCloseTo(40 ** (1 / 11), 9);
  });

  const refused: [string, string, RegExp][] = [
    ['an unknown key', 'nic.mtuu=1', /unknown key nic\.mtuu/],
    ['an unknown group', 'nci.mtu=1', /unknown key nci/],
    ['an unknown constant', 'cost.exitToUserNs=1', /exitToUserNs/],
    ['a value of another kind', 'nic.mtu=big', /nic\.mtu/],
    ['an unknown unit', 'cost.exitToUserspaceNs=1parsec', /1parsec/],
    ['no values', 'nic.mtu', /has no values/],
    ['an empty value', 'nic.mtu=1500,', /empty value/],
    ['a range without points', 'cost.exitToUserspaceNs=1us..2us', /how many points/],
    ['a range of fractions without points', 'cost.bqlShare=0.1..0.9', /how many points/],
    ['one point', 'nic.mtu=1..9:lin1', /1 points/],
    ['equal ratios from 0', 'cost.bqlShare=0..1:log3', /equal ratios/],
    ['a range that is none', 'nic.mtu=5..5', /begins where it ends/],
    ['a range of text', 'traffic.pcap=1a..2b:lin3', /no number/],
    ['a range without its number of points', 'nic.mtu=1500..9000:log', /:log is no range/],
    ['half a range', 'nic.mtu=1500..', /1500\.\. is no range/],
    ['a range of three ends', 'nic.mtu=1..2..3', /1\.\.2\.\.3 is no range/],
    ['an unknown value', 'nic.offload=tsoo', /nic\.offload has an unknown value "tsoo"/],
    ['a capture from stdin', 'traffic.pcap=-', /traffic\.pcap must be a file.*not from stdin/],
    ['an open bracket', 'traffic.arrival={"rate":1', /bracket/],
    ['an open quote', 'traffic.pcap="a', /quote/],
    ['a prototype', '__proto__.x=1', /names no key/],
  ];
  it.each(refused)('refuses %s', (_, text, message) => {
    expect(() => parseVary(text)).toThrow(message);
  });
});
