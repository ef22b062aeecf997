// Two runs, one gate: ends with 1 if it fails, with 3 if it is undecided.
import { compare, run } from 'tcebench';

const size = { bytes: '4MB', draws: 100 };
const before = await run({ run: size });
const after = await run({ run: size, host: { revision: 'v4.12' } });
const { rows, gates } = compare(before, after, { gates: ['multi-real.rateBytesPerSec>=-2%'] });
for (const { metric, before: was, after: is, verdict } of rows) {
  if (verdict !== 'same') console.log(`${metric}: ${was} -> ${is}, ${verdict}`);
}
for (const { expression, verdict } of gates) console.log(`${expression}: ${verdict}`);
const CODES = { passed: 0, failed: 1, undecided: 3 };
process.exitCode = Math.max(...gates.map(({ verdict }) => CODES[verdict]));
