import { join } from 'node:path';
import { measureCommand } from './commands/measure.js';
import { runCommand } from './commands/run.js';
import { guarded } from './guarded.js';
import { nameFiles, processTerminal } from './terminal.js';

/** `npm run bench`: the claim on the modelled clock, then a first measurement; all files in results/latest. */
await guarded(async () => {
  const shared = { color: true, progress: true, out: join('results', 'latest') };
  const terminal = processTerminal(shared);
  const modelled = await runCommand('claim', { ...shared, set: [] });
  terminal.out('\n');
  const measured = await measureCommand({ ...shared, slices: 15, sliceMs: 60, seed: 1 });
  nameFiles(terminal, [...modelled, ...measured]);
});
