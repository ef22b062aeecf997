import type { RaceReplayDocument } from '../result/races-document.js';
import type { Painter } from './painter.js';
import { left, right, textTable } from './text-table.js';

/** One schedule of a race, step by step, with the state that it ends in and what that shows. */
export function raceReplayText(document: RaceReplayDocument, paint: Painter): string {
  const { race, title, revision, actors, steps, epilogue } = document;
  return [
    paint('bold', `${race} in ${revision}: ${title}`),
    ...actors.map(({ name, does }, i) => `  ${i} ${name}: ${does}`),
    '',
    textTable(
      [left('page'), left('guest address'), left('user address'), left('host address'), right('region')],
      document.pages.map(({ name, gpa, ua, hpa, region }) => [name, gpa, ua, hpa, String(region)]),
    ),
    textTable(
      [right(''), left('actor'), left('where'), left('step')],
      steps.map(({ step, actor, rung, text }) => [String(step), actor, rung, text]),
    ),
    ...actors.map(({ name, result }) => `${name}: ${result === '' ? 'done' : result}`),
    ...epilogue.map(({ does, result }) => `afterwards ${does}: ${result}`),
    '',
    entriesText(document),
    ...document.regions.map(
      ({ region, mapped, registered }) =>
        `region ${region}: mapped ${mapped}${registered ? '' : ', no longer registered'}`,
    ),
    tableText(document),
    '',
    ...document.checks.map(({ title: what, holds }) =>
      holds ? paint('bold', `shown: ${what}`) : `not shown: ${what}`,
    ),
    '',
  ].join('\n');
}

function tableText({ table: { references, attached, freed } }: RaceReplayDocument): string {
  const life = freed ? 'freed' : `${references} ${references === 1 ? 'reference' : 'references'}`;
  return `hardware table: ${life}${attached ? ', attached to the guest view' : ''}`;
}

function entriesText({ entries }: RaceReplayDocument): string {
  if (entries.length === 0) return 'no table holds anything';
  return textTable(
    [left('entry'), left('hardware'), left('it_userspace'), left('guest view')],
    entries.map(({ entry, hardware, userspaceView, guestView }) => [
      String(entry),
      hardware,
      userspaceView,
      guestView,
    ]),
  );
}
