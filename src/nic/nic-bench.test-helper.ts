import { DmaApi } from '../guest/dma-api.js';
import { GuestPages } from '../guest/guest-pages.js';
import { RecordingSink, testRandom } from '../guest/recording-sink.test-helper.js';
import { DmaWindow } from '../papr/dma-window.js';
import { Cxgb3, type Cxgb3Options } from './cxgb3.js';

const RAM = 2 ** 29;

/** Test helper: a guest with its card, all calls recorded. */
export interface Bench {
  readonly pages: GuestPages;
  readonly sink: RecordingSink;
  readonly dma: DmaApi;
}

/** Test helper: guest, window of 1 GiB and recording sink. */
export function bench(pageBytes: number, multiTce: boolean, window = new DmaWindow(12, 0, 262144)): Bench {
  const pages = new GuestPages({ ramBytes: RAM, pageBytes, random: testRandom(17) });
  const sink = new RecordingSink(window, RAM);
  const dma = new DmaApi({ sink, store: sink, liobn: 0x80000000, window, multiTce, pages });
  return { pages, sink, dma };
}

/** Test helper: what a long run did, per whatever the table of the spec counts by. */
export interface LongRun {
  readonly sink: RecordingSink;
  readonly payloadMB: number;
  readonly frames: number;
  readonly acks: number;
  readonly skbs: number;
  readonly maps: number;
  readonly tces: number;
  readonly hcalls: number;
}

/** Test helper: runs a card past its warm-up and then for `steps` units; the warm-up is not counted. */
export function longRun(
  card: Omit<Cxgb3Options, 'dma'>,
  pageBytes: number,
  multiTce: boolean,
  steps: number,
): LongRun {
  const { sink, dma } = bench(pageBytes, multiTce);
  const cxgb3 = new Cxgb3({ ...card, dma });
  cxgb3.open();
  for (let i = 0; i < 64; i++) cxgb3.step();
  sink.resetCounts();
  const maps = dma.maps;
  let payloadBytes = 0;
  let frames = 0;
  let acks = 0;
  for (let i = 0; i < steps; i++) {
    cxgb3.step();
    payloadBytes += cxgb3.unit.payloadBytes;
    frames += cxgb3.unit.frames;
    acks += cxgb3.unit.acks;
  }
  return {
    sink,
    payloadMB: payloadBytes / 1e6,
    frames,
    acks,
    skbs: steps,
    maps: dma.maps - maps,
    tces: sink.tcesSet,
    hcalls: sink.calls,
  };
}
