import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { inputError, TcebenchError } from '../errors.js';
import { makeFolder } from '../make-folder.js';
import { checkInputsKept } from './input-guard.js';

/** A file to be written, by its path: text or bytes; what is too long for a string comes piece by piece. */
export interface OutputFile {
  readonly path: string;
  readonly text: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/**
 * Writes files whole or not at all: each under a temporary name first, then renamed when all are there. What could
 * still fail then, a target that is a folder or is named twice, is refused before; so is one of the `inputs`, the files
 * that the command has read. A link is followed; what is no
 * regular file (a pipe, a device) is written in place, for it cannot be replaced without destroying it. What the system
 * refuses (a full disk, a folder one may not write to) is an error of its own kind, with the path. An interrupt removes
 * the temporary files and then ends the process; renames that have begun are finished before.
 */
export async function writeFiles(files: readonly OutputFile[], inputs: readonly string[]): Promise<void> {
  await checkInputsKept(
    inputs,
    files.map(({ path }) => path),
  );
  const suffix = `.${randomBytes(4).toString('hex')}.tmp`;
  const temporaries: string[] = [];
  let writing = files[0]?.path ?? '';
  const interrupt = onceInterrupted(() => {
    for (const path of temporaries) rmSync(path, { force: true });
  });
  try {
    const targets = await Promise.all(files.map(({ path }) => targetOf(path)));
    if (new Set(targets.map(({ path }) => path)).size < targets.length) {
      throw new Error('two results have the same file');
    }
    const renames: [from: string, to: string][] = [];
    for (const [i, { path, isInPlace }] of targets.entries()) {
      const text = files[i]?.text ?? '';
      writing = path;
      if (isInPlace) {
        await writeFile(path, text);
        continue;
      }
      await makeFolder(dirname(path));
      const temporary = join(dirname(path), `.${basename(path)}${suffix}`);
      temporaries.push(temporary);
      await writeFile(temporary, text);
      renames.push([temporary, path]);
    }
    interrupt.holdBack();
    for (const [from, to] of renames) {
      writing = to;
      await rename(from, to);
    }
  } catch (error) {
    // What is below a file is not there to be removed, and the system says so in its own way.
    await Promise.allSettled(temporaries.map((path) => rm(path, { force: true })));
    if (error instanceof TcebenchError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const isRefused = (error as NodeJS.ErrnoException).code !== undefined;
    const message = `cannot write the results: ${isRefused ? `${writing}: ` : ''}${reason}`;
    const hint = 'make room, or name a folder that you may write to';
    throw isRefused ? new TcebenchError('output', message, hint) : inputError(message, hint);
  } finally {
    interrupt.end();
  }
}

/**
 * Cleans up on SIGINT and then ends as a process does that never caught it, so that a shell sees 130 and stops too.
 */
function onceInterrupted(cleanUp: () => void): { holdBack(): void; end(): void } {
  let isHeldBack = false;
  let isPending = false;
  const onInterrupt = () => {
    isPending = true;
    if (isHeldBack) return;
    cleanUp();
    end();
  };
  const end = () => {
    process.removeListener('SIGINT', onInterrupt);
    if (isPending) process.kill(process.pid, 'SIGINT');
  };
  process.on('SIGINT', onInterrupt);
  return {
    holdBack: () => {
      isHeldBack = true;
    },
    end,
  };
}

interface Target {
  readonly path: string;
  readonly isInPlace: boolean;
}

async function targetOf(path: string): Promise<Target> {
  const found = await stat(path).catch(() => null);
  if (found === null) return { path: resolve(path), isInPlace: false };
  if (found.isDirectory()) throw new Error(`${path} is a folder`);
  return found.isFile() ? { path: await realpath(path), isInPlace: false } : { path, isInPlace: true };
}
