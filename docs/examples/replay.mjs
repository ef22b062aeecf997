// A real log through every path: does each give the codes and tables of the log, and what would it take?
import { fileURLToPath } from 'node:url';
import { replay } from 'tcebench';

const log = process.argv[2] ?? new URL('../../results/traces/e1000-64k.log.gz', import.meta.url);
const document = await replay(typeof log === 'string' ? log : fileURLToPath(log), { draws: 100 });
for (const { whole, arms } of document.logs) {
  console.log(`${whole.calls} calls, ${whole.tcesMapped} TCEs mapped`);
  for (const { id, modelledNs, agreesWithLog } of arms) {
    console.log(`${id}: ${Math.round(modelledNs / 1e6)} ms, ${agreesWithLog ? 'agrees' : 'differs'}`);
  }
}
