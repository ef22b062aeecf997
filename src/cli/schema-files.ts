/** The JSON Schemas that ship: what each is of. Files of users first, then results. */
export const SCHEMA_TITLES = {
  scenario: 'a scenario of run, explain, solve and sensitivity',
  'card-profile': 'a card in a file, for nic.profile',
  'cost-profile': 'a cost profile in a file, for host.cost',
  plan: 'what a sweep is, with the hash that names it',
  run: 'the document of run',
  measure: 'the document of measure',
  replay: 'the document of replay',
  sweep: 'the document of sweep',
  compare: 'the document of compare',
} as const;

/** The name of a schema that ships. */
export type SchemaName = keyof typeof SCHEMA_TITLES;

/** The path of a schema in the package. */
export function schemaPath(name: SchemaName): string {
  return `schemas/${name}.schema.json`;
}
