import { inputError } from '../errors.js';
import { DmaApi, type DmaApiOptions } from './dma-api.js';
import type { GuestPages } from './guest-pages.js';
import { IovaAllocator } from './iova-allocator.js';
import { KeptMaps } from './kept-maps.js';

/** What a {@link Guest} is made from; `pages` are those of its first CPU. */
export interface GuestOptions extends Omit<DmaApiOptions, 'cpu' | 'iova' | 'kept'> {
  readonly vcpus: number;
  /** Small pools of the allocator; absent: the kernel's choice by the window's size. */
  readonly iovaPools?: number | undefined;
}

/**
 * A guest with one window: its CPUs share the allocator of I/O addresses and the stock of pages, and each has a list
 * page, a list of hot pages and, with deferred unmaps, a batch of its own. One thread for all of them.
 */
export class Guest {
  /** The DMA API of each CPU. */
  readonly cpus: readonly [DmaApi, ...DmaApi[]];
  readonly iova: IovaAllocator;

  constructor(options: GuestOptions) {
    const { vcpus, window, pages, unmap = 'strict' } = options;
    if (!Number.isInteger(vcpus) || vcpus < 1) {
      throw inputError(`guest.vcpus: ${vcpus} is no number of CPUs`, 'use a whole number from 1 on');
    }
    const iova = new IovaAllocator(window, options.iovaPools);
    const kept = unmap !== 'strict' && 'reuse' in unmap ? { kept: new KeptMaps(unmap.reuse) } : {};
    this.iova = iova;
    const onCpu = (cpu: number, own: GuestPages) =>
      new DmaApi({ ...options, ...kept, pages: own, iova, cpu });
    const others = Array.from({ length: vcpus - 1 }, (_, i) => onCpu(i + 1, pages.onAnotherCpu()));
    this.cpus = [onCpu(0, pages), ...others];
  }

  /** The first CPU, which boots. */
  get boot(): DmaApi {
    return this.cpus[0];
  }

  /** Carries out whatever unmaps a policy still holds back, on every CPU. */
  flush(): void {
    for (const cpu of this.cpus) cpu.flush();
  }
}
