import { describe, expect, it } from 'vitest';
import { MEASURED_ARMS } from './arms.js';
import { LockedHandlers, newBigLock } from './big-lock.js';
import { EmptyHandlers } from './empty-handlers.js';
import { isSteady } from './warm-up.js';

describe('the big lock', () => {
  const lock = newBigLock();
  const word = new Int32Array(lock);

  it('is held while the handler runs and free afterwards, also after an error', () => {
    const seen: number[] = [];
    class Probe extends EmptyHandlers {
      override putTce(): number {
        seen.push(word[0] as number);
        return super.putTce();
      }
      override stuffTce(): number {
        seen.push(word[0] as number);
        throw new Error('handler');
      }
    }
    const locked = new LockedHandlers(lock, new Probe());
    expect(locked.putTce(0, 0, 0, 0, 0)).toBe(0);
    expect(word[0]).toBe(0);
    expect(() => locked.stuffTce(0, 0, 0, 0, 0, 1)).toThrow('handler');
    expect(seen).toEqual([1, 1]);
    expect(word[0]).toBe(0);
  });
});

describe('the arms', () => {
  it('offer each exit for whole calls and alone, and every id once', () => {
    const ids = MEASURED_ARMS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const exit of ['lock', 'spin', 'block']) {
      expect(ids).toEqual(expect.arrayContaining([`single-userspace/${exit}`, `empty/${exit}`]));
    }
  });
});

describe('the steady state', () => {
  it('is two windows that agree, not a step between them', () => {
    expect(isSteady([50, 50, 50, 50, 50, 50])).toBe(true);
    expect(isSteady([50, 51, 90, 50, 49, 50])).toBe(true);
    expect(isSteady([50, 50, 50, 36, 36, 36])).toBe(false);
    expect(isSteady([36, 36, 36, 36, 36])).toBe(false);
  });
});
