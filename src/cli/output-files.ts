import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { inputError } from '../errors.js';

/** A file to be written, by its path. */
export interface OutputFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Writes files whole or not at all: all under temporary names first, then renamed. If any cannot be written,
 * none appears.
 */
export async function writeFiles(files: readonly OutputFile[]): Promise<void> {
  const suffix = `.${randomBytes(4).toString('hex')}.tmp`;
  const written: string[] = [];
  try {
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
