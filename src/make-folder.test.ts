import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from './make-folder.js';

const folder = mkdtempSync(join(tmpdir(), 'tcebench-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a folder to be made', () => {
  it('comes with those above it, also for several callers at once', async () => {
    const deep = join(folder, 'a', 'b', 'c');
    await Promise.all([makeFolder(deep), makeFolder(deep), makeFolder(deep)]);
    await makeFolder(deep);
    expect(statSync(deep).isDirectory()).toBe(true);
  });

  it('is refused at and below a file', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const refused = { kind: 'output', message: `cannot write below ${file}: it is no folder` };
    await expect(makeFolder(file)).rejects.toMatchObject(refused);
    await expect(makeFolder(join(file, 'x', 'y'))).rejects.toMatchObject(refused);
  });

  it.skipIf(!existsSync('/proc/self'))('is refused below /proc, at once', async () => {
    await expect(makeFolder('/proc/tcebench/jobs')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
