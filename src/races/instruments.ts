import { assert } from '../errors.js';
import type { Host } from '../host/host.js';
import { EXCHANGE_FAILED, type IommuTable } from '../host/iommu-table.js';
import type { MemoryRegion } from '../host/memory-region.js';
import type { TceEntries } from '../host/tce-entries.js';
import { entryText, tceText, uaText } from './guest-memory.js';
import type { Stepper } from './stepper.js';

const NO_REGION = -1;

/**
 * Makes every access to a hardware table a step. Objects are changed in place: the real code runs behind each. Whether
 * the userspace view exists is seen in the moment of the step that follows: no race makes it while another looks.
 */
export function instrumentTable(stepper: Stepper, table: IommuTable): void {
  const { entries, userspaceView, leaves } = table;
  const exchange = table.exchange.bind(table);
  table.exchange = (entry, hpaHi, hpaLo, permissions, mode) => {
    let before = '';
    return stepper.step(
      'exchange',
      entry,
      () => {
        if (stepper.trace !== null) before = entryText(entries.hi(entry), entries.lo(entry));
        return exchange(entry, hpaHi, hpaLo, permissions, mode);
      },
      (old) =>
        old === EXCHANGE_FAILED
          ? `exchange entry ${entry}: fails, ${before} restored`
          : `exchange entry ${entry}: ${before} -> ${entryText(entries.hi(entry), entries.lo(entry))}`,
    );
  };
  // What the kernel's exchange gives back, the model reads just before it.
  const hi = entries.hi.bind(entries);
  const lo = entries.lo.bind(entries);
  entries.hi = (entry) => stepper.observe(() => hi(entry));
  entries.lo = (entry) => stepper.observe(() => lo(entry));
  Object.defineProperty(table, 'userspaceView', { value: steppedAddresses(stepper, userspaceView) });
  const observed = (leaf: number) => stepper.observe(() => leaves[leaf] as number);
  Object.defineProperty(table, 'leaves', {
    value: new Proxy(leaves, { get: (target, property) => elementOf(target, property, observed) }),
  });
}

/** Loads and stores of the userspace view as steps. */
function steppedAddresses(stepper: Stepper, addresses: Float64Array): Float64Array {
  return new Proxy(addresses, {
    get: (target, property) =>
      elementOf(target, property, (entry) =>
        stepper.step(
          'userspace view load',
          entry,
          () => target[entry] as number,
          (ua) => `load it_userspace[${entry}]: ${uaText(ua)}`,
        ),
      ),
    set: (target, property, ua: number) => {
      const entry = indexOf(property);
      assert(entry >= 0, 'only entries of a userspace view are stored');
      stepper.change(
        'userspace view store',
        entry,
        () => {
          target[entry] = ua;
        },
        () => `it_userspace[${entry}] = ${uaText(ua)}`,
      );
      return true;
    },
  });
}

/** Makes every access to regions a step, and no search a memory of the search before it. */
export function instrumentRegions(stepper: Stepper, host: Host): void {
  const { preregistered } = host;
  const regions = preregistered.regions;
  const lookup = preregistered.lookup.bind(preregistered);
  preregistered.lookup = (ua, bytes) => {
    const found = stepper.step(
      'lookup',
      ua,
      () => {
        const region = lookup(ua, bytes);
        return region === null ? NO_REGION : regions.indexOf(region);
      },
      (index) => `mm_iommu_lookup ${uaText(ua)}: ${index === NO_REGION ? 'none' : `region ${index}`}`,
    );
    return regions[found] ?? null;
  };
  const unlink = preregistered.unlink.bind(preregistered);
  preregistered.unlink = (region) => {
    const index = regions.indexOf(region);
    stepper.change(
      'unlink',
      index,
      () => unlink(region),
      () => `unlink region ${index}`,
    );
  };
  for (const [index, region] of regions.entries()) instrumentRegion(stepper, region, index);
  // The kernel looks up each page anew; the model's memory of the last stretch would hide those steps.
  host.pinned.covers = () => false;
  host.pinnedByUser.covers = () => false;
}

function instrumentRegion(stepper: Stepper, region: MemoryRegion, index: number): void {
  const inc = region.mappedInc.bind(region);
  const dec = region.mappedDec.bind(region);
  const release = region.release.bind(region);
  let before = 0;
  region.mappedInc = () =>
    stepper.step(
      'mapped_inc',
      index,
      () => {
        before = region.mapped;
        return inc();
      },
      (isAlive) =>
        isAlive
          ? `mapped_inc region ${index}: ${before} -> ${region.mapped}`
          : `mapped_inc region ${index}: refused, it is being removed`,
    );
  region.mappedDec = () => {
    stepper.change(
      'mapped_dec',
      index,
      () => {
        before = region.mapped;
        dec();
      },
      () => `mapped_dec region ${index}: ${before} -> ${region.mapped}`,
    );
  };
  region.release = () =>
    stepper.step('region put', index, release, (errno) =>
      errno === 0
        ? `mm_iommu_put region ${index}: mapped 1 -> 0`
        : `mm_iommu_put region ${index}: mapped is ${region.mapped}, refused`,
    );
  // Uncounting looks the region up, as in the kernel, instead of trying the one found last.
  region.holds = () => false;
}

/** Makes the loads of a list page a step for each word, and the guest's stores to memory too. */
export function instrumentMemory(stepper: Stepper, host: Host, listUa: number, listGpa: number): void {
  const page = host.userMemory.page(listUa);
  const getInt32 = page.getInt32.bind(page);
  page.getInt32 = (offset, isLittleEndian) => {
    const value = getInt32(offset, isLittleEndian);
    // A word is one load. Its high half tells nothing: guest memory lies below 4 GiB.
    if (offset % 8 === 0) {
      assert(value === 0, 'words of a list have no high half');
      return value;
    }
    const index = (offset - 4) / 8;
    return stepper.step(
      'list read',
      index,
      () => getInt32(offset, isLittleEndian),
      (lo) => `read list[${index}]: ${tceText(0, lo)}`,
    );
  };
  const storeWord = host.storeWord.bind(host);
  host.storeWord = (gpa, hi, lo) => {
    const index = (gpa - listGpa) / 8;
    stepper.change(
      'list store',
      index,
      () => storeWord(gpa, hi, lo),
      () => `list[${index}] = ${tceText(hi, lo)}`,
    );
  };
}

/** Makes the stores to a guest view steps. */
export function instrumentGuestView(stepper: Stepper, entries: TceEntries): void {
  const store = entries.store.bind(entries);
  entries.store = (entry, hi, lo) => {
    stepper.change(
      'guest view store',
      entry,
      () => store(entry, hi, lo),
      () => `guest view[${entry}] = ${tceText(hi, lo)}`,
    );
  };
}

/** An element of an array as `load` gives it, or any other property as it is. */
function elementOf(array: object, property: string | symbol, load: (index: number) => number): unknown {
  const index = indexOf(property);
  if (index >= 0) return load(index);
  const value = Reflect.get(array, property, array);
  return typeof value === 'function' ? value.bind(array) : value;
}

/** The index that a property of an array stands for, -1 where it stands for none. */
function indexOf(property: string | symbol): number {
  return typeof property === 'string' && /^\d+$/.test(property) ? Number(property) : -1;
}
