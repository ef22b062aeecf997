import { type ClaimArm, type ClaimDocument, FAST_ARMS, sizeOfShift } from '../result/claim-document.js';
import type { PublishedRow, PublishedTally } from '../result/published-document.js';
import type { RunDocument } from '../result/run-document.js';
import { formatNs, significant } from '../units.js';
import { rowColumns } from './claim-rows.js';
import { band, percent, rate, ratios, SHOWN_FROM, shortestInside, verdictText } from './claim-words.js';
import { wrap } from './wrap.js';

/** What no run of a model can settle. */
const CANNOT_BE_KNOWN = [
  'Which machine, guest, MTU, offload, ACK ratio, tool, number of streams and direction gave either figure: the thread names the card and the wire.',
  'What the fast figures span: runs, tools, directions or machines. A band that somebody saw is judged as if any rate in it were one.',
  'Whether the slow figure was measured with the guest batching its hypercalls. The series that first stated the figures was also the first to give KVM the batching ones, so part of the ratio may be batching.',
  'Whether the fast figures were measured again for the 2017 patch. They stand word for word in the series of August 2013, whose design pinned pages in real mode; preregistered memory came later.',
  'What an exit to QEMU and back cost on that machine: measured nowhere, so it is the one calibrated constant, and a trial can only say whether it lies in a range that is assumed as well.',
  'Whether MB was 10^6 or 2^20 bytes: 5 % on every rate.',
];

/** The page of the claim, from its run and the published results beside the model. Markdown. */
export function claimPage(
  run: RunDocument,
  published: readonly PublishedRow[],
  tally: PublishedTally,
): string {
  const { claim } = run;
  if (claim === null) return '# The claim\n\nThis run has no trial.\n';
  return [
    '# The claim on trial',
    '',
    '<!-- Written by scripts/update-claim.mjs from results/claim/claim.json and the model. Do not edit. -->',
    '',
    text(
      `"${rate(claim.slow)} MB/s -> ${band(claim.fast)} MB/s" (${ratios(claim)}), modelled clock, costs ${run.cost.profile}. ` +
        `**${verdictText(claim)}.**`,
    ),
    '',
    ...publishedSection(claim, published, tally),
    ...rowSection(claim),
    ...stepSection(claim),
    ...severitySection(claim),
    ...assumptionSection(claim),
    '## What cannot be known',
    ...CANNOT_BE_KNOWN.map((sentence) => text(`- ${sentence}`)),
    '',
  ].join('\n');
}

function publishedSection(
  claim: ClaimDocument,
  published: readonly PublishedRow[],
  { evidence, inside, missed, notCounted }: PublishedTally,
): string[] {
  const fast = FAST_ARMS.flatMap((id) => claim.arms.find((arm) => arm.id === id) ?? []);
  const verdicts = (wanted: (verdict: ClaimArm['verdict']) => boolean) =>
    fast.filter(({ verdict }) => wanted(verdict)).length;
  const agree = verdicts((verdict) => verdict === 'inside');
  const refuted = verdicts((verdict) => verdict === 'above' || verdict === 'below');
  const open = fast.length - agree - refuted;
  const predicted = published.filter(({ role }) => role === 'predicted');
  const predictions = predicted.length;
  const predictedInside = predicted.filter(({ verdict }) => verdict === 'inside').length;
  const sources = new Map(published.map((row) => [row.id, row]));
  return [
    '## Published results, and what each is to the model',
    text(
      'An *input* is a constant, a *calibrated* figure is there to make one: what the model was told counts for nothing, ' +
        'whether it gives it back or not. A *predicted* figure is in no constant, a *limit* must be reached whatever the prices ' +
        'are: only these are evidence, and a limit only of the counting. A prediction is inside where its interval and the published one meet, a limit where the model never leaves it. The ' +
        "claim's own figures are judged by where the draws lie: inside from half of them on, above or below from nine tenths.",
    ),
    '',
    ...table(
      ['id', 'figure', 'role', 'published', 'modelled', 'unit', 'verdict'],
      [
        ['C1', 'slow figure', 'calibrated', rate(claim.slow), rate(claim.slow), 'MB/s', 'told'],
        ...fast.map(({ id, rateLow, rateHigh, verdict }) => [
          ...['C1', `fast figures, ${id}`, 'predicted', band(claim.fast)],
          rateLow === null || rateHigh === null ? '-' : band([rateLow, rateHigh]),
          ...['MB/s', verdict],
        ]),
        ...published.map((row) => [
          ...[row.id, row.figure, row.role],
          interval(row.publishedLow, row.publishedHigh),
          interval(row.modelLow, row.modelHigh),
          row.unit,
          row.verdict === 'missed' ? `**missed by ${row.missedBy.toFixed(2)}x**` : row.verdict,
        ]),
      ],
    ),
    '',
    text(
      `Evidence: ${evidence + fast.length} figures, ${inside + agree} inside, ${missed + refuted} missed, ${open} ` +
        `undecided. Not counted: ${notCounted + 1} that the model was told. Only predictions put the prices to the test: ` +
        `${predictedInside + agree} of ${predictions + fast.length} are inside. ${inside - predictedInside} of the figures inside are limits.`,
    ),
    '',
    ...[...sources.values()].map(({ id, preset, mark, source, remark }) =>
      text(
        `- **${id}**, \`tcebench run ${preset}\`, grade ${mark}: ${source}.${remark === '' ? '' : ` ${sentence(remark)}`}`,
      ),
    ),
    '',
    '`tcebench list published --json` says how each figure of the model comes about.',
    '',
  ];
}

