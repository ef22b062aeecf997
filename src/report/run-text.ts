import { acknowledgementText } from '../result/acknowledgement-text.js';
import type { ArmResult, Comparison, RunDocument } from '../result/run-document.js';
import { formatMegabytesPerSec, formatNs, MB, significant } from '../units.js';
import { claimText } from './claim-text.js';
import { band, rate, ratios } from './claim-words.js';
import type { Painter } from './painter.js';
import { ratioText } from './ratio-text.js';
import { scenarioField } from './scenario-field.js';
import { left, right, textTable } from './text-table.js';
import { wrap } from './wrap.js';

const BAR_CELLS = 20;

/** The line rate that is not worth a word: the claim's. */
const USUAL_GIGABITS = 10;

/** What binds, in a column's width. */
const BOUNDS: Readonly<Record<ArmResult['boundBy'], string>> = {
  wire: 'wire',
  pcie: 'PCIe',
  bql: 'big lock',
  'iova-lock': 'IOVA lock',
  smt: 'siblings',
  vcpu: 'vCPU',
  arrivals: 'arrivals',
};

/** A modelled run for the terminal; its last line is the answer. */
export function runText(document: RunDocument, paint: Painter): string {
  const lines = [
    `${paint('bold', 'Modelled clock')}: seed ${scenarioField(document, 'run', 'seed')}, costs ${document.cost.profile} (${document.cost.title})`,
    wrap(setUp(document), ''),
    '',
    armTable(document, paint),
    ...waitingTable(document),
    ...speedUpLine(document),
    ...bootLine(document),
    ...(document.claim === null ? [claimLine(document)] : ['', claimText(document.claim, paint)]),
    ...document.warnings.map((warning) => `${paint('yellow', 'note')} ${wrap(warning, '     ')}`),
    '',
    paint('bold', runAnswer(document)),
    '',
  ];
  return lines.join('\n');
}

function setUp(document: RunDocument): string {
  const page = Number(scenarioField(document, 'guest', 'pageSize')) / 1024;
  const vcpus = scenarioField(document, 'guest', 'vcpus');
  const segmentsPerAck = Number(scenarioField(document, 'traffic', 'segmentsPerAck'));
  const gigabits = Number(scenarioField(document, 'link', 'bitsPerSec')) / 1e9;
  return (
    `${scenarioField(document, 'nic', 'profile')}, ${gigabits === USUAL_GIGABITS ? '' : `${significant(gigabits)} Gb/s, `}` +
    `${vcpus === '1' ? 'one vCPU' : `${vcpus} vCPUs`}, ${trafficText(document)}, ` +
    `MTU ${scenarioField(document, 'nic', 'mtu')}, ${page}K guest pages, ${acknowledgementText(segmentsPerAck)}; ` +
    `kernel revision ${scenarioField(document, 'host', 'revision')}. MB is 10^6 bytes of payload.`
  );
}

function trafficText(document: RunDocument): string {
  const given = (key: string) => scenarioField(document, 'traffic', key);
  const flows = given('flows');
  const connections = flows === 'undefined' || flows === '1' ? '' : `, ${flows} connections`;
  if (given('workload') === 'rr') return `TCP requests and responses${connections}`;
  const direction = document.arms[0]?.direction;
  if (direction === 'rx') return `TCP receive stream${connections}`;
  const what = direction === 'both' ? 'TCP streams both ways' : 'TCP transmit stream';
  return `${what}${connections}, ${scenarioField(document, 'nic', 'offload')}`;
}

function armTable(document: RunDocument, paint: Painter): string {
  const rows = document.arms.map((arm) => [
    arm.id,
    significant(arm.rateBytesPerSec / MB),
    `${significant(arm.rateLow / MB)} .. ${significant(arm.rateHigh / MB)}`,
    bar(arm, document.wireBytesPerSec, paint),
    significant(arm.hcallsPerMB),
    significant(arm.exitsPerMB),
    arm.hcallP50Ns === null ? '-' : formatNs(arm.hcallP50Ns),
    BOUNDS[arm.boundBy],
    `${arm.endedIn.real}/${arm.endedIn.virtual}/${arm.endedIn.userspace}`,
  ]);
  return textTable(
    [
      left('arm'),
      right('MB/s'),
      right('5 % .. 95 %'),
      left(`0 .. wire ${significant(document.wireBytesPerSec / MB)}`),
      right('hcalls/MB'),
      right('QEMU/MB'),
      right('call p50'),
      left('bound'),
      right('calls real/virt/user'),
    ],
    rows,
  );
}

