import { join } from 'node:path';
import { copyResults, joinShards } from '../../experiment/sweep/merge-shards.js';
import { checkInputsKept } from '../input-guard.js';
import { EXIT_SCENARIO } from '../process-end.js';
import { type SweepOutputFlags, sweepOutputs } from '../sweep-output.js';
import { processTerminal } from '../terminal.js';
import { checkOneStdout } from '../written-files.js';

/**
 * Joins the parts of a sweep: what it writes is what the whole sweep would have written, byte for byte. A sweep with
 * failed jobs ends as it would have too. Returns the files written, those of single jobs not named.
 */
export async function mergeCommand(
  folders: readonly string[],
  flags: SweepOutputFlags,
): Promise<readonly string[]> {
  const terminal = processTerminal(flags);
  checkOneStdout([flags.csv], flags.json);
  const inputs = folders.map((folder) => join(folder, 'plan.json'));
  await checkInputsKept(inputs, [flags.csv]);
  const { results, notes } = await joinShards(folders);
  for (const note of notes) terminal.err(`tcebench: ${note}\n`);
  if (flags.out !== undefined) await copyResults(results, flags.out);
  const { files, failed } = await sweepOutputs(results, flags, inputs, terminal);
  if (failed > 0) process.exitCode = EXIT_SCENARIO;
  return files;
}
