import { describe, expect, it } from 'vitest';
import { TcebenchError } from '../errors.js';
import { REVISIONS } from '../path/revisions/revisions.js';
import { V3 } from '../path/revisions/v3.js';
import { V4_20 } from '../path/revisions/v4-20.js';
import { EBADF, EBUSY, EINVAL } from './errno.js';
import type { GuestViewPolicy } from './guest-view-policy.js';
import { Host } from './host.js';
import { SharedBuffers } from './shared-buffers.js';

const WINDOW = { pageShift: 12, offset: 0x10, size: 16 };

const newHost = (policy: GuestViewPolicy) =>
  new Host({ pageShift: 16, backingShift: 16, bytes: 2 ** 24 }, new SharedBuffers(), policy);

describe('KVM_CREATE_SPAPR_TCE_64', () => {
  it('makes a LIOBN once, and again after its table was closed, empty', () => {
    for (const { guestView } of REVISIONS) {
      const host = newHost(guestView);
      expect(host.createGuestView(1, WINDOW)).toBe(0);
      expect(host.createGuestView(1, WINDOW)).toBe(-EBUSY);
      host.findGuestView(1)?.entries.store(0, 0, 3);
      expect(host.destroyGuestView(1)).toBe(0);
      expect(host.destroyGuestView(1)).toBe(-EBADF);
      expect(host.findGuestView(1)).toBeNull();
      expect(host.createGuestView(1, WINDOW)).toBe(0);
      expect(host.findGuestView(1)?.entries.lo(0)).toBe(0);
    }
  });

  it('holds a reference of the virtual machine for each table', () => {
    const host = newHost(V3.guestView);
    expect(host.vmReferences).toBe(1);
    for (const liobn of [1, 2, 3]) host.createGuestView(liobn, WINDOW);
    host.createGuestView(1, WINDOW);
    expect(host.vmReferences).toBe(4);
    for (const liobn of [2, 1, 3]) host.destroyGuestView(liobn);
    expect(host.vmReferences).toBe(1);
  });

  it.each([
    ['a page shift below 12', { ...WINDOW, pageShift: 11 }],
    ['a page shift above 34', { ...WINDOW, pageShift: 35 }],
    ['an end at 2^64', { pageShift: 16, offset: 2 ** 48 - 16, size: 16 }],
    ['an end beyond 2^64', { pageShift: 16, offset: 2 ** 48, size: 1 }],
    ['no entries', { ...WINDOW, size: 0 }],
  ])('refuses %s in later kernels', (_, window) => {
    expect(newHost(V4_20.guestView).createGuestView(1, window)).toBe(-EINVAL);
  });

  it('takes a window that ends with the last page but one below 2^64', () => {
    const host = newHost(V4_20.guestView);
    expect(host.createGuestView(1, { pageShift: 16, offset: 2 ** 48 - 17, size: 16 })).toBe(0);
    expect(host.findGuestView(1)?.entryOf(-1, 0xfffe_0000 | 0, 1)).toBe(15);
  });

  it.each([
    ['page sizes beyond the low half of an address', V4_20, { ...WINDOW, pageShift: 33 }],
    ['page sizes that later kernels refuse', V3, { ...WINDOW, pageShift: 11 }],
    ['more entries than memory', V4_20, { ...WINDOW, size: 2 ** 30 }],
    ['addresses beyond 2^64', V3, { ...WINDOW, offset: 2 ** 52 }],
  ])('tells the user of %s, which the model does not have', (_, { guestView }, window) => {
    expect(() => newHost(guestView).createGuestView(1, window)).toThrow(TcebenchError);
  });
});
