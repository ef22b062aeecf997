import { EBUSY, EINVAL, ENODEV, ENOENT, ENXIO, EPERM } from '../../host/errno.js';
import { hcallReturnName } from '../../papr/hcall-return.js';
import { formatWord } from '../../papr/tce.js';
import type { PageName } from '../guest-memory.js';
import type { Actor } from '../race.js';
import { wordOf } from '../race-machine.js';

const ERRNO_NAMES: ReadonlyMap<number, string> = new Map([
  [EBUSY, 'EBUSY'],
  [EINVAL, 'EINVAL'],
  [ENODEV, 'ENODEV'],
  [ENOENT, 'ENOENT'],
  [ENXIO, 'ENXIO'],
  [EPERM, 'EPERM'],
]);

/** The result of an ioctl as the kernel's sources write it. */
export function ioctlResultName(result: number): string {
  return result < 0 ? `-${ERRNO_NAMES.get(-result) ?? -result}` : String(result);
}

/** A vCPU that maps a page by H_PUT_TCE. */
export function vcpuPuts(vcpu: number, entry: number, page: PageName): Actor {
  return {
    name: `vCPU ${vcpu}`,
    does: `H_PUT_TCE entry ${entry}, page ${page}`,
    calls: [(machine) => hcallReturnName(machine.put(entry, wordOf(page)))],
  };
}

/** A vCPU that clears an entry by H_PUT_TCE. */
export function vcpuClears(vcpu: number, entry: number): Actor {
  return {
    name: `vCPU ${vcpu}`,
    does: `H_PUT_TCE entry ${entry}, 0`,
    calls: [(machine) => hcallReturnName(machine.put(entry, 0))],
  };
}

/** A vCPU that puts the list by H_PUT_TCE_INDIRECT. */
export function vcpuPutsList(vcpu: number, entry: number, npages: number): Actor {
  return {
    name: `vCPU ${vcpu}`,
    does: `H_PUT_TCE_INDIRECT ${npages === 1 ? `entry ${entry}` : `entries ${entry}..${entry + npages - 1}`}`,
    calls: [(machine) => hcallReturnName(machine.putList(entry, npages))],
  };
}

/** The guest, which writes one word of the list again and again. */
export function guestRewrites(index: number, words: readonly number[]): Actor {
  return {
    name: 'guest',
    does: `stores ${words.map((word) => formatWord(0, word)).join(', then ')} to list[${index}]`,
    calls: words.map((word) => (machine) => {
      machine.storeList(index, word);
      return '';
    }),
  };
}

/** A process that tells KVM which table the guest view is to follow. */
export function setsTable(): Actor {
  return {
    name: 'KVM ioctl',
    does: 'GROUP_SET_SPAPR_TCE',
    calls: [(machine) => ioctlResultName(machine.setSpaprTce())],
  };
}

/** A process that removes the window. */
export function removesWindow(): Actor {
  return {
    name: 'VFIO ioctl',
    does: 'TCE_REMOVE of the window',
    calls: [(machine) => ioctlResultName(machine.removeWindow())],
  };
}

/** A process that unregisters a region. */
export function unregisters(region: number): Actor {
  return {
    name: 'VFIO ioctl',
    does: `UNREGISTER_MEMORY region ${region}`,
    calls: [(machine) => ioctlResultName(machine.unregister(region))],
  };
}
