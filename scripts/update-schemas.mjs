// Writes schemas/*.schema.json from the schemas that the program itself checks with. Build first.
import { mkdirSync, writeFileSync } from 'node:fs';
import { jsonSchemaText } from '../dist/cli/json-schemas.js';
import { SCHEMA_TITLES, schemaPath } from '../dist/cli/schema-files.js';

const root = new URL('../', import.meta.url);
mkdirSync(new URL('schemas/', root), { recursive: true });
for (const name of Object.keys(SCHEMA_TITLES)) {
  writeFileSync(new URL(schemaPath(name), root), jsonSchemaText(name));
}
