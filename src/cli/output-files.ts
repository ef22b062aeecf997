import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { inputError } from '../errors.js';

/** A file to be written, by its path. */
export interface OutputFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Writes files whole or not at all: each under a temporary name first, then renamed when all are there. What could
 * still fail then, a target that is a folder or is named twice, is refused before.
 */
export async function writeFiles(files: readonly OutputFile[]): Promise<void> {
  const suffix = `.${randomBytes(4).toString('hex')}.tmp`;
  const written: string[] = [];
  try {
    await checkTargets(files);
    for (const { path, text } of files) {
      await mkdir(dirname(path), { recursive: true });
      const temporary = join(dirname(path), `.${basename(path)}${suffix}`);
      written.push(temporary);
      await writeFile(temporary, text);
    }
    for (const [i, { path }] of files.entries()) await rename(written[i] ?? '', path);
  } catch (error) {
    await Promise.all(written.map((path) => rm(path, { force: true })));
    const reason = error instanceof Error ? error.message : String(error);
    throw inputError(`cannot write the results: ${reason}`, 'name a folder that you may write to');
  }
}

async function checkTargets(files: readonly OutputFile[]): Promise<void> {
  const targets = new Set(files.map(({ path }) => resolve(path)));
  if (targets.size < files.length) throw new Error('two results have the same file');
  for (const target of targets) {
    const found = await stat(target).catch(() => null);
    if (found?.isDirectory() === true) throw new Error(`${target} is a folder`);
  }
}
