import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Who may import whom. The two wings, makers (`guest <- nic`, `trace`) and servers (`host <- path`), never meet
 * but in `sim`, `measure` and `experiment`; `report` can run nothing; nobody imports `cli`.
 */
const GROUND = [
  ...['errors', 'units', 'nearest', 'input-text', 'input-issue', 'schema-keys', 'json-comments'],
  'make-folder',
];
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  units: ['errors'],
  nearest: ['errors'],
  'program-version': [],
  'json-comments': [],
  'make-folder': ['errors'],
  'input-text': ['errors'],
  'schema-keys': [],
  'input-issue': ['errors', 'nearest', 'schema-keys'],
  stats: GROUND,
  papr: GROUND,
  cost: GROUND,
  result: [...GROUND, 'cost'],
  host: [...GROUND, 'papr', 'cost'],
  path: [...GROUND, 'papr', 'cost', 'host'],
  conform: [...GROUND, 'papr', 'cost', 'host', 'path'],
  invariants: [...GROUND, 'papr', 'cost', 'host', 'path', 'conform'],
  races: [...GROUND, 'papr', 'cost', 'result', 'host', 'path'],
  guest: [...GROUND, 'papr', 'stats'],
  nic: [...GROUND, 'papr', 'stats', 'guest'],
  trace: [...GROUND, 'papr', 'stats', 'result'],
  sim: [...GROUND, 'papr', 'cost', 'stats', 'nic', 'path'],
  measure: [...GROUND, 'papr', 'cost', 'stats', 'result', 'host', 'path', 'sim'],
  scenario: [...GROUND, 'papr', 'cost', 'result', 'path', 'guest', 'nic', 'trace'],
  experiment: [
    ...GROUND,
    ...[
      'papr',
      'cost',
      'stats',
      'result',
      'host',
      'path',
      'conform',
      'guest',
      'nic',
      'trace',
      'sim',
      'scenario',
    ],
  ],
  compare: [...GROUND, 'stats', 'result', 'sim', 'measure'],
  report: [...GROUND, 'result'],
  api: [...GROUND, 'program-version', 'result', 'path', 'trace', 'scenario', 'experiment', 'compare'],
  cli: [
    ...GROUND,
    'program-version',
    ...['papr', 'cost', 'stats', 'result', 'path', 'conform', 'nic', 'trace', 'measure', 'scenario'],
    ...['experiment', 'races', 'compare', 'report'],
  ],
  index: [
    ...GROUND,
    ...['papr', 'cost', 'stats', 'result', 'host', 'path', 'guest', 'nic', 'trace', 'sim', 'measure'],
    ...['scenario', 'experiment', 'report', 'compare', 'api'],
  ],
};

const SRC = import.meta.dirname;

/** Product files: tests and test helpers may look anywhere. */
function productFiles(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/\.test(-helper)?\.ts$/.test(file),
  );
}

/** The room a file stands in: its folder, or its own name for files at the top. */
function roomOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : file.replace(/\.(ts|js)$/, '');
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']*)'/g)].map(
    (match) => match[1] ?? '',
  );
  return specifiers.map((specifier) => relative(SRC, resolve(SRC, dirname(file), specifier)));
}

describe('the house', () => {
  it('lets imports point one way only', () => {
    const wrong = productFiles().flatMap((file) => {
      const room = roomOf(file);
      return importsOf(file)
        .filter((target) => roomOf(target) !== room && ALLOWED[room]?.includes(roomOf(target)) !== true)
        .map(
          (target) =>
            `${file} imports ${target}; ${room} may import ${ALLOWED[room]?.join(', ') ?? 'nothing'}`,
        );
    });
    expect(wrong).toEqual([]);
  });

  it('has no cycle between its files', () => {
    const state = new Map<string, 'open' | 'done'>();
    const cycles: string[] = [];
    const visit = (file: string, trail: readonly string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') {
        cycles.push([...trail.slice(trail.indexOf(file)), file].join(' -> '));
        return;
      }
      state.set(file, 'open');
      for (const target of importsOf(file)) visit(target.replace(/\.js$/, '.ts'), [...trail, file]);
      state.set(file, 'done');
    };
    for (const file of productFiles()) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('knows every room', () => {
    expect(
      productFiles()
        .map(roomOf)
        .filter((room) => ALLOWED[room] === undefined),
    ).toEqual([]);
  });

  it('keeps the clock, chance and the environment out of everything below cli', () => {
    const wrong = productFiles()
      .filter((file) => roomOf(file) !== 'cli')
      .filter((file) =>
        /\bDate\b|Math\.random|process\.(env|argv|exit|std)|\bconsole\./.test(
          readFileSync(join(SRC, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''),
        ),
      );
    expect(wrong).toEqual([]);
  });

  it('keeps every file of the product at 300 lines or less', () => {
    const long = productFiles().filter(
      (file) => readFileSync(join(SRC, file), 'utf8').split('\n').length > 301,
    );
    expect(long).toEqual([]);
  });
});
