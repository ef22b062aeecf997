import type { ReplayDocument } from '../result/replay-document.js';
import type { SweepDocument } from '../result/sweep-document.js';
import type { ComparedInput } from './compared-input.js';
import { logName } from './metrics.js';

/** Why two documents cannot be compared, every reason in one sentence; empty where they can. */
export function reasonsAgainst(
  before: ComparedInput,
  after: ComparedInput,
  acrossMachines: boolean,
): string[] {
  const [a, b] = [before.document, after.document];
  const reasons: string[] = [];
  if (a.clock !== b.clock) {
    reasons.push(`the clocks differ: ${before.place} is ${a.clock}, ${after.place} is ${b.clock}`);
  }
  if (a.schema !== b.schema) reasons.push(`the documents are of two kinds: ${a.schema} and ${b.schema}`);
  if (a.schema === 'tcebench.run/1' && b.schema === 'tcebench.run/1') reasons.push(...noArms(a.arms, b.arms));
  if (a.schema === 'tcebench.measure/1' && b.schema === 'tcebench.measure/1') {
    reasons.push(...noArms(a.arms, b.arms));
    if (!acrossMachines) reasons.push(...machineReasons(before, after));
  }
  if (a.schema === 'tcebench.replay/1' && b.schema === 'tcebench.replay/1') reasons.push(...logReasons(a, b));
  if (a.schema === 'tcebench.sweep/1' && b.schema === 'tcebench.sweep/1') reasons.push(...sweepReasons(a, b));
  return reasons;
}

function noArms(a: readonly { readonly id: string }[], b: readonly { readonly id: string }[]): string[] {
  if (a.some(({ id }) => b.some((other) => other.id === id))) return [];
  const names = (arms: readonly { readonly id: string }[]) => arms.map(({ id }) => id).join(', ') || 'none';
  return [`no arm is in both: ${names(a)} before, ${names(b)} after`];
}

/** Which facts of a machine change what our handlers take. */
const MACHINE = ['cpu', 'cores', 'os', 'node', 'nodeFlags'] as const;

/** In what two machines differ, or what is not known of them. */
export function machineReasons(before: ComparedInput, after: ComparedInput): string[] {
  const unknown = [before, after].filter(({ provenance }) => provenance === null);
  if (unknown.length > 0) {
    return unknown.map(
      ({ place }) =>
        `on which machine ${place} was measured is not known: no provenance of it lies beside it (write documents with measure --out, or say --across-machines)`,
    );
  }
  return MACHINE.flatMap((fact) => {
    const [from, to] = [before, after].map(({ provenance }) => String(provenance?.[fact]));
    return from === to ? [] : [`measured on different machines: ${fact} ${from} and ${to}`];
  });
}

function logReasons(a: ReplayDocument, b: ReplayDocument): string[] {
  const shared = a.logs.flatMap((log) => {
    const other = b.logs.find(({ file }) => logName(file) === logName(log.file));
    return other === undefined ? [] : [{ log, other }];
  });
  if (shared.length === 0) {
    const names = ({ logs }: ReplayDocument) => logs.map(({ file }) => logName(file)).join(', ') || 'none';
    return [`no log is in both: ${names(a)} before, ${names(b)} after`];
  }
  return shared.flatMap(({ log, other }) => {
    const differing = Object.entries(log.whole).filter(
      ([key, value]) =>
        JSON.stringify(value) !== JSON.stringify((other.whole as unknown as Record<string, unknown>)[key]),
    );
    if (differing.length === 0) return [];
    return [
      `${logName(log.file)} is not the same log: its ${differing.map(([key]) => key).join(', ')} differ`,
    ];
  });
}

function sweepReasons(
  { plan: a, rows: rowsBefore }: SweepDocument,
  { plan: b, rows: rowsAfter }: SweepDocument,
): string[] {
  const reasons: string[] = [];
  if (JSON.stringify([a.axes, a.mode]) !== JSON.stringify([b.axes, b.mode])) {
    reasons.push('the sweeps vary other keys or values, so job numbers mean different settings');
  }
  const names = new Set(rowsBefore.map(({ job, arm }) => `${job}/${arm.id}`));
  if (!rowsAfter.some(({ job, arm }) => names.has(`${job}/${arm.id}`)))
    reasons.push('no arm of any job is in both');
  return reasons;
}
