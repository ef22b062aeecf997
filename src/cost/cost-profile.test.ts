import { describe, expect, it } from 'vitest';
import { constantAt } from './constant.js';
import { CostModel } from './cost-model.js';
import { COST_KEYS, COST_UNITS, pricesOf } from './cost-profile.js';
import { GUEST_VIEW_STORES, noOperations, OPERATIONS, VIRTUAL_EXITS } from './operations.js';
import { POWER7_2013 } from './profiles/power7-2013.js';
import { POWER8_2017 } from './profiles/power8-2017.js';
import { POWER9_2021 } from './profiles/power9-2021.js';
import { COST_PROFILES } from './profiles/profiles.js';
import { X86_EMULATED } from './profiles/x86-emulated.js';

/** Ranges in ns from section 7 of the cost research, typed in by hand. */
const PUBLISHED_RANGES = {
  'power7-2013': {
    realModeHcallNs: [150, 500],
    exitToVirtualNs: [3000, 8000],
    exitToUserspaceNs: [1000, 4000],
  },
  'power8-2017': {
    realModeHcallNs: [150, 500],
    exitToUserspaceNs: [1000, 4000],
    vfioIoctlNs: [300, 600],
  },
  'power9-2021': {
    exitToUserspaceNs: [1000, 4000],
    vfioIoctlNs: [300, 600],
  },
} as const;

describe.each(COST_PROFILES)('cost profile $id', (profile) => {
  it.each(COST_KEYS)('%s lies in its range and names its source', (key) => {
    const { value, low, high, unit, source } = profile.constants[key];
    expect(unit).toBe(COST_UNITS[key]);
    expect(low).toBeLessThanOrEqual(value);
    expect(value).toBeLessThanOrEqual(high);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(source.length).toBeGreaterThan(10);
  });

  it('chooses no value for an assumed constant: it is the middle of the range', () => {
    for (const key of COST_KEYS) {
      const { origin, value, low, high } = profile.constants[key];
      if (origin !== 'assumed') continue;
      if (low === 0) expect(value).toBeCloseTo((low + high) / 2, 9);
      else expect(Math.log(value)).toBeCloseTo((Math.log(low) + Math.log(high)) / 2, 9);
    }
  });
});

describe('published ranges', () => {
  it.each([POWER7_2013, POWER8_2017, POWER9_2021])('are those of $id', (profile) => {
    const ranges = PUBLISHED_RANGES[profile.id as keyof typeof PUBLISHED_RANGES];
    for (const [key, [low, high]] of Object.entries(ranges)) {
      expect(profile.constants[key as keyof typeof ranges]).toMatchObject({ low, high, origin: 'assumed' });
    }
  });

  it('POWER9 has the published cycles at 3.3 GHz, and its threads leave the guest one by one', () => {
    const { constants, threadsLeaveTogether } = POWER9_2021;
    expect(constants.realModeHcallNs.value * 3.3).toBeCloseTo(509, 6);
    expect(constants.exitToVirtualNs.value * 3.3).toBeCloseTo(9587, 6);
    expect([constants.tceInvalidateNs.low, constants.tceInvalidateNs.high]).toEqual([380, 6100]);
    expect(threadsLeaveTogether).toBe(false);
    expect(POWER8_2017.threadsLeaveTogether).toBe(true);
  });

  it('an exit to the kernel takes about 2000 cycles on x86, which has no real mode', () => {
    expect(X86_EMULATED.constants.exitToVirtualNs.value * 3).toBeCloseTo(2017, 6);
    expect(X86_EMULATED.hasRealMode).toBe(false);
  });

  it('the big lock covers 0.2 to 0.8 of an exit wherever it is assumed', () => {
    for (const { constants } of COST_PROFILES) {
      const { bqlShare } = constants;
      if (bqlShare.origin === 'assumed')
        expect(bqlShare).toMatchObject({ low: 0.2, high: 0.8, unit: 'share' });
    }
  });

  it('a VFIO map ioctl with its pinned page spans 0.7 to 1.5 us on POWER7', () => {
    const { vfioIoctlNs, pagePinNs } = POWER7_2013.constants;
    expect(vfioIoctlNs.low + pagePinNs.low).toBe(700);
    expect(vfioIoctlNs.high + pagePinNs.high).toBe(1500);
  });

  it('TCE write and invalidate together span 0.1 to 0.5 us', () => {
    const { tceExchangeNs, tceInvalidateNs } = POWER7_2013.constants;
    expect(tceExchangeNs.low + tceInvalidateNs.low).toBe(100);
    expect(tceExchangeNs.high + tceInvalidateNs.high).toBe(500);
  });

  it('the POWER8 exit is the sum of the published mean legs', () => {
    const { value, low, high, origin } = POWER8_2017.constants.exitToVirtualNs;
    expect(origin).toBe('measured');
    expect(value).toBeCloseTo(3060.1 + 4244.1, 6);
    expect(high).toBeCloseTo(3387.6 + 4561.5, 6);
    expect(low).toBeCloseTo(3060.1 + 4244.1 - 2 * 40, 6);
  });
});

describe('a draw of a constant', () => {
  const range = (low: number, high: number) => ({ ...POWER7_2013.constants.vfioIoctlNs, low, high });

  it('is uniform where the range spans a factor of three or less', () => {
    expect(constantAt(range(700, 1500), 0.5)).toBe(1100);
    expect(constantAt(range(300, 900), 0.5)).toBe(600);
    expect(constantAt(range(300, 900), 0)).toBe(300);
  });

  it('is log-uniform where it spans more', () => {
    expect(constantAt(range(10, 1000), 0.5)).toBeCloseTo(100, 9);
    expect(constantAt(range(100, 400), 0.5)).toBeCloseTo(200, 9);
  });

  it('is uniform where the range begins at 0', () => {
    expect(constantAt(range(0, 850), 0.25)).toBe(212.5);
  });

  it('never leaves its range', () => {
    for (const u of [0, 1 - Number.EPSILON]) {
      expect(constantAt(range(3, 77), u)).toBeGreaterThanOrEqual(3);
      expect(constantAt(range(3, 77), u)).toBeLessThanOrEqual(77);
    }
  });
});

describe('the cost model', () => {
  const model = new CostModel(pricesOf(POWER8_2017, ({ value }) => value));
  const pinning = new CostModel(pricesOf(POWER7_2013, ({ value }) => value));

  it('has a price for every operation', () => {
    for (let operation = 0; operation < OPERATIONS.length; operation++) {
      const counts = noOperations();
      counts[operation] = 1;
      expect(pinning.operationsPs(counts), OPERATIONS[operation]).toBeGreaterThan(0);
    }
  });

  it('adds counts times prices in whole picoseconds', () => {
    const counts = noOperations();
    counts[VIRTUAL_EXITS] = 3;
    counts[GUEST_VIEW_STORES] = 2;
    expect(model.operationsPs(counts)).toBe(3 * 7_304_200 + 2 * Math.round(Math.sqrt(91) * 1000));
  });
});
