import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineParser } from './line-parser.js';
import type { LogLine } from './log-line.js';

const MASK_32 = 0xffff_ffffn;

function half(value: bigint): number {
  return Number(BigInt.asIntN(32, value & MASK_32));
}

function words(hi: keyof LogLine, lo: keyof LogLine, value: bigint): Partial<LogLine> {
  return { [hi]: half(value >> 32n), [lo]: half(value) };
}

type Read = { kind: string; isPrefixed: boolean } & Partial<Omit<LogLine, 'kind'>>;

const STAMP = /^\d+@\d+\.\d+:/;
const HEX = '0x([0-9a-fA-F]{1,16})(?=[ ,\\r]|$)';
const DECIMAL = '(-?\\d{1,15})(?=[ ,\\r]|$)';
const CALLS: Record<string, string> = {
  put: ` liobn=${HEX} ioba=${HEX} tce=${HEX} ret=${DECIMAL}`,
  indirect: ` liobn=${HEX} ioba=${HEX} tcelist=${HEX} iobaN=${HEX} tceN=${HEX} ret=${DECIMAL}`,
  stuff: ` liobn=${HEX} ioba=${HEX} tcevalue=${HEX} npages=${DECIMAL} ret=${DECIMAL}`,
  get: ` liobn=${HEX} ioba=${HEX} ret=${DECIMAL} tce=${HEX}`,
};
const OTHERS: Record<string, string> = {
  new_table: 'newTable',
  ddw_query: 'ddwQuery',
  ddw_create: 'ddwCreate',
  ddw_remove: 'ddwRemove',
  ddw_reset: 'ddwReset',
};

/** The reader as one would write it with strings and BigInt. */
function naive(text: string): Read {
  const isPrefixed = STAMP.test(text);
  const [, pci, name = ''] = /^spapr_iommu_(pci_)?([a-z_]+)(?=[ ,\r]|$)/.exec(text.replace(STAMP, '')) ?? [];
  const rest = text.replace(STAMP, '').slice(`spapr_iommu_${pci ?? ''}${name}`.length);
  const isCall = Object.hasOwn(CALLS, name);
  if (!isCall && (pci !== undefined || !Object.hasOwn(OTHERS, name))) return { kind: 'foreign', isPrefixed };
  const malformed = { kind: 'malformed', isPrefixed };
  const hex = (digits: string | undefined) => BigInt(`0x${digits}`);
  if (isCall) {
    const match = new RegExp(`^${CALLS[name]}`).exec(rest);
    if (match === null) return malformed;
    const [, liobn, ioba, third = '', fourth = '', fifth = '', sixth = ''] = match;
    const call = {
      kind: name,
      isPrefixed,
      liobn: Number(hex(liobn)),
      ...words('iobaHi', 'iobaLo', hex(ioba)),
    };
    switch (name) {
      case 'put':
        return { ...call, ...words('tceHi', 'tceLo', hex(third)), ret: Number(BigInt(fourth)) };
      case 'get':
        return { ...call, ...words('tceHi', 'tceLo', hex(fourth)), ret: Number(BigInt(third)) };
      case 'stuff': {
        const count = BigInt(fourth);
        if (count < 0n || count > MASK_32) return malformed;
        const value = words('tceHi', 'tceLo', hex(third));
        return { ...call, ...value, count: Number(count), ret: Number(BigInt(fifth)) };
      }
      default: {
        const count = hex(fourth);
        const ret = BigInt(sixth);
        if (count > (ret === 0n ? 511n : 510n)) return malformed;
        const values = {
          ...words('tceListHi', 'tceListLo', hex(third)),
          ...words('tceHi', 'tceLo', hex(fifth)),
        };
        return { ...call, ...values, count: Number(count), ret: Number(ret) };
      }
    }
  }
  const kind = OTHERS[name] as string;
  const field = (key: string) => new RegExp(` ${key}=${HEX}`).exec(rest)?.[1];
  const leading = (key: string) => new RegExp(`^ ${key}=${HEX}`).exec(rest)?.[1];
  switch (name) {
    case 'ddw_query':
      return { kind, isPrefixed };
    case 'new_table':
    case 'ddw_remove': {
      const liobn = leading('liobn');
      return liobn === undefined ? malformed : { kind, isPrefixed, liobn: Number(hex(liobn)) };
    }
    case 'ddw_reset': {
      const buid = leading('buid');
      return buid === undefined ? malformed : { kind, isPrefixed, ...words('buidHi', 'buidLo', hex(buid)) };
    }
    default: {
      const [buid, page, start, liobn] = [
        leading('buid'),
        field('page size'),
        field('start addr'),
        field('liobn'),
      ];
      if (buid === undefined || page === undefined || start === undefined || liobn === undefined)
        return malformed;
      return { kind, isPrefixed, liobn: Number(hex(liobn)), pageBytes: Number(hex(page)) };
    }
  }
}

function parse(text: string): LineParser {
  const parser = new LineParser();
  parser.parse(Buffer.from(`${text}\n`, 'latin1'), 0);
  return parser;
}

function expectSame(text: string): void {
  const expected = naive(text);
  const { line, isPrefixed } = parse(text);
  const read = Object.fromEntries(Object.keys(expected).map((key) => [key, line[key as keyof LogLine]]));
  expect({ ...read, isPrefixed }).toEqual(expected);
}

