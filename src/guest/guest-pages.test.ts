import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GuestPages } from './guest-pages.js';
import { testRandom } from './recording-sink.test-helper.js';

const MIB = 2 ** 20;

function guestPages(ramBytes: number, pageBytes: number, seed = 1): GuestPages {
  return new GuestPages({ ramBytes, pageBytes, random: testRandom(seed) });
}

describe('guest pages', () => {
  it('never overlap, lie in RAM and are aligned to their size, whatever is taken and given back', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(4096, 65536),
        fc.nat(),
        fc.array(fc.record({ kib: fc.integer({ min: 1, max: 128 }), release: fc.boolean() }), {
          maxLength: 120,
          size: 'max',
        }),
        (pageBytes, seed, requests) => {
          const ramBytes = 64 * MIB;
          const pages = guestPages(ramBytes, pageBytes, seed);
          const owner = new Map<number, number>();
          const out: { gpa: number; bytes: number; size: number }[] = [];
          for (const { kib, release } of requests) {
            const bytes = kib * 1024;
            const size = Math.max(pageBytes, 2 ** Math.ceil(Math.log2(bytes)));
            const gpa = pages.allocate(bytes);
            expect(gpa % size).toBe(0);
            expect(gpa + size).toBeLessThanOrEqual(ramBytes);
            for (let at = gpa; at < gpa + size; at += 4096) {
              expect(owner.has(at)).toBe(false);
              owner.set(at, gpa);
            }
            out.push({ gpa, bytes, size });
            if (!release) continue;
            const block = out.splice(out.length >> 1, 1)[0];
            if (block === undefined) continue;
            pages.release(block.gpa, block.bytes);
            for (let at = block.gpa; at < block.gpa + block.size; at += 4096) owner.delete(at);
          }
          expect(pages.liveBytes).toBe(owner.size * 4096);
        },
      ),
    );
  });

  it('come in an order that the seed decides and that is not the order of addresses', () => {
    const take = (seed: number) => {
      const pages = guestPages(256 * MIB, 4096, seed);
      return Array.from({ length: 400 }, () => pages.allocate(4096));
    };
    expect(take(7)).toEqual(take(7));
    expect(take(7)).not.toEqual(take(8));
    const gpas = take(7);
    const neighbours = gpas.filter((gpa, i) => Math.abs(gpa - (gpas[i - 1] ?? 0)) === 4096).length;
    expect(neighbours).toBeLessThan(20);
    expect(Math.max(...gpas) - Math.min(...gpas)).toBeGreaterThan(64 * MIB);
  });

  it('are hot: the block freed last is the next of its size', () => {
    const pages = guestPages(64 * MIB, 4096);
    const first = pages.allocate(8192);
    const second = pages.allocate(8192);
    pages.release(first, 8192);
    pages.release(second, 8192);
    expect(pages.allocate(8192)).toBe(second);
    expect(pages.allocate(8192)).toBe(first);
  });

  it('use RAM to the last page, larger free blocks included, then refuse with the key', () => {
    const pages = guestPages(2 * MIB, 4096);
    pages.release(pages.allocate(32768), 32768);
    const seen = new Set<number>();
    for (let i = 0; i < 512; i++) seen.add(pages.allocate(4096));
    expect(seen.size).toBe(512);
    expect(() => pages.allocate(4096)).toThrow(/guest\.ramBytes/);
  });

  it('refuse a page size or an amount of RAM that no guest has', () => {
    expect(() => guestPages(64 * MIB, 8192)).toThrow(/guest\.pageSize/);
    expect(() => guestPages(4096, 4096)).toThrow(/guest\.ramBytes/);
    expect(() => guestPages(Number.NaN, 4096)).toThrow(/guest\.ramBytes/);
  });
});

describe('the list of hot pages', () => {
  it('of the only CPU gives back the page freed last, however many are freed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(4096, 65536),
        fc.array(fc.integer({ min: -300, max: 300 })),
        (pageBytes, runs) => {
          const pages = guestPages(256 * MIB, pageBytes);
          const held: number[] = [];
          const freed: number[] = [];
          for (const run of runs) {
            for (let i = 0; i < run; i++) {
              const gpa = pages.allocate(pageBytes);
              const expected = freed.pop();
              if (expected !== undefined) expect(gpa).toBe(expected);
              held.push(gpa);
            }
            for (let i = 0; i < -run && held.length > 0; i++) {
              const [gpa = 0] = held.splice(held.length >> 1, 1);
              pages.release(gpa, pageBytes);
              freed.push(gpa);
            }
          }
        },
      ),
    );
  });

  it('belongs to a CPU: what another one frees there it gets only from the stock', () => {
    const first = guestPages(1024 * MIB, 65536);
    const second = first.onAnotherCpu();
    const gpas = Array.from({ length: 10 }, () => first.allocate(65536));
    for (const gpa of gpas) second.release(gpa, 65536);
    // High mark 6, batch 1: of ten pages the five freed first went to the stock, the last of them on top.
    expect([first.allocate(65536), first.allocate(65536)]).toEqual([gpas[4], gpas[3]]);
    expect(second.allocate(65536)).toBe(gpas[9]);
    expect([first.liveBytes, second.liveBytes]).toEqual([3 * 65536, 3 * 65536]);
  });
});
