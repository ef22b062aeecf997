import type { ExploredRace, RaceRow, RacesDocument } from '../result/races-document.js';
import type { Painter } from './painter.js';
import { left, right, textTable } from './text-table.js';
import { wrap } from './wrap.js';

const COLUMNS = [
  left('revision'),
  left('shows'),
  right('states'),
  right('schedules'),
  left('result'),
  left('by reading'),
  right('of them'),
  right('steps'),
];

/** What was found of races, for the terminal; its last line is the answer. */
export function racesText(document: RacesDocument, paint: Painter): string {
  return [
    ...document.races.map((race) => raceText(race, paint)),
    ...budgetText(document, paint),
    paint('bold', answer(document)),
    '',
  ].join('\n');
}

function raceText({ id, title, statement, actors, checks, rows }: ExploredRace, paint: Painter): string {
  return [
    paint('bold', `${id}: ${title}`),
    wrap(statement, ''),
    ...actors.map(({ name, does }, i) => `  ${i} ${name}: ${does}`),
    '',
    textTable(
      COLUMNS,
      rows.map((row) => rowText(row, paint)),
    ),
    ...checks.flatMap((check) => [`  ${check.id}: ${check.title}`, ...reasonsText(check.id, rows)]),
    '',
    ...replaysText(rows),
  ].join('\n');
}

function rowText(row: RaceRow, paint: Painter): string[] {
  const { verdict, expected, schedule } = row;
  const isWrong = expected !== null && verdict !== expected;
  return [
    row.revision,
    row.check,
    verdict === 'not applicable' ? '' : String(row.states),
    verdict === 'not applicable' ? '' : String(row.schedules),
    isWrong ? paint('red', verdict) : verdict,
    expected ?? 'not read',
    verdict === 'found' ? String(row.found) : '',
    schedule === null ? '' : String(schedule.length),
  ];
}

/** Why a check is expected to show or not: a line for each reason, with the revisions that have it. */
function reasonsText(check: string, rows: readonly RaceRow[]): string[] {
  const revisions = new Map<string, string[]>();
  for (const { revision, expected, because } of rows.filter((row) => row.check === check)) {
    if (expected === null) continue;
    const reason = `${expected}, ${because}`;
    revisions.set(reason, [...(revisions.get(reason) ?? []), revision]);
  }
  return [...revisions].flatMap(([reason, ids]) =>
    wrap(`${ids.join(', ')}: ${reason}`, '  ', 112)
      .split('\n')
      .map((line) => `    ${line}`),
  );
}

/** One command for each result that can be replayed; revisions with the same schedule have one each all the same. */
function replaysText(rows: readonly RaceRow[]): string[] {
  const commands = rows.flatMap(({ check, replay }) => (replay === null ? [] : [`  ${check}: ${replay}`]));
  return commands.length === 0 ? [] : ['The shortest schedules, replayed step by step:', ...commands, ''];
}

function budgetText({ maxStates, undecided }: RacesDocument, paint: Painter): string[] {
  if (undecided === 0) return [];
  const text = `not exhaustive: budget of ${maxStates} states reached; raise --max-states to decide the rest`;
  return [paint('yellow', text)];
}

function answer({ races, differences, undecided }: RacesDocument): string {
  const rows = races.flatMap((race) => race.rows);
  const results = `${rows.length} ${rows.length === 1 ? 'result' : 'results'} of ${races.length} ${
    races.length === 1 ? 'race' : 'races'
  }`;
  const open = undecided === 0 ? '' : `, ${undecided} undecided`;
  return differences === 0
    ? `${results}: ${undecided === 0 ? 'every one' : 'every other one'} is as expected by reading${open}`
    : `${results}: ${differences} not as expected by reading${open}`;
}
