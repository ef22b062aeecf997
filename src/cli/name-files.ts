/** Says on stderr which files were written; nothing where there were none. */
export function nameFiles(paths: readonly string[]): void {
  if (paths.length === 0) return;
  process.stderr.write(`${['Files written:', ...paths.map((path) => `  ${path}`)].join('\n')}\n`);
}
