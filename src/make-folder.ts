import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TcebenchError } from './errors.js';

/**
 * Makes a folder and those above it that are not there yet. Not `recursive` as Node has it: that never comes back below
 * /proc. May be called concurrently for the same folder. What the system refuses is its error, with a code.
 *
 * @throws TcebenchError where a file is in the way
 */
export async function makeFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() === true) return;
  if (found === null && dirname(folder) !== folder) await makeFolder(dirname(folder));
  try {
    await mkdir(folder);
  } catch (error) {
    // Another process may have made it meanwhile.
    const now = await stat(folder).catch(() => null);
    if (now === null) throw error;
    if (!now.isDirectory())
      throw new TcebenchError(
        'output',
        `cannot write below ${folder}: it is no folder`,
        'name another place',
      );
  }
}
