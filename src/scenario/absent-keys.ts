import { keysAt } from '../schema-keys.js';
import { type Scenario, scenarioSchema } from './scenario.js';

/** The keys that a scenario may have and this one has not, groups of any number as `group.*`. */
export function absentKeys(scenario: Scenario): readonly string[] {
  return keysAt(scenarioSchema, []).flatMap((group) => {
    if (group === 'cost') return ['cost.*'];
    const values = scenario[group as keyof Scenario] as Readonly<Record<string, unknown>>;
    return keysAt(scenarioSchema, [group])
      .filter((key) => values[key] === undefined || isEmpty(values[key]))
      .map((key) => `${group}.${key}${isEmpty(values[key]) ? '.*' : ''}`);
  });
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
