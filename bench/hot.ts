/**
 * The in-kernel handlers against C: what one TCE costs, single calls and lists of 512, one writer and several, beside a
 * reference compiled here and now that does the same work on 64-bit entries (bench/c/reference.c). Every case is a
 * process of its own, by turns, in CPU time: best of each run, median over the rounds. Prints a table, writes
 * results/hot/hot.csv with its provenance, and fails above a bound; without a compiler there are no ratios to judge.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIST = new URL('./', import.meta.resolve('tcebench'));
const { textTable, left, right } = (await import(
  new URL('report/text-table.js', DIST).href
)) as typeof import('../src/report/text-table.js');
const { csvText } = (await import(
  new URL('result/csv-text.js', DIST).href
)) as typeof import('../src/result/csv-text.js');
const { documentText, provenanceOf } = (await import(
  new URL('result/provenance.js', DIST).href
)) as typeof import('../src/result/provenance.js');
const { hostFacts } = (await import(
  new URL('cli/host-facts.js', DIST).href
)) as typeof import('../src/cli/host-facts.js');

const { INLINE_MORE } = (await import(
  new URL('cli/inlining.js', DIST).href
)) as typeof import('../src/cli/inlining.js');

const ROUNDS = 5;
const SLICES = 12;
const ROOT = fileURLToPath(new URL('../', DIST));
const CASE = fileURLToPath(new URL('hot-case.js', import.meta.url));
const MEMORY = fileURLToPath(new URL('hot-memory.js', import.meta.url));

/** The bounds are of the project; they are judged with the budget for inlining that long runs are given. */
const MAX_EXCHANGES_OF_REFERENCE = 4.5;
const MAX_BYTES_PER_ENTRY = 8.5;
const MAX_ALLOCATION_MS = 10;

interface Case {
  readonly name: string;
  readonly kind: 'single' | 'batch';
  readonly revision: string;
  readonly writers: 'one' | 'several';
  readonly nodeFlags: readonly string[];
  /** The largest ratio to C, for maps and clears together; null: shown, not judged. */
  readonly bound: number | null;
}

const CASES: readonly Case[] = [
  hot('single', 'v3', 'one', [INLINE_MORE], 3),
  hot('batch', 'v3', 'one', [INLINE_MORE], 2),
  hot('batch', 'v3', 'several', [INLINE_MORE], 4),
  hot('single', 'v4.12', 'one', [INLINE_MORE], 3),
  hot('batch', 'v4.12', 'one', [INLINE_MORE], null),
  hot('single', 'v3', 'several', [INLINE_MORE], null),
  hot('single', 'v3', 'one', [], null),
  hot('batch', 'v3', 'one', [], null),
];

function hot(
  kind: Case['kind'],
  revision: string,
  writers: Case['writers'],
  nodeFlags: readonly string[],
  bound: number | null,
): Case {
  const name = `${kind}, ${writers === 'one' ? 'one writer' : 'several writers'}`;
  return { name, kind, revision, writers, nodeFlags, bound };
}

/** Nanoseconds a TCE. */
interface Figures {
  readonly map: number;
  readonly clear: number;
  readonly both: number;
}

function measure({ kind, revision, writers, nodeFlags }: Case): Figures {
  const args = [...nodeFlags, CASE, kind, revision, writers, String(SLICES)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Figures;
}

/** What the reference prints: `exchange`, `map`, `clear`, `single`, `indirect`, `stuff`, `batch`. */
function measureReference(program: string): ReadonlyMap<string, number> {
  const lines = execFileSync(program, [String(SLICES)], { encoding: 'utf8' })
    .trim()
    .split('\n');
  return new Map(lines.map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])]));
}

