import { z } from 'zod';
import { nicProfileSchema } from '../nic/profile-check.js';
import { documentText } from '../result/provenance.js';
import { compareSchema } from '../result/schemas/compare-schema.js';
import { measureSchema } from '../result/schemas/measure-schema.js';
import { replaySchema } from '../result/schemas/replay-schema.js';
import { runSchema } from '../result/schemas/run-schema.js';
import { planSchema, sweepSchema } from '../result/schemas/sweep-schema.js';
import { costProfileSchema } from '../scenario/cost-profile-file.js';
import { scenarioSchema } from '../scenario/scenario.js';
import { SCHEMA_TITLES, type SchemaName } from './schema-files.js';

const SCHEMAS: Readonly<Record<SchemaName, z.ZodType>> = {
  scenario: scenarioSchema,
  'card-profile': nicProfileSchema,
  'cost-profile': costProfileSchema,
  plan: planSchema,
  run: runSchema,
  measure: measureSchema,
  replay: replaySchema,
  sweep: sweepSchema,
  compare: compareSchema,
};

/**
 * The text of one file of `schemas/`: what a user may write, before defaults. What JSON Schema cannot say (that two keys
 * must fit each other) only the program checks.
 */
export function jsonSchemaText(name: SchemaName): string {
  const { $schema, ...schema } = z.toJSONSchema(SCHEMAS[name], { io: 'input', unrepresentable: 'any' });
  return documentText({ $schema, title: `tcebench: ${SCHEMA_TITLES[name]}`, ...schema });
}
