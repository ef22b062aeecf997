import type { CompareDocument, GateVerdict } from '../result/compare-document.js';
import type { ComparedInput } from './compared-input.js';
import { historyDifferences, settingDifferences } from './differences.js';
import type { Gate } from './gate.js';
import { machineReasons, reasonsAgainst } from './incomparable.js';
import { judgeGate } from './judge-gate.js';
import { noIntervalReason } from './ratio.js';
import { noiseOf, rowsOf } from './rows.js';

/** How to compare. */
export interface CompareOptions {
  readonly gates: readonly Gate[];
  /** Compare measured documents of different machines all the same. */
  readonly acrossMachines: boolean;
}

/**
 * Compares two documents, or holds one (`before` is null) against absolute gates. A pure function of its arguments.
 *
 * @throws TcebenchError where the bound of a gate is not in the unit of its metric
 */
export function compareDocuments(
  before: ComparedInput | null,
  after: ComparedInput,
  { gates, acrossMachines }: CompareOptions,
): CompareDocument {
  const reasons = before === null ? [] : reasonsAgainst(before, after, acrossMachines);
  const isCompared = before !== null && reasons.length === 0;
  const rows = isCompared ? rowsOf(before, after) : [];
  const noise = noiseOf(before === null ? [after] : [before, after]);
  return {
    schema: 'tcebench.compare/1',
    clock: before === null || before.document.clock === after.document.clock ? after.document.clock : null,
    before: before?.place ?? null,
    after: after.place,
    comparable: reasons.length === 0,
    reasons,
    rows,
    gates: gates.map((gate) => judgeGate(gate, { before, after, rows, reasons, noise })),
    differences: isCompared
      ? [
          ...settingDifferences(before.document, after.document),
          ...historyDifferences(before.document, after.document),
        ]
      : [],
    ...noise,
    warnings: [
      ...(before?.warnings ?? []),
      ...after.warnings,
      ...(isCompared ? warningsOf(before, after, acrossMachines) : []),
    ],
  };
}

function warningsOf(before: ComparedInput, after: ComparedInput, acrossMachines: boolean): string[] {
  const warnings: string[] = [];
  const noInterval = noIntervalReason(before, after);
  if (noInterval !== null) warnings.push(`no ratio has an interval: ${noInterval}`);
  if (after.document.schema === 'tcebench.measure/1') {
    if (acrossMachines) warnings.push(...machineReasons(before, after));
    if (noiseOf([before, after]).noiseFloor === null) {
      warnings.push('the noise floor of a session is not known, so no change can be told from noise');
    }
  }
  for (const { place, document } of [before, after]) {
    if (document.schema === 'tcebench.measure/1' && document.partial) warnings.push(`${place} is partial`);
    if (document.schema === 'tcebench.sweep/1' && document.missing.length + document.failed.length > 0) {
      warnings.push(`${place} lacks ${document.missing.length + document.failed.length} of its jobs`);
    }
  }
  return warnings;
}

/** What became of all gates together; `undecided` also where there was nothing to compare. */
export function verdictOf({ before, comparable, rows, gates }: CompareDocument): GateVerdict {
  if (gates.some(({ verdict }) => verdict === 'failed')) return 'failed';
  const isEmpty = !comparable || (before !== null && rows.every(({ verdict }) => verdict === 'missing'));
  return isEmpty || gates.some(({ verdict }) => verdict === 'undecided') ? 'undecided' : 'passed';
}
