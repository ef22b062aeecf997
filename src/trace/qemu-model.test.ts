import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GuestStore, HcallSink } from '../papr/hcall-sink.js';
import { TraceFigures } from './figures.js';
import { issueCall } from './issue-call.js';
import { type CallConsumer, replayLog } from './replay.js';
import { surveyLog } from './survey.js';
import type { TraceCall } from './trace-call.js';
import { TraceLog } from './trace-log.js';

/**
 * An independent oracle: QEMU's four handlers (hw/ppc/spapr_iommu.c, 7.2) with their trace events, in BigInt. A
 * random guest calls them; the reader must conclude from the printed lines what the guest did and what the table
 * holds.
 */
interface Geometry {
  readonly start: bigint;
  readonly pageShift: number;
  readonly entries: number;
}

type Request =
  | { readonly kind: 'put'; readonly ioba: bigint; readonly tce: bigint }
  | {
      readonly kind: 'indirect';
      readonly ioba: bigint;
      readonly list: bigint;
      readonly tces: readonly bigint[];
    }
  | { readonly kind: 'stuff'; readonly ioba: bigint; readonly tce: bigint; readonly npages: number }
  | { readonly kind: 'get'; readonly ioba: bigint };

const H_PARAMETER = -4;
const LIOBN = 0x8000_0001;

class QemuModel {
  readonly table: bigint[];
  readonly #geometry: Geometry;
  readonly #page: bigint;

  constructor(geometry: Geometry) {
    this.#geometry = geometry;
    this.#page = 1n << BigInt(geometry.pageShift);
    this.table = new Array(geometry.entries).fill(0n);
  }

  /** The trace line of a call. */
  call(request: Request): string {
    const at = request.ioba & ~(this.#page - 1n);
    const hex = (value: bigint) => `0x${BigInt.asUintN(64, value).toString(16)}`;
    const head = `7@1.5:spapr_iommu_pci_${request.kind} liobn=0x${LIOBN.toString(16)}`;
    switch (request.kind) {
      case 'put': {
        const ret = this.#set(at, request.tce);
        return `${head} ioba=${hex(at)} tce=${hex(request.tce)} ret=${ret}`;
      }
      case 'get': {
        const index = this.#index(at);
        const isInside = index !== null;
        return `${head} ioba=${hex(at)} ret=${isInside ? 0 : H_PARAMETER} tce=${hex(isInside ? (this.table[index] ?? 0n) : 0n)}`;
      }
      case 'stuff': {
        let ioba = at;
        let ret = H_PARAMETER;
        for (let i = 0; i < request.npages; i++, ioba += this.#page) {
          ret = this.#set(ioba, request.tce);
          if (ret !== 0) break;
        }
        return `${head} ioba=${hex(ioba)} tcevalue=${hex(request.tce)} npages=${request.npages} ret=${ret}`;
      }
      case 'indirect': {
        let ret = H_PARAMETER;
        let tce = 0n;
        let i = 0;
        for (; i < request.tces.length; i++) {
          tce = request.tces[i] ?? 0n;
          ret = this.#set(at + BigInt(i) * this.#page, tce);
          if (ret !== 0) break;
        }
        const last = i > 0 ? i - 1 : 0;
        return `${head} ioba=${hex(request.ioba)} tcelist=${hex(request.list)} iobaN=${hex(BigInt(last))} tceN=${hex(tce)} ret=${ret}`;
      }
    }
  }

  #index(ioba: bigint): number | null {
    const index = BigInt.asUintN(64, ioba - this.#geometry.start) / this.#page;
    return index < BigInt(this.#geometry.entries) ? Number(index) : null;
  }

  #set(ioba: bigint, tce: bigint): number {
    const index = this.#index(ioba);
    if (index === null) return H_PARAMETER;
    this.table[index] = tce;
    return 0;
  }
}

/** A sink that hands each call to a second model of QEMU, with lists read from the guest memory written. */
class ModelSink implements HcallSink, GuestStore, CallConsumer {
  readonly resultHi = 0;
  readonly resultLo = 0;
  readonly lines: string[] = [];
  readonly codes: (readonly [number, number])[] = [];
  readonly #memory = new Map<number, bigint>();
  readonly #model: QemuModel;

  constructor(model: QemuModel) {
    this.#model = model;
  }

  newTable(): void {}
  removeTable(): void {}

  call(call: TraceCall): void {
    this.codes.push([issueCall(call, this, this), call.ret]);
  }

  storeWord(gpa: number, hi: number, lo: number): void {
    expect(gpa % 8).toBe(0);
    this.#memory.set(gpa, join(hi, lo));
  }

  putTce(liobn: number, iobaHi: number, iobaLo: number, tceHi: number, tceLo: number): number {
    return this.#issue(liobn, { kind: 'put', ioba: join(iobaHi, iobaLo), tce: join(tceHi, tceLo) });
  }

