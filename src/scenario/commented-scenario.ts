import { COST_KEYS } from '../cost/cost-profile.js';
import type { Scenario } from './scenario.js';
import { meaningOf, namesAt } from './scenario-keys.js';

/** Columns of a comment, its indent included. */
const WIDTH = 110;

/**
 * A scenario as JSON with a comment over each key: what it means. Keys that it has not stand there as comments. What
 * reads scenarios takes the comments.
 */
export function commentedScenario(scenario: Scenario): string {
  return `${[
    '// Every key may be left out; an unknown one is refused. Quantities may have units: "10us", "64KiB".',
    ...objectLines(scenario, [], ''),
  ].join('\n')}\n`;
}

function objectLines(value: object, path: readonly string[], indent: string): readonly string[] {
  const deeper = `${indent}  `;
  const entries = Object.entries(value);
  const lines = [`{`];
  for (const [i, [key, inner]] of entries.entries()) {
    const comma = i === entries.length - 1 ? '' : ',';
    const [first = '', ...rest] = valueLines(inner, [...path, key], deeper);
    const all = [`${deeper}${JSON.stringify(key)}: ${first}`, ...rest];
    lines.push(...comment(meaningOf([...path, key]), deeper), ...all.slice(0, -1), `${all.at(-1)}${comma}`);
  }
  lines.push(...absentLines(value, path, deeper), `${indent}}`);
  return lines;
}

function valueLines(value: unknown, path: readonly string[], indent: string): readonly string[] {
  const isGroup = typeof value === 'object' && value !== null && namesAt(path).length > 0;
  return isGroup ? objectLines(value, path, indent) : [JSON.stringify(value)];
}

/** The keys that could stand here. */
function absentLines(value: object, path: readonly string[], indent: string): readonly string[] {
  if (path[0] === 'cost') return comment(`any of ${COST_KEYS.join(', ')}`, indent);
  return namesAt(path)
    .filter((name) => !Object.hasOwn(value, name))
    .flatMap((name) => {
      const inner = namesAt([...path, name]);
      if (inner.length === 0) return comment(`"${name}": ${meaningOf([...path, name])}`, indent);
      return inner.flatMap((key) =>
        comment(`"${name}": { "${key}": ... }: ${meaningOf([...path, name, key])}`, indent),
      );
    });
}

function comment(text: string, indent: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text === '' ? [] : text.replaceAll('`', '').split(' ')) {
    if (line !== '' && indent.length + line.length + word.length + 4 > WIDTH) {
      lines.push(line);
      line = '';
    }
    line += `${line === '' ? '' : ' '}${word}`;
  }
  if (line !== '') lines.push(line);
  return lines.map((words) => `${indent}// ${words}`);
}
