import { scenarioSchema } from './scenario.js';
import { keysAt } from './scenario-errors.js';

/** Every key that a scenario may have and that holds a value, as `--set` has it; groups are gone into. */
export function scenarioKeys(path: readonly string[] = []): readonly string[] {
  return keysAt(scenarioSchema, path).flatMap((key) => {
    if (key === '$schema') return [];
    const inner = scenarioKeys([...path, key]);
    return inner.length > 0 ? inner : [[...path, key].join('.')];
  });
}
