import { describe, expect, it } from 'vitest';
import { resolveScenario } from '../scenario/load-scenario.js';
import { streamFromLog, streamFromScenario } from './call-stream.js';

/** A log on stdin: one line for each call, in the words of QEMU's trace. */
async function* logOf(...tces: string[]): AsyncGenerator<Uint8Array> {
  const lines = tces.map(
    (tce, i) => `spapr_iommu_put liobn=0x80000000 ioba=0x${(i * 4096).toString(16)} tce=${tce} ret=0\n`,
  );
  yield new TextEncoder().encode(lines.join(''));
}

describe('the stream of a log', () => {
  it("takes pages up to any guest's memory, and refuses one beyond with its line", async () => {
    const { stream } = await streamFromLog('-', undefined, logOf('0x0', '0x200003'));
    expect(stream.calls).toBeGreaterThan(0);
    await expect(streamFromLog('-', undefined, logOf('0x0', '0x10003', '0xffffffffff0003'))).rejects.toThrow(
      /^stdin:3: maps a page at 0x\w+, beyond any guest's memory/,
    );
  });
});

describe('the stream of a scenario', () => {
  it('is refused where several arms are left, naming them', async () => {
    await expect(streamFromScenario(resolveScenario({ run: { bytes: 1e6 } }), 'test')).rejects.toThrow(
      /and this scenario has 7: .*single-userspace, /,
    );
  });
});
