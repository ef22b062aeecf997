import { join } from 'node:path';
import { measureCommand } from './commands/measure.js';
import { reportCommand } from './commands/report.js';
import { runCommand } from './commands/run.js';
import { guarded, nameFiles } from './process-end.js';
import { processTerminal } from './terminal.js';

/** One vCPU and single calls, with forks enough for a noise floor. */
const SHORT_MEASUREMENT = {
  forks: 8,
  slices: 8,
  sliceMs: 4,
  seed: 1,
  vcpus: 1,
  arms: 'single-real,single-real/again,single-userspace/lock,single-userspace/spin,single-userspace/block',
};

/** `npm run bench`: the claim on the modelled clock and its report, then a first measurement; all files in results/latest. */
await guarded(async () => {
  const shared = { color: true, progress: true, out: join('results', 'latest') };
  const terminal = processTerminal(shared);
  const modelled = await runCommand('claim', { ...shared, set: [] });
  const html = join(shared.out, 'claim.html');
  const document = join(shared.out, 'claim.json');
  // Without facts of the machine, so that the page is a function of the document like all else that is modelled.
  const shown = await reportCommand([document], { ...shared, html, provenance: false });
  terminal.out('\n');
  const measured = await measureCommand({ ...shared, ...SHORT_MEASUREMENT });
  nameFiles([...modelled, ...shown, ...measured]);
});
