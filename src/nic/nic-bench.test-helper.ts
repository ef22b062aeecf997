import { DmaApi } from '../guest/dma-api.js';
import { GuestPages } from '../guest/guest-pages.js';
import { RecordingSink, testRandom } from '../guest/recording-sink.test-helper.js';
import { DmaWindow } from '../papr/dma-window.js';
import type { Card } from './card.js';
import { Nic, type NicOptions } from './nic.js';
import { CXGB3 } from './profiles/cxgb3.js';
import type { Traffic } from './traffic.js';
import { cardAtWork } from './workload.js';

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

/** Test helper: what a card is and does; by default a cxgb3 with one TCP stream that it sends. */
export type CardOptions = Partial<Omit<NicOptions, 'dmas'>> & Partial<Traffic>;

/** Test helper: a card at work. */
export function cardOn(dma: DmaApi, options: CardOptions = {}): Card {
  const random = testRandom(23);
  const unit = () => random() / 2 ** 32;
  return cardAtWork(
    new Nic({ profile: CXGB3, ...options, dmas: [dma] }),
    {
      ...{ workload: 'stream', direction: 'tx', flows: 1, segmentsPerAck: 2 },
      ...{ requestBytes: 64, responseBytes: 64, arrival: 'closed' },
      ...options,
    },
    { arrival: unit, frame: unit },
  );
}

/** Test helper: what a long run did, per whatever the table of the spec counts by. */
export interface LongRun {
  readonly sink: RecordingSink;
  readonly payloadMB: number;
  readonly frames: number;
  readonly acks: number;
  readonly dropped: number;
  readonly units: number;
  readonly maps: number;
  readonly tces: number;
  readonly hcalls: number;
}

/** Test helper: runs a card past its warm-up and then for `steps` units; the warm-up is not counted. */
export function longRun(options: CardOptions, pageBytes: number, multiTce: boolean, steps: number): LongRun {
  const { sink, dma } = bench(pageBytes, multiTce);
  const card = cardOn(dma, options);
  card.open();
  for (let i = 0; i < 64; i++) card.step();
  sink.resetCounts();
  const maps = dma.maps;
  const sum = { payloadBytes: 0, frames: 0, acks: 0, dropped: 0 };
  for (let i = 0; i < steps; i++) {
    card.step();
    sum.payloadBytes += card.unit.payloadBytes;
    sum.frames += card.unit.frames;
    sum.acks += card.unit.acks;
    sum.dropped += card.unit.dropped;
  }
  return {
    sink,
    payloadMB: sum.payloadBytes / 1e6,
    frames: sum.frames,
    acks: sum.acks,
    dropped: sum.dropped,
    units: steps,
    maps: dma.maps - maps,
    tces: sink.tcesSet,
    hcalls: sink.calls,
  };
}