function compileReference(folder: string): string | null {
  const program = join(folder, 'reference');
  const source = join(ROOT, 'bench', 'c', 'reference.c');
  const compiler = spawnSync('cc', ['-O2', '-o', program, source], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (compiler.error !== undefined) {
    process.stderr.write('There is no C compiler here, so there is nothing to compare with.\n');
    return null;
  }
  if (compiler.status !== 0) throw new Error('cc refused the reference');
  return program;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

const folder = mkdtempSync(join(tmpdir(), 'tcebench-'));
try {
  const reference = compileReference(folder);
  const ours = CASES.map((): Figures[] => []);
  const theirs: ReadonlyMap<string, number>[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const order = [...CASES.keys()];
    if (round % 2 === 1) order.reverse();
    if (reference !== null) theirs.push(measureReference(reference));
    for (const i of order) ours[i]?.push(measure(CASES[i] as Case));
    if (reference !== null) theirs.push(measureReference(reference));
  }
  const ofReference = (name: string): number | null =>
    theirs.length === 0 ? null : median(theirs.map((figures) => figures.get(name) ?? Number.NaN));
  const rows = CASES.map((given, i) => {
    const figures = ours[i] ?? [];
    const both = figures.map((figure) => figure.both);
    const c = ofReference(given.kind);
    return {
      clock: 'measured',
      case: given.name,
      revision: given.revision,
      node_flags: given.nodeFlags.join(' '),
      map_ns: median(figures.map(({ map }) => map)),
      clear_ns: median(figures.map(({ clear }) => clear)),
      tce_ns: median(both),
      tce_low_ns: Math.min(...both),
      tce_high_ns: Math.max(...both),
      c_tce_ns: c,
      ratio_to_c: c === null ? null : median(both) / c,
      bound: given.bound,
    };
  });
  const exchange = ofReference('exchange');
  const single = ofReference('single');
  const memory = JSON.parse(execFileSync(process.execPath, [MEMORY], { encoding: 'utf8' })) as {
    readonly allocationMs: number;
    readonly bytesPerEntry: number;
  };
  const number = (value: number | null, digits = 1) => (value === null ? '-' : value.toFixed(digits));
  process.stdout.write(
    `${textTable(
      [
        left('case'),
        left('revision'),
        left('inlining'),
        ...['map ns', 'clear ns', 'a TCE ns', 'low .. high', 'C ns', 'to C', 'bound'].map(right),
      ],
      rows.map((row) => [
        row.case,
        row.revision,
        row.node_flags === '' ? 'usual' : 'more',
        number(row.map_ns),
        number(row.clear_ns),
        number(row.tce_ns),
        `${number(row.tce_low_ns)} .. ${number(row.tce_high_ns)}`,
        number(row.c_tce_ns),
        number(row.ratio_to_c, 2),
        row.bound === null ? '' : row.bound.toFixed(1),
      ]),
    )}\n` +
      `C: a bare exchange ${number(exchange)} ns, a call ${number(single)} ns, ${number(single === null || exchange === null ? null : single / exchange, 2)} of it (bound ${MAX_EXCHANGES_OF_REFERENCE})\n` +
      `16M entries: ${number(memory.bytesPerEntry, 2)} bytes an entry and view (bound ${MAX_BYTES_PER_ENTRY}), made in ${number(memory.allocationMs, 2)} ms (bound ${MAX_ALLOCATION_MS})\n`,
  );
  const csv = csvText(rows);
  mkdirSync(join(ROOT, 'results', 'hot'), { recursive: true });
  writeFileSync(join(ROOT, 'results', 'hot', 'hot.csv'), csv);
  writeFileSync(
    join(ROOT, 'results', 'hot', 'hot.provenance.json'),
    documentText(provenanceOf(csv, hostFacts())),
  );
  const tooSlow = rows.some(
    ({ ratio_to_c, bound }) => ratio_to_c !== null && bound !== null && ratio_to_c > bound,
  );
  const isUnfair = single !== null && exchange !== null && single / exchange > MAX_EXCHANGES_OF_REFERENCE;
  const isLarge = memory.bytesPerEntry > MAX_BYTES_PER_ENTRY || memory.allocationMs > MAX_ALLOCATION_MS;
  if (tooSlow || isUnfair || isLarge) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
