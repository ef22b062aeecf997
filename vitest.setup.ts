import { execFileSync } from 'node:child_process';

/** Workers and the command line run from built JavaScript, so the build must be fresh before any test. */
export function setup(): void {
  execFileSync('npx', ['tsc', '-b'], { stdio: 'inherit' });
}
