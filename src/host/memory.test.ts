import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EBUSY, EFAULT, EINVAL, ENOENT } from './errno.js';
import { Host } from './host.js';
import { MemoryRegion } from './memory-region.js';
import { VIRTUAL_MODE } from './mmu-mode.js';
import { PIN_FOUND, PIN_NO_REGION, PIN_NO_SLOT } from './pinned-memory.js';
import { SharedBuffers } from './shared-buffers.js';

const UA = 0x2000_0000_0000;
const PAGE = 65536;

function newHost(pages = 64): Host {
  return new Host({ pageShift: 16, backingShift: 16, bytes: pages * PAGE }, new SharedBuffers());
}

describe('preregistered memory', () => {
  it('takes the same region again, and no other that overlaps it', () => {
    const { preregistered } = newHost();
    expect(preregistered.register(UA + PAGE, 4 * PAGE)).toBeInstanceOf(MemoryRegion);
    expect(preregistered.register(UA + PAGE, 4 * PAGE)).toBe(preregistered.regions[0]);
    expect(preregistered.regions[0]?.used).toBe(2);
    for (const [ua, pages] of [
      [UA, 2],
      [UA + 2 * PAGE, 1],
      [UA + PAGE, 3],
      [UA, 8],
    ] as const) {
      expect(preregistered.register(ua, pages * PAGE)).toBe(-EINVAL);
    }
    expect(preregistered.register(UA + 5 * PAGE, PAGE)).toBeInstanceOf(MemoryRegion);
  });

  it('cannot pin what is absent or not memory of the guest', () => {
    const { preregistered, pages } = newHost();
    pages.setPresent(UA + 3 * PAGE, PAGE, false);
    expect(preregistered.register(UA + 2 * PAGE, 2 * PAGE)).toBe(-EFAULT);
    expect(preregistered.register(UA - PAGE, PAGE)).toBe(-EFAULT);
    expect(preregistered.register(UA + 63 * PAGE, 2 * PAGE)).toBe(-EFAULT);
    pages.setPresent(UA + 3 * PAGE, PAGE, true);
    expect(preregistered.register(UA + 2 * PAGE, 2 * PAGE)).toBeInstanceOf(MemoryRegion);
  });

  it('does not find a range across two adjacent regions', () => {
    const { preregistered } = newHost();
    preregistered.register(UA, 2 * PAGE);
    preregistered.register(UA + 2 * PAGE, 2 * PAGE);
    expect(preregistered.lookup(UA + PAGE, PAGE)).toBe(preregistered.regions[0]);
    expect(preregistered.lookup(UA + 2 * PAGE, PAGE)).toBe(preregistered.regions[1]);
    expect(preregistered.lookup(UA + PAGE, 2 * PAGE)).toBeNull();
  });
});

describe('the mapped count of a region', () => {
  it('begins at 1, never falls below, and refuses mappings once it is 0', () => {
    const region = new MemoryRegion(UA, PAGE, 16, new SharedBuffers());
    region.mappedDec();
    expect(region.mapped).toBe(1);
    expect([region.mappedInc(), region.mappedInc(), region.mapped]).toEqual([true, true, 3]);
    region.mappedDec();
    region.mappedDec();
    expect(region.release()).toBe(0);
    expect([region.mapped, region.used, region.mappedInc(), region.mapped]).toEqual([0, 0, false, 0]);
  });
});

describe('a region', () => {
  const backedBy = (backingShift: number, pageShift = 16) =>
    new Host({ pageShift, backingShift, bytes: 2 ** 27 }, new SharedBuffers()).preregistered;

  it.each([
    // Alignment of address and length, whichever is less, but no more than the pages behind it.
    [24, 0, 2 ** 25, 24],
    [24, 2 ** 16, 2 ** 24, 16],
    [24, 2 ** 24, 3 * 2 ** 22, 22],
    [24, 2 ** 20, 2 ** 25, 20],
    [20, 2 ** 24, 2 ** 24, 20],
    [16, 2 ** 24, 2 ** 24, 16],
    // Pages behind a region are never smaller than the host's.
    [12, 2 ** 24, 2 ** 24, 16],
  ])(
    'behind which stand pages of 2^%i, at %i, %i long, has pages of 2^%i',
    (backing, offset, bytes, shift) => {
      expect(backedBy(backing).register(UA + offset, bytes)).toMatchObject({ pageShift: shift });
    },
  );

  it('without length has the pages behind it', () => {
    expect(backedBy(12, 12).register(UA, 0)).toMatchObject({ pageShift: 12 });
  });

  it('is live, then dying while it leaves the list, then freed', () => {
    const { preregistered, locked } = newHost();
    const region = preregistered.register(UA, PAGE) as MemoryRegion;
    expect([region.state, region.mapped, region.used]).toEqual(['live', 1, 1]);
    region.mappedInc();
    expect([region.release(), region.state, region.used]).toEqual([-EBUSY, 'live', 1]);
    region.mappedDec();
    expect([region.release(), region.state]).toEqual([0, 'dying']);
    expect([region.mappedInc(), region.release(), preregistered.regions]).toEqual([false, -ENOENT, [region]]);
    expect(locked.pages).toBe(1);
    preregistered.unlink(region);
    expect([region.state, preregistered.regions, locked.pages]).toEqual(['freed', [], 0]);
  });

  it('can be put by its last user only while nothing is mapped, whatever came before (I5, I7, T16)', () => {
    const step = fc.constantFrom('get', 'put', 'map', 'unmap');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { preregistered } = newHost();
        let [users, mappings] = [0, 0];
        for (const each of steps) {
          const region = preregistered.find(UA, PAGE);
          if (each === 'get') {
            expect(preregistered.register(UA, PAGE)).toBeInstanceOf(MemoryRegion);
            users++;
          } else if (region === undefined) {
            expect(users).toBe(0);
          } else if (each === 'put') {
            const isBusy = users === 1 && mappings > 0;
            expect(region.release()).toBe(isBusy ? -EBUSY : 0);
            if (!isBusy) users--;
            if (users === 0) preregistered.unlink(region);
          } else if (each === 'map') {
            expect(region.mappedInc()).toBe(true);
            mappings++;
          } else {
            region.mappedDec();
            mappings = Math.max(mappings - 1, 0);
          }
          const [listed] = preregistered.regions;
          expect(listed && [listed.used, listed.mapped]).toEqual(
            users === 0 ? undefined : [users, 1 + mappings],
          );
        }
      }),
      { seed: 16, numRuns: 300 },
    );
  });
});