const hexWord = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.constantFrom(0n, 511n, 510n, 512n, 0x8000_0000n, 2n ** 63n, 2n ** 64n - 1n),
);
const hexText = fc.oneof(
  { weight: 8, arbitrary: hexWord.map((value) => value.toString(16)) },
  { weight: 1, arbitrary: fc.constantFrom('', 'g', 'FF', '00000000000000001', '0x1') },
);
const decimalText = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('0', '1', '-4', '512', '9999', '4294967295', '4294967296') },
  { weight: 1, arbitrary: fc.constantFrom('', '-', '1x', '1000000000000000', '--1') },
);
const stamp = fc.constantFrom('24245@1795326949.974350:', '', '1@2.3:', '@2.3:', '1@2:', '1@2.3');
const end = fc.constantFrom('', '\r', ' ', ' extra=1', '\r\r', 'junk');

const callText = fc
  .tuple(
    stamp,
    fc.constantFrom('spapr_iommu_pci_', 'spapr_iommu_', 'spapr_iommu_pci_pci_', 'spapr_'),
    fc.constantFrom('put', 'indirect', 'stuff', 'get', 'xlate', 'putx'),
    fc.array(hexText, { minLength: 6, maxLength: 6 }),
    fc.array(decimalText, { minLength: 2, maxLength: 2 }),
    end,
  )
  .map(([before, family, name, values, [first, second], tail]) => {
    const [liobn, ioba, tce, list, last, extra] = values;
    const target = `${before}${family}${name} liobn=0x${liobn} ioba=0x${ioba}`;
    switch (name) {
      case 'put':
        return `${target} tce=0x${tce} ret=${first}${tail}`;
      case 'indirect':
        return `${target} tcelist=0x${list} iobaN=0x${last} tceN=0x${tce} ret=${first}${tail}`;
      case 'stuff':
        return `${target} tcevalue=0x${tce} npages=${first} ret=${second}${tail}`;
      default:
        return `${target} ret=${first} tce=0x${extra}${tail}`;
    }
  });

const otherText = fc
  .tuple(
    stamp,
    fc.constantFrom(...Object.keys(OTHERS)),
    fc.array(hexText, { minLength: 5, maxLength: 5 }),
    end,
  )
  .map(([before, name, [a, b, c, d, e], tail]) => {
    const head = `${before}spapr_iommu_${name}`;
    if (name === 'new_table' || name === 'ddw_remove')
      return `${head} liobn=0x${a} table=0x${b} fd=-1${tail}`;
    if (name !== 'ddw_create') return `${head} buid=0x${a} addr=0x${b}, 1 windows available${tail}`;
    return `${head} buid=0x${a} addr=0x0, page size=0x${b}, requested=0x${c}, start addr=0x${d}, liobn=0x${e}${tail}`;
  });

describe('a line is read as a naive reader of strings reads it', () => {
  it('hypercalls', () => {
    fc.assert(fc.property(callText, expectSame), { numRuns: 3000 });
  });

  it('tables and dynamic windows', () => {
    fc.assert(fc.property(otherText, expectSame), { numRuns: 1000 });
  });

  it('any damage to a good line: one byte changed, inserted or removed, or cut anywhere', () => {
    const damage = fc.record({
      text: fc.oneof(callText, otherText),
      at: fc.nat(120),
      byte: fc.constantFrom(' ', '=', '0', 'x', '-', ',', 'z', '\r', '@', ':', '.', '_'),
      how: fc.constantFrom('change', 'insert', 'remove', 'cut'),
    });
    const apply = ({ text, at, byte, how }: { text: string; at: number; byte: string; how: string }) => {
      const [before, after] = [text.slice(0, at), text.slice(at)];
      if (how === 'cut') return before;
      if (how === 'insert') return before + byte + after;
      return how === 'remove' ? before + after.slice(1) : before + byte + after.slice(1);
    };
    fc.assert(fc.property(damage.map(apply), expectSame), { numRuns: 5000 });
  });

  it('noise', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 60 }).filter((text) => !/[\n]/.test(text)),
        expectSame,
      ),
    );
  });
});

describe('a line of each event', () => {
  it('a dynamic window above 2^53, in free text', () => {
    const { line } = parse(
      '25393@1795327040.336109:spapr_iommu_ddw_create buid=0x800000020000000 addr=0x0, page size=0x10000, ' +
        'requested=0x80000000, start addr=0x800000000000000, liobn=0x80000001',
    );
    expect(line).toMatchObject({
      kind: 'ddwCreate',
      liobn: 0x8000_0001,
      pageBytes: 65536,
      windowBytes: 2 ** 31,
    });
    expect(line).toMatchObject({ iobaHi: 0x0800_0000, iobaLo: 0, buidHi: 0x0800_0000, buidLo: 0x2000_0000 });
  });

  it('an address above 2^53 is exact to the bit', () => {
    const { line } = parse(
      'spapr_iommu_pci_put liobn=0x80000001 ioba=0x80000007ffff001 tce=0xfedcba9876543213 ret=0',
    );
    expect(line).toMatchObject({
      iobaHi: 0x0800_0000,
      iobaLo: 0x7fff_f001,
      tceHi: 0xfedc_ba98 | 0,
      tceLo: 0x7654_3213,
    });
  });

  it('a window without a size', () => {
    const { line } = parse(
      'spapr_iommu_ddw_create buid=0x1 addr=0x0, page size=0x1000, start addr=0x0, liobn=0x2',
    );
    expect(line.kind).toBe('ddwCreate');
    expect(line.windowBytes).toBeLessThanOrEqual(0);
  });
});
