import { keysAt, schemaAt } from '../schema-keys.js';
import { scenarioSchema } from './scenario.js';

/** A key of a scenario that holds a value. */
export interface ScenarioKey {
  /** As `--set` has it. */
  readonly key: string;
  /** What it means; where a scenario may go without it, also what is then. Some Markdown. */
  readonly meaning: string;
}

/** What a key or a group of keys means; empty where nothing is said of it. */
export function meaningOf(path: readonly string[]): string {
  return schemaAt(scenarioSchema, path)?.description ?? '';
}

/** Every key that a scenario may have and that holds a value; groups are gone into. */
export function scenarioKeys(path: readonly string[] = []): readonly ScenarioKey[] {
  return namesAt(path).flatMap((name) => {
    const below = [...path, name];
    const inner = scenarioKeys(below);
    return inner.length > 0 ? inner : [{ key: below.join('.'), meaning: meaningOf(below) }];
  });
}

/** The names that may stand at a place of a scenario, but for what is for editors only. */
export function namesAt(path: readonly string[]): readonly string[] {
  return keysAt(scenarioSchema, path).filter((name) => name !== '$schema');
}
