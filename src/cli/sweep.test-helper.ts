import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** A run that takes a few tens of milliseconds. */
export const QUICK = ['--set', 'run.bytes=1MB', '--set', 'run.warmup=500kB', '--set', 'run.draws=20'];

/** How a process of the command line ended. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line to its end. */
export function tcebench(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Outcome {
  return spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
    cwd,
    env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: undefined, ...env },
  });
}

/** Starts the built command line. */
export function startTcebench(
  cwd: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], { cwd, stdio: 'ignore', env: { ...process.env, ...env } });
}

/** The exit code or the signal that ended a process. */
export async function ended(process: ChildProcess): Promise<number | string | null> {
  while (process.exitCode === null && process.signalCode === null) await sleep(10);
  return process.exitCode ?? process.signalCode;
}

/** Waits until a sweep has left so many results. */
export async function resultsIn(folder: string, count: number): Promise<void> {
  while (jobsIn(folder).length < count) await sleep(5);
}

/** The names of the results of a folder. */
export function jobsIn(folder: string): readonly string[] {
  const jobs = join(folder, 'jobs');
  return existsSync(jobs) ? readdirSync(jobs).filter((name) => /^\d+\.json$/.test(name)) : [];
}

/** Every file of a sweep's folder with the hash of its bytes, but for the provenance, which tells of the moment. */
export function bytesOf(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name !== 'jobs' && !name.endsWith('.provenance.json'),
  );
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  return Object.fromEntries(names.sort().map((name) => [name, hash(name)]));
}
