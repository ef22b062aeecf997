import { PUBLISHED_RESULTS } from './results.js';

/** The scenarios that have a name: the claim, and the one nearest to each published result. */
export const PRESETS: ReadonlyMap<string, object> = new Map<string, object>([
  ['claim', {}],
  ...PUBLISHED_RESULTS.map(({ name, scenario }) => [name, scenario] as const),
]);

/** The name of a preset, given by name or by the id of its published result in any case: `c14`. */
export function presetName(nameOrId: string): string {
  const id = nameOrId.toUpperCase();
  if (id === 'C1') return 'claim';
  return PUBLISHED_RESULTS.find((result) => result.id === id)?.name ?? nameOrId;
}
