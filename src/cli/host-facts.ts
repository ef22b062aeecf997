import { execFileSync } from 'node:child_process';
import { arch, cpus, loadavg, platform, release } from 'node:os';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HostFacts } from '../result/provenance.js';

const PACKAGE_ROOT = new URL('../../', import.meta.url);

/** Facts of this machine and this moment, for the provenance beside a result. */
export function hostFacts(): HostFacts {
  return {
    command: commandLine(process.argv),
    startedAt: new Date(Date.now() - Math.round(process.uptime() * 1000)).toISOString(),
    node: process.version,
    nodeFlags: nodeFlags(),
    os: `${platform()} ${release()} ${arch()}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    loadAverage: loadavg(),
    commit: git('rev-parse', 'HEAD')?.trim() ?? null,
    dirty: isDirty(),
  };
}

/** What one would type to do the same again. */
function commandLine([, script = '', ...words]: readonly string[]): readonly string[] {
  return basename(script) === 'main-job.js' ? ['npm', 'run', 'bench'] : ['tcebench', ...words];
}

function nodeFlags(): readonly string[] {
  const { NODE_OPTIONS = '' } = process.env;
  return [...process.execArgv, ...NODE_OPTIONS.split(' ').filter((flag) => flag !== '')];
}

function isDirty(): boolean | null {
  const status = git('status', '--porcelain');
  return status === null ? null : status !== '';
}

/** What git says about the program's own checkout; null where it is none, or only inside somebody else's. */
function git(...args: string[]): string | null {
  const root = fileURLToPath(PACKAGE_ROOT);
  const run = (...words: string[]) =>
    execFileSync('git', ['-C', root, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    return run('rev-parse', '--show-prefix').trim() === '' ? run(...args) : null;
  } catch {
    return null;
  }
}