  putTceIndirect(
    liobn: number,
    hi: number,
    lo: number,
    listHi: number,
    listLo: number,
    npages: number,
  ): number {
    const list = join(listHi, listLo);
    const tces = Array.from({ length: npages }, (_, i) => this.#memory.get(Number(list) + i * 8) ?? -1n);
    return this.#issue(liobn, { kind: 'indirect', ioba: join(hi, lo), list, tces });
  }

  stuffTce(liobn: number, hi: number, lo: number, tceHi: number, tceLo: number, npages: number): number {
    return this.#issue(liobn, { kind: 'stuff', ioba: join(hi, lo), tce: join(tceHi, tceLo), npages });
  }

  getTce(liobn: number, iobaHi: number, iobaLo: number): number {
    return this.#issue(liobn, { kind: 'get', ioba: join(iobaHi, iobaLo) });
  }

  #issue(liobn: number, request: Request): number {
    expect(liobn).toBe(LIOBN);
    const line = this.#model.call(request);
    this.lines.push(line);
    return Number(/ ret=(-?\d+)/.exec(line)?.[1]);
  }
}

function join(hi: number, lo: number): bigint {
  return (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);
}

async function read(geometry: Geometry, lines: readonly string[], consumers: readonly CallConsumer[]) {
  const log = await TraceLog.open('-', Readable.from([Buffer.from(`${lines.join('\n')}\n`)]));
  try {
    const { start, pageShift, entries } = geometry;
    const bytes = entries * 2 ** pageShift;
    const survey = await surveyLog(log, {
      windows: [{ liobn: LIOBN, start: Number(start), bytes, pageShift }],
    });
    const figures = new TraceFigures(survey, null);
    await replayLog(log, survey, [figures, ...consumers]);
    return { survey, figures };
  } finally {
    await log.close();
  }
}

const geometry: fc.Arbitrary<Geometry> = fc.record({
  start: fc.constantFrom(0n, 0x800_0000_0000_0000n),
  pageShift: fc.constantFrom(12, 16, 24),
  entries: fc.constantFrom(1, 2, 8, 600),
});

/** Requests of a guest that maps contiguous buffers; addresses reach a little beyond both ends of the window. */
function requests({ start, pageShift, entries }: Geometry): fc.Arbitrary<Request[]> {
  const page = 1n << BigInt(pageShift);
  const ioba = fc
    .tuple(fc.integer({ min: -2, max: entries + 2 }), fc.constantFrom(0n, 0n, 5n, page - 1n))
    .map(([entry, offset]) => BigInt.asUintN(64, start + BigInt(entry) * page + offset))
    .filter((address) => address < 1n << 60n);
  const frame = fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 20n }),
    fc.constantFrom(2n ** 30n, 2n ** 40n - 600n),
  );
  const permission = fc.constantFrom(0n, 1n, 2n, 3n);
  const tce = fc.tuple(frame, permission).map(([number, bits]) => number * page + bits);
  const npages = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(511, 512));
  const put = fc.record({ kind: fc.constant('put' as const), ioba, tce });
  const get = fc.record({ kind: fc.constant('get' as const), ioba });
  const indirect = fc.record({
    kind: fc.constant('indirect' as const),
    ioba,
    list: fc.bigInt({ min: 1n, max: 2n ** 40n }).map((number) => number * 4096n),
    tces: fc
      .tuple(frame, fc.constantFrom(1n, 2n, 3n), npages)
      .map(([first, bits, length]) => Array.from({ length }, (_, i) => (first + BigInt(i)) * page + bits)),
  });
  const stuff = fc
    .record({ kind: fc.constant('stuff' as const), ioba, tce, npages })
    .filter((request) => isAllOrNothing(request));
  return fc.array(fc.oneof(put, indirect, stuff, get), { minLength: 1, maxLength: 30 });

  /** How far a stuff came before it failed is not printed; the reader claims nothing of such a call. */
  function isAllOrNothing(request: { ioba: bigint; npages: number }): boolean {
    const first = BigInt.asIntN(64, (request.ioba & ~(page - 1n)) - start) / page;
    return first < 0n || first >= entries || Number(first) + request.npages <= entries;
  }
}

const history = geometry.chain((window) => fc.tuple(fc.constant(window), requests(window)));

describe('against a model of the QEMU that prints the log', () => {
  it('the live entries are those of its table', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ([window, calls]) => {
        const qemu = new QemuModel(window);
        const lines = calls.map((request) => qemu.call(request));
        const { survey, figures } = await read(window, lines, []);
        expect(survey).toMatchObject({ calls: calls.length, malformed: 0, foreign: 0 });
        const entries = figures.entries(LIOBN);
        const live: [number, bigint][] = [];
        for (let e = entries?.next(0) ?? -1; e >= 0; e = entries?.next(e + 1) ?? -1) {
          live.push([e, join(entries?.tceHi(e) ?? 0, entries?.tceLo(e) ?? 0)]);
        }
        expect(live).toEqual([...qemu.table.entries()].filter(([, tce]) => (tce & 3n) !== 0n));
        expect(entries?.live).toBe(live.length);
        expect(figures.figures.whole.liveAtEnd).toBe(live.length);
      }),
      { numRuns: 300 },
    );
  });

  it('the calls made again print the same log, and return the same codes', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ([window, calls]) => {
        const qemu = new QemuModel(window);
        const lines = calls.map((request) => qemu.call(request));
        const again = new QemuModel(window);
        const sink = new ModelSink(again);
        await read(window, lines, [sink]);
        expect(sink.lines).toEqual(lines);
        expect(again.table).toEqual(qemu.table);
        for (const [code, logged] of sink.codes) expect(code).toBe(logged);
      }),
      { numRuns: 300 },
    );
  });

  it('a stuff that runs out of the window is made again where it failed, and counts nothing', async () => {
    const window = { start: 0n, pageShift: 12, entries: 8 };
    const qemu = new QemuModel(window);
    const lines = [
      qemu.call({ kind: 'put', ioba: 0x7000n, tce: 0x5003n }),
      qemu.call({ kind: 'stuff', ioba: 0x6000n, tce: 0n, npages: 4 }),
    ];
    const sink = new ModelSink(new QemuModel(window));
    const { figures } = await read(window, lines, [sink]);
    expect(sink.lines[1]).toBe(lines[1]);
    expect(figures.figures.whole).toMatchObject({
      byReturnCode: { '0': 1, '-4': 1 },
      tcesMapped: 1,
      tcesUnmapped: 0,
      clearedWhileEmpty: 0,
      liveAtEnd: 1,
      tcesPerCall: { stuff: { '4': 1 } },
    });
  });
});
