import { DmaWindow } from '../papr/dma-window.js';
import type { GuestStore, HcallSink } from '../papr/hcall-sink.js';
import type { MachineWindow } from '../path/machine.js';
import type { FunctionalRun } from '../sim/functional-run.js';
import { HcallRecorder } from '../trace/hcall-recorder.js';
import { BOOT_PHASE } from '../trace/phases.js';
import type { Recording } from '../trace/recording.js';

/** Records one arm: every hypercall from the first of its set-up to the last of its clean-up. */
export class RunRecording {
  readonly recorder: HcallRecorder;
  readonly #recording: Recording;
  readonly #lineFrom = new Map<string, number>([[BOOT_PHASE, 1]]);

  constructor(recording: Recording, sink: HcallSink, store: GuestStore, windows: readonly MachineWindow[]) {
    this.#recording = recording;
    this.recorder = new HcallRecorder(sink, store, recording.writer);
    for (const { liobn, pageShift, offset, size } of windows) {
      this.recorder.newTable(liobn, new DmaWindow(pageShift, offset, size));
    }
  }

  /** The next call is the first of a part. */
  begin(part: 'warm-up' | 'measured' | 'close'): void {
    this.#lineFrom.set(part, this.#recording.writer.lines + 1);
  }

  /** The last call is through; the payload of each part is that of `run`. */
  finish({ units, firstMeasured }: FunctionalRun): void {
    let warmup = 0;
    let measured = 0;
    for (let i = 0; i < units.size; i++) {
      if (i < firstMeasured) warmup += units.payloadBytes[i] as number;
      else measured += units.payloadBytes[i] as number;
    }
    const payload: Readonly<Record<string, number>> = { 'warm-up': warmup, measured };
    const starts = [...this.#lineFrom];
    const { lines } = this.#recording.writer;
    this.#recording.finish(
      starts.map(([name, lineFrom], i) => ({
        name,
        lineFrom,
        lineTo: (starts[i + 1]?.[1] ?? lines + 1) - 1,
        payloadBytes: payload[name] ?? 0,
      })),
    );
  }
}
