// What the emitters share: the plan and the words of a command line. TCEBENCH may name another command.
import { readFileSync } from 'node:fs';

/** How tcebench is called there. */
export const tcebench = process.env.TCEBENCH ?? 'tcebench';

/** A word as a POSIX shell reads it. */
export function word(text) {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Reads the arguments of an emitter: the plan, the folder of the results, and how many jobs run at once. */
export function readPlan(script) {
  const [file, folder, atOnce = '8', ...more] = process.argv.slice(2);
  if (file === undefined || folder === undefined || more.length > 0 || !/^[1-9]\d*$/.test(atOnce)) {
    fail(`usage: scripts/${script} PLAN.json DIR [JOBS-AT-ONCE]`);
  }
  let plan;
  try {
    plan = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    fail(`cannot read the plan ${file}: ${error.message}`);
  }
  if (plan.schema !== 'tcebench.plan/1') fail(`${file} is no plan: make one with tcebench sweep --plan`);
  return { plan, file, folder, atOnce };
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
