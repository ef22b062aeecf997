import { REVISIONS } from '../path/revisions/revisions.js';

/** What a revision does with an invariant. */
export interface Verdict {
  readonly outcome: 'holds' | 'violated';
  /** Who says so: the description of the kernels, a consequence of it, or our run against the description. */
  readonly source: 'described' | 'derived' | 'contrary';
}

/**
 * One row for each invariant, one column for each revision in the order of REVISIONS: `+` it holds, `-` it is
 * violated, `.` it says nothing there. `?` marks what the description of the kernels leaves to be derived, `!` what it
 * says otherwise (docs/SEMANTICS-NOTES.md).
 */
const TABLE = `
       v3  +C5 +C11 +C13 +codes interim fixed v4.12 +npages v4.20 v5.4 v5.19
I1     +   +   +    +    +      +       +     +     +       +     +    +
I2     -   -?  -?   -?   -?     -?      -?    -     -       -?    -?   -
I3     +?  +?  +?   +?   +?     +?      +?    -     -       -     -    -
I4     -   -?  -?   -?   -?     +       +     +     +       +     +    +
I5     +   +   +    +    +      +       +     +     +       +     +    +
I6     -!  -!  -!   -!   -!     -!      -!    -!    -!      +     +    +
I7     +   +   +    +    +      +       +     +     +       +     +    +
I8     -   -?  -?   -?   -?     -       -?    -     -       +?    +?   +?
I8r    -?  -?  -?   -?   -?     -       +?    -     -       +?    +?   +?
I9     -?  -?  -?   -?   -?     +?      -?    -     -       -!    -!   -!
I10    -   -?  -?   -?   -?     +?      -?    -     -       -!    -!   -!
I11    +   +?  +?   +?   +?     -       +?    -     +?      -     -    -
I12    +   +   +    +    +      +       +     +     +       +     +    +
I13    +   +   +    +    +      +       +     +     +       +     +    +
I14    +   +?  +?   +?   +?     -?      +?    +?    +?      +?    +?   +?
I15    .   -!  .    .    .      .       .     .     .       .     .    .
I15r   .   +   .    .    .      .       .     .     .       .     .    .
I16    +   +   +    +    +      +       +     +     +       +     +    +
I17    +   +?  +?   +?   +?     +?      +?    +     +       -?    -?   -?
I18    +   +?  +?   +?   +?     +?      +?    +     +       +?    -?   -?
I19    -   -   -    -    -      -       -     -     -       -     -!   -!
I20    +   +?  +?   +?   +?     +?      +?    -!    -!      -!    -!   -!
I21    +   +   +    +    +      +       +     +     +       +     +    +
I22    -!  -!  -!   -!   -!     -!      -!    -!    -!      -!    -!   -!
I22r   +   +   +    +    +      +       +     +     +       +     +    +
I23    +   +   +    +    +      +       +     +     +       +     +    +
I24    +?  +?  +?   +?   +?     +?      +?    +     +       +?    +?   +?
I25    +   +   +    +    +      +       +     +     +       +     +    +
I26    +   +   +    +    +      +       +     +     +       +     +    +
I27    +   +   +    +    +      +       +     +     +       +     +    +
I28    +   +   +    +    +      +       +     +     +       +     +    +
`;

const OUTCOMES = { '+': 'holds', '-': 'violated' } as const;
const SOURCES = { '': 'described', '?': 'derived', '!': 'contrary' } as const;

/** What each revision is expected to do with each invariant: by the name of the invariant, then of the revision. */
export const VERDICTS: ReadonlyMap<string, ReadonlyMap<string, Verdict>> = new Map(
  TABLE.trim().split('\n').slice(1).map(readRow),
);

function readRow(row: string): [id: string, verdicts: ReadonlyMap<string, Verdict>] {
  const [id = '', ...cells] = row.trim().split(/ +/);
  const verdicts = new Map<string, Verdict>();
  for (const [column, cell] of cells.entries()) {
    const revision = REVISIONS[column];
    const verdict = readCell(cell);
    if (revision !== undefined && verdict !== null) verdicts.set(revision.id, verdict);
  }
  return [id, verdicts];
}

function readCell(cell: string): Verdict | null {
  if (cell === '.') return null;
  const outcome = OUTCOMES[cell.slice(0, 1) as keyof typeof OUTCOMES];
  return { outcome, source: SOURCES[cell.slice(1) as keyof typeof SOURCES] };
}
