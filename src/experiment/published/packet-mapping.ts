import { DMA_TO_DEVICE, DmaApi } from '../../guest/dma-api.js';
import { GuestPages } from '../../guest/guest-pages.js';
import { DmaWindow } from '../../papr/dma-window.js';
import { buildMachine } from '../../path/machine.js';
import { V4_12 } from '../../path/revisions/v4-12.js';
import { randomStream } from '../../sim/streams.js';

const RAM_BYTES = 2 ** 26;
const ENTRIES = 2 ** 12;
const LIOBN = 0x80000000;

/** The hypercalls that map one buffer in a window of 4 KiB pages, one TCE a call, without its unmap. */
export function hcallsToMap(bytes: number, pageBytes: number): number {
  const windows = [{ liobn: LIOBN, pageShift: 12, offset: 0, size: ENTRIES }];
  const machine = buildMachine({ ramBytes: RAM_BYTES, path: 'real', windows }, V4_12);
  const random = randomStream(1, 1, 'packet-mapping').nextUint32;
  const pages = new GuestPages({ ramBytes: RAM_BYTES, pageBytes, random });
  const dma = new DmaApi({
    ...{ sink: machine.ladder, store: machine.host, liobn: LIOBN, multiTce: false, pages },
    window: new DmaWindow(12, 0, ENTRIES),
  });
  const before = dma.hcalls;
  dma.map(pages.allocate(pageBytes), bytes, DMA_TO_DEVICE);
  return dma.hcalls - before;
}
