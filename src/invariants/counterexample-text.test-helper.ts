import { ScenarioRunner } from '../conform/scenario-runner.js';
import type { Revision } from '../path/revisions/revision.js';
import type { Counterexample } from './counterexample.test-helper.js';
import { type ScenarioRecord, scenarioOf } from './plan-scenario.test-helper.js';

/**
 * A counterexample as a scenario that `tcebench conform` runs: each line with what our model of the revision gives, the
 * whole state at the end. A host that crashed has no state.
 */
export function scenarioText(id: string, { records, violation }: Counterexample, revision: Revision): string {
  const { config, operations } = scenarioOf(records);
  const runner = new ScenarioRunner(config, revision);
  const [first, ...rest] = records;
  const lines: ScenarioRecord[] = [];
  let hasCrashed = false;
  for (const [i, operation] of operations.entries()) {
    const expected = runner.run(operation);
    hasCrashed = 'hostFault' in expected;
    lines.push({ ...(rest[i] as ScenarioRecord), expect: expected });
  }
  if (!hasCrashed) lines.push({ op: 'dump', expect: runner.run({ op: 'dump' }) });
  const note = { op: 'note', text: `${id}, ${revision.id}, outcomes of the model: ${violation}` };
  return [first, note, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
}
