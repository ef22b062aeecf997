import { REVISIONS } from '../path/revisions/revisions.js';
import { VERDICTS, type Verdict } from './verdicts.js';

/** A counterexample as the document tells of it. */
export interface ToldCounterexample {
  readonly id: string;
  readonly revision: string;
  readonly violation: string;
  /** The lines of its file. */
  readonly text: string;
}

/** A rule as the document tells of it. */
export interface ToldInvariant {
  readonly id: string;
  readonly statement: string;
}

const MARKS = {
  holds: { described: 'holds', derived: 'holds ?', contrary: 'holds !' },
  violated: { described: '**broken**', derived: '**broken** ?', contrary: '**broken** !' },
} as const;

const HEAD = `# Invariants

Rules that a kernel should keep, and which revisions keep them. Each is checked on random scenarios: small windows, one or
two containers, one to eight groups, adjacent regions, memory without region and without slot, regions in removal, pages
out of the reach of real mode, both page sizes, all three modes. Where a revision should break a rule, the tests must find
a scenario that shows it, and make it short.

This file and \`results/counterexamples\` are written by the tests (\`node scripts/update-invariants.mjs\`), which also
compare them.

## Verdicts
\`?\`: the description of the kernels leaves it open, and it is derived from what it says. \`!\`: the description says
otherwise; see [SEMANTICS-NOTES.md](SEMANTICS-NOTES.md). An empty cell: the rule says nothing there. A verdict speaks of
our model of the revision; how well that is known, \`tcebench list revisions\` tells.

`;

const EXAMPLES = `
## Counterexamples
One for each rule, from the first revision that breaks it; one file for each cell. They are scenarios, and

\`\`\`
npx tcebench conform results/counterexamples/*/*.jsonl
\`\`\`

runs them. What their lines expect is what the model gives, not what a real kernel gave: they show what a rule's breach
looks like, and prove nothing about a kernel beyond what the model's rules do.
`;

/** The whole document. */
export function documentOf(
  invariants: readonly ToldInvariant[],
  counterexamples: readonly ToldCounterexample[],
): string {
  const rules = invariants.map(({ id, statement }) => `- **${id}** ${statement}\n`).join('');
  const columns = REVISIONS.map(({ id }) => id);
  const table = [
    row(['', ...columns]),
    row(['---', ...columns.map(() => '---')]),
    ...invariants.map(({ id }) =>
      row([id, ...columns.map((revision) => mark(VERDICTS.get(id)?.get(revision)))]),
    ),
  ].join('');
  const examples = invariants.map(({ id, statement }) => {
    const ofRule = counterexamples.filter((example) => example.id === id);
    return ofRule.length === 0 ? '' : sectionOf(`${id}: ${statement}`, ofRule);
  });
  return `${HEAD}${table}\n${rules}${EXAMPLES}${examples.join('')}`;
}

function sectionOf(title: string, examples: readonly ToldCounterexample[]): string {
  const [shown] = examples;
  const sentences = new Set(examples.map(({ violation }) => violation));
  const files = [...sentences].map((sentence) => {
    const same = examples.filter(({ violation }) => violation === sentence);
    const links = same.map(({ id, revision }) => `[${revision}](../${fileOf(id, revision)})`);
    return `- ${links.join(', ')}: ${sentence}\n`;
  });
  return `\n### ${title}\n${files.join('')}\n\`\`\`\n${shown?.text}\`\`\`\n`;
}

/** Where the counterexample of a cell stands, from the top of the repository. */
export function fileOf(id: string, revision: string): string {
  return `results/counterexamples/${id}/${revision}.jsonl`;
}

function mark(verdict: Verdict | undefined): string {
  return verdict === undefined ? '' : MARKS[verdict.outcome][verdict.source];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}
