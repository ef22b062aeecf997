import { type BigIntStats, fstat } from 'node:fs';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { inputError } from '../errors.js';
import { phasesPathOf } from '../trace/phases.js';

const STDIN = 0;

/**
 * Refuses outputs that are inputs of the same command, by whatever name or link, `-` for stdin; a stdin that comes from
 * a file is that file. Targets that are absent or stdout are none. Call it before anything runs where the targets are
 * known; {@link writeFiles} does so again before it writes.
 */
export async function checkInputsKept(
  inputs: readonly string[],
  targets: readonly (string | undefined)[],
): Promise<void> {
  const files = targets.filter((target) => target !== undefined && target !== '-') as string[];
  if (files.length === 0 || inputs.length === 0) return;
  const known = new Set(await Promise.all(inputs.map((input) => identityOf(input === '-' ? STDIN : input))));
  for (const file of files) {
    const identity = await identityOf(file);
    if (identity === null || !known.has(identity)) continue;
    throw inputError(`${file} is an input of this command and would be overwritten`, 'name another file');
  }
}

/** Logs with the files of phases that are read beside them. */
export function logInputs(logs: readonly string[]): readonly string[] {
  return logs.flatMap((log) => {
    const phases = phasesPathOf(log);
    return phases === null ? [log] : [log, phases];
  });
}

/** Of profiles by name or file the files, as all that read them tell the two apart. */
export function profileFiles(names: readonly (string | undefined)[]): readonly string[] {
  return names.filter((name) => name?.endsWith('.json') === true) as string[];
}

/** What a regular file is to the system, whatever its name; null for what is absent, or never overwritten: a device. */
async function identityOf(file: string | typeof STDIN): Promise<string | null> {
  const options = { bigint: true } as const;
  const found = (
    file === STDIN ? promisify(fstat)(file, options) : stat(file, options)
  ) as Promise<BigIntStats>;
  return found.then(
    (stats) => (stats.isFile() ? `${stats.dev}:${stats.ino}` : null),
    () => null,
  );
}
