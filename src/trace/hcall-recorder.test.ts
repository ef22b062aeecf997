import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { DmaWindow } from '../papr/dma-window.js';
import { H_PARAMETER, H_SUCCESS } from '../papr/hcall-return.js';
import type { GuestStore, HcallSink } from '../papr/hcall-sink.js';
import { HcallRecorder } from './hcall-recorder.js';
import { Recording } from './recording.js';
import { replayLog } from './replay.js';
import { surveyLog } from './survey.js';
import { TraceLog } from './trace-log.js';

/** A sink that answers every call with one code, and keeps nothing. */
function answering(code: number): HcallSink & GuestStore {
  return {
    putTce: () => code,
    putTceIndirect: () => code,
    stuffTce: () => code,
    getTce: () => code,
    storeWord: () => {},
    resultHi: 0x12,
    resultLo: 0x3003,
  };
}

const LIOBN = 0x80000000;
const LIST = 0x70000;

/** Makes one call of each kind on a window and gives the text of the recording. */
function record(window: DmaWindow, code: number): string {
  let text = '';
  const recording = new Recording((bytes) => {
    text += Buffer.from(bytes).toString();
  });
  const sink = answering(code);
  const recorder = new HcallRecorder(sink, sink, recording.writer);
  recorder.newTable(LIOBN, window);
  const page = window.pageBytes;
  recorder.putTce(LIOBN, 0, page * 3, 0x1, 0x5000 | 1);
  for (let i = 0; i < 3; i++) recorder.storeWord(LIST + i * 8, 0x2, page * i + 3);
  recorder.putTceIndirect(LIOBN, 0, page * 4, 0, LIST, 3);
  recorder.stuffTce(LIOBN, 0, page * 4, 0, 0, 3);
  recorder.getTce(LIOBN, 0, page * 3);
  recording.finish([]);
  return text;
}

describe('a recorded hypercall', () => {
  it('is printed as QEMU prints it: an indirect by its last entry, a stuff by the address behind it', () => {
    expect(
      record(new DmaWindow(12, 0, 262144), H_SUCCESS)
        .trimEnd()
        .split('\n'),
    ).toEqual([
      '1@0.000001:spapr_iommu_new_table liobn=0x80000000 table=0x0 fd=-1',
      '1@0.000002:spapr_iommu_pci_put liobn=0x80000000 ioba=0x3000 tce=0x100005001 ret=0',
      '1@0.000003:spapr_iommu_pci_indirect liobn=0x80000000 ioba=0x4000 tcelist=0x70000 iobaN=0x2 tceN=0x200002003 ret=0',
      '1@0.000004:spapr_iommu_pci_stuff liobn=0x80000000 ioba=0x7000 tcevalue=0x0 npages=3 ret=0',
      '1@0.000005:spapr_iommu_pci_get liobn=0x80000000 ioba=0x3000 ret=0 tce=0x1200003003',
    ]);
  });

  it('on a window other than the default one comes after a line that states its geometry', () => {
    const lines = record(new DmaWindow(16, 2 ** 43, 4096), H_SUCCESS).split('\n');
    expect(lines[1]).toBe(
      '1@0.000002:spapr_iommu_ddw_create buid=0x800000020000000 addr=0x0, page size=0x10000, ' +
        'requested=0x10000000, start addr=0x800000000000000, liobn=0x80000000',
    );
    expect(lines[4]).toContain('pci_stuff liobn=0x80000000 ioba=0x70000 ');
  });

  it('that was refused is read back with its code and all the entries it asked for', async () => {
    const log = await TraceLog.open(
      '-',
      Readable.from([Buffer.from(record(new DmaWindow(12, 0, 262144), H_PARAMETER))]),
    );
    const calls: unknown[] = [];
    await replayLog(
      log,
      await surveyLog(log, { windows: [{ liobn: LIOBN, start: 0, bytes: 2 ** 30, pageShift: 12 }] }),
      [
        {
          newTable: () => {},
          removeTable: () => {},
          call: ({ kind, iobaLo, npages, ret }) => calls.push([kind, iobaLo, npages, ret]),
        },
      ],
    );
    await log.close();
    expect(calls).toEqual([
      ['put', 0x3000, 1, H_PARAMETER],
      ['indirect', 0x4000, 3, H_PARAMETER],
      ['stuff', 0x4000, 3, H_PARAMETER],
      ['get', 0x3000, 1, H_PARAMETER],
    ]);
  });
});