function rowSection({ slow, rows, judgedRow }: ClaimDocument): string[] {
  const columns = rowColumns(slow, (_, words) => words);
  return [
    '## What the claim leaves open',
    text(
      'Each row is one choice of machine and traffic. They have no probabilities, so none is mixed into another. "Can give" is ' +
        'the share of draws of the costs in which some leg to user space in its assumed range gives the slow figure; only those ' +
        'draws predict, each with the same weight, and fewer than one in a hundred predict nothing ("cannot be"). "Ceiling" is the rate of the slow arm with a leg of 0, which no machine has, ' +
        `at 5 % and 95 % of the draws. The sections below are of "${judgedRow}".`,
    ),
    '',
    ...table(
      columns.map(({ title }) => title),
      rows.map((row) => columns.map(({ cell }) => cell(row))),
    ),
    '',
  ];
}

function stepSection({ steps, calibrated }: ClaimDocument): string[] {
  const { key, low, high, rangeLow, rangeHigh } = calibrated;
  const leg = low === null || high === null ? 'none' : `${formatNs(low)}..${formatNs(high)}`;
  return [
    '## What gives what',
    text(
      `\`${key}\` must cost ${leg} (assumed range ${formatNs(rangeLow)}..${formatNs(rangeHigh)}). Batching and staying in the ` +
        'kernel stand apart; median and 90 % of the draws.',
    ),
    '',
    ...table(
      ['from', 'to', 'what', 'times', '5 % .. 95 %'],
      steps.map(({ from, to, what, ratio, ratioLow, ratioHigh }) => [
        ...[from, to, what, significant(ratio)],
        interval(ratioLow, ratioHigh),
      ]),
    ),
    '',
  ];
}

function severitySection({ placebos, severity }: ClaimDocument): string[] {
  return [
    '## How hard the test was',
    'Claims of our own making, judged in the same run. A trial that cannot say no says nothing.',
    '',
    ...table(
      ['placebo', 'arm', 'band, MB/s', 'verdict'],
      placebos.map(({ name, arm, band: of, verdict, rejected }) => [
        ...[name, arm, band(of), rejected ? `rejected (${verdict})` : verdict],
      ]),
    ),
    '',
    ...severity.map(({ arm, rejectsBelow, rejectsAbove, narrowestInside }) =>
      text(
        `- ${arm} rejects every band below ${rate(rejectsBelow)} or above ${rate(rejectsAbove)} MB/s; ${shortestInside(narrowestInside)}.`,
      ),
    ),
    '',
  ];
}

function assumptionSection({ assumptions }: ClaimDocument): string[] {
  const moving = assumptions
    .filter((each) => sizeOfShift(each) >= SHOWN_FROM)
    .sort((a, b) => a.arm.localeCompare(b.arm) || sizeOfShift(b) - sizeOfShift(a));
  return [
    '## What the verdict rests on',
    text(
      'Share of the predictions in the band where one constant lies in the lowest or in the highest third of its draws; those ' +
        `that move it by less than ${percent(SHOWN_FROM)} are left out. Slow and fast figures come from designs years apart: ` +
        'that is an assumption too, and no draw of it exists.',
    ),
    '',
    ...table(
      ['arm', 'constant', 'if low', 'if high'],
      moving.map(({ arm, assumption, insideIfLow, insideIfHigh }) => [
        ...[arm, `\`${assumption}\``, percent(insideIfLow), percent(insideIfHigh)],
      ]),
    ),
    '',
  ];
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)];
}

function interval(low: number, high: number): string {
  const [from, to] = [significant(low), significant(high)];
  return from === to ? from : `${from}..${to}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function text(paragraph: string): string {
  return wrap(paragraph, paragraph.startsWith('- ') ? '  ' : '');
}
