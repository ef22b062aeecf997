// Checks a batch/v1 Job manifest on stdin against the keys and types that its kind has; strict: an unknown key fails.
// usage: scripts/check-kubernetes-job.mjs < job.yaml
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const dnsName = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be a DNS label');
const quantity = z.string().regex(/^\d+(\.\d+)?(m|k|Ki|M|Mi|G|Gi)?$/, 'must be a quantity');
const resources = z.strictObject({ cpu: quantity.optional(), memory: quantity.optional() });

const job = z.strictObject({
  apiVersion: z.literal('batch/v1'),
  kind: z.literal('Job'),
  metadata: z.strictObject({ name: dnsName }),
  spec: z
    .strictObject({
      completionMode: z.enum(['Indexed', 'NonIndexed']),
      completions: z.int().min(1),
      parallelism: z.int().min(1),
      backoffLimitPerIndex: z.int().min(0).optional(),
      maxFailedIndexes: z.int().min(0).optional(),
      template: z.strictObject({
        spec: z.strictObject({
          restartPolicy: z.enum(['Never', 'OnFailure']),
          containers: z
            .array(
              z.strictObject({
                name: dnsName,
                image: z.string().min(1),
                command: z.array(z.string()).min(1),
                resources: z
                  .strictObject({ requests: resources.optional(), limits: resources.optional() })
                  .optional(),
                volumeMounts: z.array(
                  z.strictObject({ name: dnsName, mountPath: z.string().startsWith('/') }),
                ),
              }),
            )
            .min(1),
          volumes: z.array(
            z.strictObject({ name: dnsName, persistentVolumeClaim: z.strictObject({ claimName: dnsName }) }),
          ),
        }),
      }),
    })
    .refine((spec) => spec.backoffLimitPerIndex === undefined || spec.completionMode === 'Indexed', {
      message: 'backoffLimitPerIndex needs completionMode Indexed',
    })
    .refine(
      (spec) => spec.backoffLimitPerIndex === undefined || spec.template.spec.restartPolicy === 'Never',
      {
        message: 'backoffLimitPerIndex needs restartPolicy Never',
      },
    )
    .refine((spec) => spec.maxFailedIndexes === undefined || spec.maxFailedIndexes <= spec.completions, {
      message: 'maxFailedIndexes is at most completions',
    }),
});

/** The YAML that the emitter writes: maps and lists by indentation, plain, quoted and numeric scalars. */
function parseYaml(text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  let at = 0;
  const indentOf = (line) => line.length - line.trimStart().length;
  const scalar = (word) => {
    if (word.startsWith('"')) return JSON.parse(word);
    return /^-?\d+$/.test(word) ? Number(word) : word;
  };
  const block = (indent) => (lines[at].trimStart().startsWith('- ') ? list(indent) : map(indent));
  function list(indent) {
    const items = [];
    while (at < lines.length && indentOf(lines[at]) === indent && lines[at].trimStart().startsWith('- ')) {
      const rest = lines[at].trimStart().slice(2);
      if (/^[A-Za-z]\w*:( |$)/.test(rest)) {
        lines[at] = `${' '.repeat(indent + 2)}${rest}`;
        items.push(map(indent + 2));
      } else {
        items.push(scalar(rest));
        at++;
      }
    }
    return items;
  }
  function map(indent) {
    const result = {};
    while (at < lines.length && indentOf(lines[at]) === indent && !lines[at].trimStart().startsWith('- ')) {
      const match = /^(\w+):(?: (.*))?$/.exec(lines[at].trim());
      if (match === null) throw new Error(`line ${at + 1}: ${lines[at]}`);
      if (Object.hasOwn(result, match[1])) throw new Error(`line ${at + 1}: ${match[1]} is there twice`);
      at++;
      result[match[1]] = match[2] === undefined ? block(indentOf(lines[at])) : scalar(match[2]);
    }
    return result;
  }
  const document = block(0);
  if (at < lines.length) throw new Error(`line ${at + 1}: wrong indentation: ${lines[at]}`);
  return document;
}

const parsed = job.safeParse(parseYaml(readFileSync(0, 'utf8')));
if (!parsed.success) {
  process.stderr.write(`${z.prettifyError(parsed.error)}\n`);
  process.exit(1);
}
const { spec, metadata } = parsed.data;
process.stdout.write(`${metadata.name}: a valid Job of ${spec.completions} indexes\n`);
