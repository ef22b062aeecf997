import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = new URL('../', import.meta.url);

/**
 * Compiles the sources with their test helpers into a folder that is gone afterwards, and gives `work` a function
 * that imports a module of it by its path below src, without suffix.
 */
export async function withCompiledTests(work) {
  const folder = mkdtempSync(join(tmpdir(), 'tcebench-compiled-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n');
    symlinkSync(fileURLToPath(new URL('node_modules', ROOT)), join(folder, 'node_modules'));
    const compiler = fileURLToPath(new URL('node_modules/typescript/bin/tsc', ROOT));
    const options = ['-p', 'tsconfig.test.json', '--noEmit', 'false', '--outDir', folder];
    execFileSync(process.execPath, [compiler, ...options], { cwd: fileURLToPath(ROOT), stdio: 'inherit' });
    return await work((file) => import(pathToFileURL(join(folder, 'src', `${file}.js`)).href));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
