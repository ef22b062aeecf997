import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tooLong } from '../input-text.js';

/**
 * Copies a stream to a temporary file that has no name any more when this returns, so that the operating system
 * removes it in every case, however the process ends. The caller closes the handle. `name` is what messages call it.
 *
 * @throws TcebenchError where it is longer than `maxBytes`
 */
export async function spool(
  stream: AsyncIterable<Uint8Array>,
  name: string,
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'tcebench-'));
  let handle: FileHandle | undefined;
  try {
    handle = await open(join(folder, 'log'), 'wx+', 0o600);
    await rm(folder, { recursive: true });
    let bytes = 0;
    for await (const chunk of stream) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLong(name, maxBytes);
      await writeAll(handle, chunk);
    }
    return handle;
  } catch (error) {
    await handle?.close();
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  let written = 0;
  while (written < chunk.length) {
    written += (await handle.write(chunk, written, chunk.length - written)).bytesWritten;
  }
}
