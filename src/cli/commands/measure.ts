import { inputError } from '../../errors.js';
import { measure } from '../../measure/measure.js';
import { measureText } from '../../report/measure-text.js';
import { measureRawCsv, measureSummaryCsv } from '../../result/csv.js';
import { documentText } from '../../result/provenance.js';
import { EXIT_INTERRUPTED } from '../exit-codes.js';
import { programVersion } from '../host-facts.js';
import type { SharedFlags } from '../shared-flags.js';
import { processTerminal } from '../terminal.js';
import { folderFiles, writeOutputs } from '../written-files.js';

/** The flags of `measure`, as parsed. */
export interface MeasureFlags extends SharedFlags {
  readonly slices: number;
  readonly sliceMs: number;
  readonly seed: number;
}

/** Times the handlers on this machine, prints the result and writes what was asked for; returns the files. */
export async function measureCommand(flags: MeasureFlags): Promise<readonly string[]> {
  const terminal = processTerminal(flags);
  if (flags.slices < 1 || flags.slices > 10_000 || flags.sliceMs < 1 || flags.sliceMs > 10_000) {
    throw inputError('--slices and --slice-ms must be 1 to 10000', 'for example --slices 15 --slice-ms 60');
  }
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  const { document, slices } = await measure({
    seed: flags.seed,
    slices: flags.slices,
    sliceMilliseconds: flags.sliceMs,
    version: programVersion(),
    signal: interrupt.signal,
    onProgress: (done, total) => terminal.progress(`measuring, round ${done} of ${total}`),
  });
  if (interrupt.signal.aborted) process.exitCode = EXIT_INTERRUPTED;
  const folder = await folderFiles(flags.out, 'measured', document, {
    '.csv': () => measureSummaryCsv(document),
    '-raw.csv': () => measureRawCsv(document, slices),
  });
  const written = await writeOutputs(terminal, [], folder);
  terminal.out(flags.json === true ? documentText(document) : measureText(document, terminal.style));
  return written;
}
