import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { countFailures } from '../path/operation-formulas.test-helper.js';
import type { Revision } from '../path/revisions/revision.js';
import { stepFailures } from '../path/step-table.test-helper.js';
import { ATTACH_CASES } from './attach-cases.test-helper.js';
import { HCALL_CASES } from './hcall-cases.test-helper.js';
import { HOST_CASES } from './host-cases.test-helper.js';
import { IOCTL_CASES } from './ioctl-cases.test-helper.js';
import { readScenario, type ScenarioLine } from './scenario-format.js';
import type { ScenarioConfig } from './scenario-operation.js';
import { ScenarioRunner } from './scenario-runner.js';

/** As much user memory as any vector names; a scenario has more, which costs time. */
const ARENA_BYTES = 2 ** 32;

interface Vector {
  readonly config: ScenarioConfig;
  readonly lines: readonly ScenarioLine[];
}

/** The vectors of a kernel, the shortest first. */
function vectorsOf(kernel: string, folder: URL): readonly Vector[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .map((file) => readScenario(readFileSync(new URL(file, folder), 'utf8'), file).lines)
    .flatMap(([first, ...lines]) => {
      const config = first?.operation;
      return config?.op === 'config' && config.kernel === kernel ? [{ config, lines }] : [];
    })
    .sort((a, b) => a.lines.length - b.lines.length);
}

const vectorsRead = new Map<string, readonly Vector[]>();

/** Whether any vector of its kernel differs; `folder` has all of them, or is absent. */
export function differsFromVectors(revision: Revision, folder: URL): boolean {
  const kernel = revision.scenarioKernel;
  const key = `${folder.href} ${kernel}`;
  const vectors = vectorsRead.get(key) ?? vectorsOf(kernel, folder);
  vectorsRead.set(key, vectors);
  return vectors.some(({ config, lines }) => throws(() => play(revision, config, lines)));
}

function play(revision: Revision, config: ScenarioConfig, lines: readonly ScenarioLine[]): void {
  const runner = new ScenarioRunner(config, revision, { arenaBytes: ARENA_BYTES });
  for (const { operation, expect = {} } of lines) {
    const { info: _, ...expected } = expect;
    const actual = runner.run(operation);
    if (Object.keys(expected).length === 0 && !('hostFault' in actual)) continue;
    if (!isDeepStrictEqual(expected, actual)) throw new Error('mismatch');
  }
}

/**
 * Whether a step table, a formula or a minimal vector of the revision of that id differs. `mode` is the only one that
 * can, if the difference is in one; if it is in none, step tables, which know nothing but a mode, are not asked.
 */
export function differsFromTables(revision: Revision, id: string, mode: 'real' | 'virtual' | null): boolean {
  if (mode === null) return differsFromCases(revision, id) || differsFromFormulas(revision, id, 'virtual');
  const policy = revision[mode];
  return (
    throws(() => policy === null || none(stepFailures(policy, id, 1))) ||
    differsFromFormulas(revision, id, mode) ||
    differsFromCases(revision, id)
  );
}

function differsFromFormulas(revision: Revision, id: string, mode: 'real' | 'virtual'): boolean {
  return throws(() => revision[mode] === null || none(countFailures(revision, id, mode === 'real')));
}

function differsFromCases(revision: Revision, id: string): boolean {
  return [...HCALL_CASES, ...HOST_CASES, ...IOCTL_CASES, ...ATTACH_CASES].some(({ play: run, expected }) =>
    expected.some(
      ([ids, value]) => ids.includes(id) && throws(() => isDeepStrictEqual(run(revision), value)),
    ),
  );
}

const none = (failures: readonly string[]) => failures.length === 0;

/** Whether a check says no or breaks. */
function throws(check: () => unknown): boolean {
  try {
    return check() === false;
  } catch {
    return true;
  }
}