/** Transactions and latencies, where the traffic has any. */
function waitingTable({ arms }: RunDocument): string[] {
  if (
    arms.every(({ latencyP50Ns, transactionsPerSec }) => latencyP50Ns === null && transactionsPerSec === null)
  ) {
    return [];
  }
  const orNone = (value: number | null, text: (value: number) => string) =>
    value === null ? '-' : text(value);
  const rows = arms.map((arm) => [
    arm.id,
    orNone(arm.transactionsPerSec, significant),
    orNone(arm.latencyP50Ns, formatNs),
    orNone(arm.latencyP99Ns, formatNs),
    ...[significant(arm.packetsPerSec), BOUNDS[arm.boundBy]],
    arm.resources.map(({ id, utilisation }) => `${id} ${(utilisation * 100).toFixed(0)} %`).join(', '),
  ]);
  const titles = ['transactions/s', 'latency p50', 'p99', 'packets/s'].map(right);
  return [textTable([left('arm'), ...titles, left('bound'), left('busy')], rows)];
}

/** Solid up to the low end of the interval, dark up to the rate itself, light up to the high end. */
function bar(arm: ArmResult, wire: number, paint: Painter): string {
  const cells = (rate: number) => Math.round((Math.min(rate, wire) / wire) * BAR_CELLS);
  const low = cells(arm.rateLow);
  const middle = Math.max(low, cells(arm.rateBytesPerSec));
  const high = Math.max(middle, cells(arm.rateHigh));
  const bars = '█'.repeat(low) + '▓'.repeat(middle - low) + '░'.repeat(high - middle);
  return `${paint('green', bars)}${' '.repeat(BAR_CELLS - high)}`;
}

function claimLine({ claimNumbers }: RunDocument): string {
  const { slow, fast } = claimNumbers;
  return `The claim says ${rate(slow)} -> ${band(fast)} MB/s, ${ratios(claimNumbers)}. No constant is fitted to it.`;
}

/** What the paths gain over user space, batching apart. */
function speedUpLine({ comparisons }: RunDocument): string[] {
  const texts = comparisons
    .filter(({ slow, fast }) => slow.endsWith('userspace') && fast.endsWith('real'))
    .map((comparison) => `${comparison.slow} -> ${comparison.fast} ${ratioText(comparison)}`);
  return texts.length === 0 ? [] : [wrap(`Modelled speed-ups, 90 % of the draws: ${texts.join('; ')}.`)];
}

/** What the guest did at boot, where it cleared its window. */
function bootLine(document: RunDocument): string[] {
  if (scenarioField(document, 'guest', 'bootClear') !== 'true') return [];
  const texts = document.arms.map(
    ({ id, boot: { hcalls, tceOps, modelledNs } }) =>
      `${id} ${hcalls} hypercalls, ${tceOps} entries, ${formatNs(modelledNs)}`,
  );
  return [wrap(`At boot, apart from the rates: ${texts.join('; ')}.`)];
}

/** What the card loses, in one sentence, from whichever arms were run. */
export function runAnswer(document: RunDocument): string {
  const pair =
    findPair(document, 'single-userspace', 'single-real') ??
    findPair(document, 'multi-userspace', 'multi-real') ??
    findPair(document, 'single-userspace', 'single-virtual') ??
    findPair(document, 'multi-userspace', 'multi-virtual');
  if (pair === undefined) {
    return document.arms
      .map(({ id, rateBytesPerSec }) => `${id} carries ${formatMegabytesPerSec(rateBytesPerSec)}`)
      .join('; ');
  }
  const { slow, fast, comparison } = pair;
  const rates = [fast, slow].map(({ rateBytesPerSec }) => significant(rateBytesPerSec / MB)).join(' -> ');
  const { ratioLow, ratioHigh } = comparison;
  // Never a negative zero, where both arms are as fast but for the last bit.
  const lost = [ratioLow, ratioHigh]
    .map((bound) => (Math.round((1 - 1 / bound) * 100) || 0).toFixed(0))
    .join('..');
  return `Modelled: leaving the fast path costs this card ${lost} % of its throughput; ${rates} MB/s, ${ratioText(comparison)}`;
}

function findPair(
  { arms, comparisons }: RunDocument,
  slowId: string,
  fastId: string,
): { slow: ArmResult; fast: ArmResult; comparison: Comparison } | undefined {
  const slow = arms.find(({ id }) => id === slowId);
  const fast = arms.find(({ id }) => id === fastId);
  const comparison = comparisons.find((candidate) => candidate.slow === slowId && candidate.fast === fastId);
  if (slow === undefined || fast === undefined || comparison === undefined) return undefined;
  return { slow, fast, comparison };
}
