import type { z } from 'zod';

/** What this file reads of a schema. */
interface SchemaDef {
  readonly type?: string;
  readonly innerType?: unknown;
  readonly in?: unknown;
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly keyType?: { readonly options?: readonly string[] };
  readonly valueType?: unknown;
  readonly element?: unknown;
  readonly items?: readonly unknown[];
  readonly discriminator?: string;
  readonly options?: readonly unknown[];
  readonly format?: string;
}

/** The schema of a place of a document, as it was written; undefined where nothing of the kind can stand. */
export function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let inner: unknown = schema;
  for (const key of path) inner = below(inner, key);
  return inner as z.ZodType | undefined;
}

/** What a schema takes before its default and its transformation. */
export function defOf(schema: unknown): SchemaDef {
  let def = (schema as { def?: SchemaDef } | undefined)?.def ?? {};
  for (;;) {
    const inner = def.innerType ?? (def.type === 'pipe' ? def.in : undefined);
    if (inner === undefined) return def;
    def = (inner as { def: SchemaDef }).def;
  }
}

/** The keys that a document may have at a place; those of every kind where the place has several kinds. */
export function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  return keysOf(schemaAt(schema, path));
}

function keysOf(schema: unknown): readonly string[] {
  const def = defOf(schema);
  if (def.shape !== undefined) return Object.keys(def.shape);
  return [...new Set(kindsOf(def).flatMap(keysOf))].concat(def.keyType?.options ?? []);
}

function below(schema: unknown, key: PropertyKey): unknown {
  const def = defOf(schema);
  const own = def.shape?.[String(key)] ?? def.valueType ?? def.element ?? def.items?.[Number(key)];
  return own ?? kindsOf(def).flatMap((kind) => below(kind, key) ?? [])[0];
}

/** The objects that one key tells apart. */
function kindsOf({ discriminator, options = [] }: SchemaDef): readonly unknown[] {
  return discriminator === undefined ? [] : options;
}