describe('the way from a guest address to its pinned page', () => {
  /** What each of the two looks gives on its own, whatever was found before. */
  function twoLooks({ memslots, preregistered }: Host, gpa: number, pageBytes: number) {
    const ua = memslots.uaOf(gpa);
    if (ua < 0) return { found: PIN_NO_SLOT };
    const region = preregistered.lookup(ua, pageBytes);
    return region === null ? { found: PIN_NO_REGION } : { found: PIN_FOUND, ua, region };
  }

  function oneLook({ pinned }: Host, gpa: number, pageBytes: number) {
    const found = pinned.covers(gpa, pageBytes - 1)
      ? PIN_FOUND
      : pinned.search(gpa, pageBytes - 1, VIRTUAL_MODE, false);
    return found === PIN_FOUND ? { found, ua: gpa + pinned.toUa, region: pinned.region } : { found };
  }

  it('ends with the slot and with the region, on both sides', () => {
    const host = newHost();
    host.preregistered.register(UA + PAGE, 8 * PAGE);
    host.memslots.add(20 * PAGE, UA + 2 * PAGE, 2 * PAGE);
    host.memslots.add(30 * PAGE, UA, 16 * PAGE);
    const find = (...pages: readonly number[]) => pages.map((page) => oneLook(host, page * PAGE, PAGE).found);
    expect(find(20, 19, 20, 21, 22)).toEqual([PIN_FOUND, PIN_NO_SLOT, PIN_FOUND, PIN_FOUND, PIN_NO_SLOT]);
    expect(find(31, 30, 38, 39)).toEqual([PIN_FOUND, PIN_NO_REGION, PIN_FOUND, PIN_NO_REGION]);
  });

  it('is the same in one look and in two, while slots and regions come and go', () => {
    const page = fc.nat(12);
    const step = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({ op: fc.constant('look' as const), page, size: fc.constantFrom(1, 1, 2, 4) }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          op: fc.constant('slot' as const),
          page,
          size: fc.integer({ min: 1, max: 9 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ op: fc.constant('noSlot' as const), page, size: fc.constant(1) }) },
      {
        weight: 3,
        arbitrary: fc.record({
          op: fc.constant('region' as const),
          page,
          size: fc.integer({ min: 1, max: 9 }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ op: fc.constant('noRegion' as const), page, size: fc.constant(1) }),
      },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const host = newHost();
        for (const { op, page, size } of steps) {
          const bytes = size * PAGE;
          if (op === 'slot') {
            const overlaps =
              host.memslots.find(page * PAGE) !== null || host.memslots.find(page * PAGE + bytes - 1);
            // Slots in another order than their memory, so that the two addresses differ.
            if (!overlaps && size < 3) host.memslots.add(page * PAGE, UA + (12 - page) * PAGE, bytes);
          } else if (op === 'noSlot') host.memslots.delete(page * PAGE);
          else if (op === 'region') host.preregistered.register(UA + page * PAGE, bytes);
          else if (op === 'noRegion') {
            const region = host.preregistered.lookup(UA + page * PAGE, PAGE);
            if (region !== null) host.preregistered.unlink(region);
          } else expect(oneLook(host, page * PAGE, bytes)).toEqual(twoLooks(host, page * PAGE, bytes));
        }
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});

describe('guest memory', () => {
  it('holds big-endian words at the user address of the slot', () => {
    const host = newHost();
    host.memslots.add(0, UA + 8 * PAGE, PAGE);
    host.storeWord(0x1010, 0x0102_0304, 0x8506_0708 | 0);
    const page = host.userMemory.pageToRead(UA + 8 * PAGE + 0x1000);
    const bytes = Array.from({ length: 8 }, (_, i) => page.getUint8(0x10 + i));
    expect(bytes).toEqual([1, 2, 3, 4, 0x85, 6, 7, 8]);
  });

  it('loses a store outside every slot, and reads as zero where nothing was stored', () => {
    const host = newHost();
    host.storeWord(0x1000, 1, 1);
    host.memslots.add(0, UA, PAGE);
    expect(host.userMemory.pageToRead(UA + 0x1000).getInt32(0)).toBe(0);
  });
});
