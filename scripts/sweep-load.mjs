// What a sweep costs beside its jobs: how busy the workers are, what the coordinator takes, and whether memory grows.
// Runs 200 and 2,000 scenarios of about 0.05 simulated seconds on the built product. Linux only: it reads /proc.
// usage: node scripts/sweep-load.mjs [WORKERS]
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const WORKERS = Number(process.argv[2] ?? availableParallelism());
/**
 * The goals: shares of the time, and of the memory of the short sweep. Nothing that is alive grows; what does is memory
 * that the threads' allocators hold back, and it stops.
 */
const MIN_BUSY = 0.9;
const MAX_COORDINATOR = 0.05;
const MAX_GROWTH = 1.25;
/** 59 MB are 0.05 s of payload at 1.18 GB/s, the line rate: with seven arms, as a sweep has them. */
const SCENARIO = ['--set', 'run.bytes=59MB', '--set', 'run.warmup=1MB', '--set', 'run.draws=20'];

/** Nanoseconds that a thread of a process ran, and that it wanted to run while others did. */
function timesOf(pid, thread) {
  const [ranNs, waitedNs] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8')
    .split(' ')
    .map(Number);
  return { ranNs, waitedNs };
}

/** Memory of a process in use, in bytes. */
function residentBytes(pid) {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

async function sweep(jobs) {
  const folder = mkdtempSync(join(tmpdir(), 'tcebench-load-'));
  const args = ['sweep', '--vary', `run.seed=1..${jobs}`, ...SCENARIO, '--workers', String(WORKERS)];
  const started = performance.now();
  const child = spawn(process.execPath, [MAIN, ...args, '--out', join(folder, 'sweep')], { stdio: 'ignore' });
  const { pid } = child;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let isRunning = true;
  ended.then(() => {
    isRunning = false;
  });
  const threads = new Map();
  const resident = [];
  while (isRunning) {
    await sleep(20);
    try {
      for (const thread of readdirSync(`/proc/${pid}/task`)) threads.set(thread, timesOf(pid, thread));
      resident.push(residentBytes(pid));
    } catch {
      // A thread or the process has just ended.
    }
  }
  const seconds = (performance.now() - started) / 1000;
  rmSync(folder, { recursive: true });
  if ((await ended) !== 0) throw new Error(`the sweep of ${jobs} jobs failed`);
  const main = threads.get(String(pid));
  const workers = [...threads]
    .filter(([thread]) => thread !== String(pid))
    .map(([, times]) => times)
    .sort((a, b) => b.ranNs - a.ranNs)
    .slice(0, WORKERS);
  const cpuNs = [...threads.values()].reduce((sum, { ranNs }) => sum + ranNs, 0);
  const busyNs = workers.reduce((sum, { ranNs, waitedNs }) => sum + ranNs + waitedNs, 0);
  resident.sort((a, b) => a - b);
  return {
    jobs,
    seconds,
    workersBusy: busyNs / 1e9 / (seconds * WORKERS),
    coordinator: main.ranNs / cpuNs,
    residentP95: resident[Math.floor(resident.length * 0.95)],
  };
}

const short = await sweep(200);
const long = await sweep(2000);
for (const { jobs, seconds, workersBusy, coordinator, residentP95 } of [short, long]) {
  console.log(
    `${jobs} jobs on ${WORKERS} workers: ${seconds.toFixed(1)} s, workers busy ${(workersBusy * 100).toFixed(1)} %, ` +
      `coordinator ${(coordinator * 100).toFixed(1)} % of CPU time, resident ${(residentP95 / 2 ** 20).toFixed(0)} MiB (95 %)`,
  );
}
const growth = long.residentP95 / short.residentP95;
console.log(`memory of 2000 jobs over 200: ${growth.toFixed(3)}`);
const missed = [
  long.workersBusy < MIN_BUSY && `workers are busy less than ${MIN_BUSY * 100} %`,
  long.coordinator > MAX_COORDINATOR && `the coordinator takes more than ${MAX_COORDINATOR * 100} %`,
  growth > MAX_GROWTH && `memory grows by more than ${((MAX_GROWTH - 1) * 100).toFixed(0)} %`,
].filter((problem) => problem !== false);
for (const problem of missed) console.log(`MISSED: ${problem}`);
process.exitCode = missed.length > 0 ? 1 : 0;
