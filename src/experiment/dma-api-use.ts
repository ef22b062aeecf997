import type { DmaApi } from '../guest/dma-api.js';
import type { Guest } from '../guest/guest.js';
import type { DmaApiUse } from '../result/run-document.js';

/** What the CPUs of a guest asked of the DMA API; `isLockWide`: the lock of a pool covers the table update too. */
export function dmaApiUse({ cpus, iova }: Guest, isLockWide: boolean): DmaApiUse {
  const sum = (of: (cpu: DmaApi) => number) => cpus.reduce((total, cpu) => total + of(cpu), 0);
  return {
    maps: sum(({ maps }) => maps),
    unmaps: sum(({ unmaps }) => unmaps),
    failedMaps: sum(({ failedMaps }) => failedMaps),
    foundMaps: sum(({ foundMaps }) => foundMaps),
    iovaLockTakes: iova.lockTakes.reduce((total, takes) => total + takes, 0),
    hcallsUnderIovaLock: isLockWide ? sum(({ hcalls, bootHcalls }) => hcalls - bootHcalls) : 0,
  };
}
