import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { scenarioInput } from '../cli/scenario-input.js';
import { readCompared } from '../compare/read-compared.js';
import { readSamples } from '../compare/read-samples.js';
import { checkScenario } from '../conform/scenario-check.js';
import { COST_PROFILES } from '../cost/profiles/profiles.js';
import { inputError } from '../errors.js';
import { costsFromTrace } from '../experiment/from-log/cost-from-trace.js';
import { hashOf } from '../experiment/sweep/plan.js';
import { parsePlan } from '../experiment/sweep/plan-file.js';
import { parseVary } from '../experiment/sweep/vary.js';
import { linesOf } from '../input-text.js';
import { REVISIONS } from '../path/revisions/revisions.js';
import { documentText } from '../result/provenance.js';
import { readDocument } from '../result/read-document.js';
import type { SweepPlan } from '../result/sweep-document.js';
import { parseCostProfile } from '../scenario/cost-profile-file.js';
import { resolveScenario } from '../scenario/load-scenario.js';
import { nicProfile } from '../scenario/nic-file.js';
import { TraceFigures } from '../trace/figures.js';
import { readFtraceHcalls } from '../trace/ftrace-hcalls.js';
import { inflate, isGzip } from '../trace/inflate.js';
import { LogTraits } from '../trace/log-traits.js';
import { PcapScanner } from '../trace/pcap.js';
import { parsePhases } from '../trace/phases.js';
import { replayLog } from '../trace/replay.js';
import { surveyLog } from '../trace/survey.js';
import { TraceLog } from '../trace/trace-log.js';
import { parseBitsPerSec, parseBytes, parseBytesPerSec, parseNs } from '../units.js';
import { type FuzzedReader, NAME } from './fuzz.test-helper.js';
import { mutationsOf } from './mutations.test-helper.js';
import * as seeds from './seeds.test-helper.js';

/** Larger tables are made by the explicit cases only: memory of a hundred thousand of them would be all there is. */
const MAX_ENTRIES = 2 ** 20;
const UNSIGNED_PLAN: Omit<SweepPlan, 'hash'> = {
  schema: 'tcebench.plan/1',
  version: '0.1.0',
  name: 'x',
  base: { run: { draws: 20 } },
  axes: [{ key: 'nic.mtu', values: [1500, 9000] }],
  mode: 'cartesian',
  jobs: 2,
  files: [],
};
const PLAN = { ...UNSIGNED_PLAN, hash: hashOf(UNSIGNED_PLAN) };

/** In memory where there is such a place: to open a file of a disk takes longer than most of these inputs. */
const PLACE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
let folder = '';

/** A file that holds the input, under the one name. */
function file(input: Buffer, suffix = '.json'): string {
  folder ||= mkdtempSync(join(PLACE, 'tcebench-fuzz-'));
  const path = join(folder, `${NAME}${suffix}`);
  writeFileSync(path, input);
  return path;
}

/** Takes the files of all inputs away. */
export function removeFiles(): void {
  if (folder !== '') rmSync(folder, { recursive: true });
  folder = '';
}

/** In pieces of uneven length, each overwritten by the next as a file's are. */
async function* inPieces(input: Buffer): AsyncGenerator<Buffer> {
  const piece = Buffer.alloc(97);
  for (let at = 0; at < input.length; at += piece.length) {
    yield piece.subarray(0, input.copy(piece, 0, at, at + piece.length));
  }
}

async function readLog(input: Buffer): Promise<void> {
  const path = file(input, '.log');
  const log = await TraceLog.open(path, inPieces(input));
  try {
    const survey = await surveyLog(log);
    if (survey.tables.reduce((sum, { window }) => sum + window.size, 0) > MAX_ENTRIES) return;
    const figures = new TraceFigures(survey, null);
    const traits = new LogTraits({ name: 'all', lineFrom: 1, lineTo: survey.lines });
    await replayLog(log, survey, [figures, traits]);
    traits.finish();
    documentText(figures.figures);
  } finally {
    await log.close();
  }
}

async function readGzip(input: Buffer): Promise<void> {
  if (!isGzip(input)) return;
  let bytes = 0;
  try {
    await inflate(inPieces(input), (chunk) => {
      bytes += chunk.length;
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_') !== true) throw error;
    throw inputError(`${NAME}: corrupt after ${bytes} bytes`);
  }
}

function readTrace(input: Buffer): void {
  const [base] = COST_PROFILES;
  if (base === undefined) return;
  const { profile } = costsFromTrace(readFtraceHcalls(linesOf(input.toString())), base, 'traced', NAME);
  parseCostProfile(documentText(profile), NAME);
}

function readCapture(input: Buffer): void {
  const scanner = new PcapScanner(NAME);
  for (let at = 0; at < input.length; at += 13) scanner.push(input.subarray(at, at + 13));
  scanner.end(false);
}

function readSetting(input: Buffer): void {
  const { value } = scenarioInput('claim', { set: [input.toString()] } as never);
  resolveScenario(value, NAME);
}

/** Errors that name what the user wrote on the command line need no file. */
function named(read: (input: Buffer) => unknown): (input: Buffer) => unknown {
  return (input) => {
    try {
      read(input);
    } catch (error) {
      if (
        error instanceof Error &&
        error.name === 'TcebenchError' &&
        /^--(?:set|vary) /.test(error.message)
      ) {
        throw inputError(`${NAME}: ${error.message}`);
      }
      throw error;
    }
  };
}

/** Every reader of something that comes from outside. */
export const READERS: readonly FuzzedReader[] = [
  { name: 'QEMU log', inputs: mutationsOf(seeds.LOGS), read: readLog },
  {
    name: 'QEMU log, gzip',
    inputs: mutationsOf(seeds.LOGS.map((log) => gzipSync(log))),
    read: readLog,
  },
  { name: 'gzip', inputs: mutationsOf(seeds.LOGS.map((log) => gzipSync(log))), read: readGzip },
  {
    name: 'phases file',
    inputs: mutationsOf(seeds.PHASES),
    read: (input) => parsePhases(NAME, input.toString()),
  },
  { name: 'ftrace', inputs: mutationsOf(seeds.TRACES), read: readTrace },
  { name: 'pcap', inputs: mutationsOf(seeds.CAPTURES), read: readCapture },
  {
    name: 'scenario vectors',
    inputs: mutationsOf(seeds.SCENARIO_VECTORS),
    read: (input) => checkScenario(input.toString(), NAME, REVISIONS),
  },
  {
    name: 'scenario',
    inputs: mutationsOf(seeds.SCENARIOS),
    read: (input) => {
      const { value, place } = scenarioInput(file(input), { set: [] } as never);
      resolveScenario(value, place);
    },
  },
  { name: '--set', inputs: mutationsOf(seeds.SETTINGS), read: named(readSetting) },
  { name: '--vary', inputs: mutationsOf(seeds.AXES), read: named((input) => parseVary(input.toString())) },
  { name: 'card', inputs: mutationsOf(seeds.CARDS), read: (input) => nicProfile(file(input), NAME) },
  {
    name: 'cost profile',
    inputs: mutationsOf(seeds.COSTS),
    read: (input) => parseCostProfile(input.toString(), NAME),
  },
  {
    name: 'result document',
    inputs: mutationsOf(seeds.DOCUMENTS),
    read: (input) => readCompared(input.toString(), NAME),
  },
  {
    name: 'document of a report',
    inputs: mutationsOf(seeds.DOCUMENTS),
    read: (input) => readDocument(input.toString(), NAME),
  },
  {
    name: 'raw CSV',
    inputs: mutationsOf(seeds.SAMPLES),
    read: (input) => {
      readSamples(input.toString(), 'tcebench.run/1');
      readSamples(input.toString(), 'tcebench.measure/1');
    },
  },
  {
    name: 'plan of a sweep',
    inputs: mutationsOf([JSON.stringify(PLAN)]),
    read: (input) => parsePlan(input.toString(), NAME),
  },
  {
    name: 'quantities',
    inputs: fc.oneof(
      mutationsOf(seeds.QUANTITIES),
      fc.string().map((text) => Buffer.from(text)),
    ),
    read: (input) => {
      for (const parse of [parseBytes, parseNs, parseBitsPerSec]) {
        try {
          parse(input.toString(), NAME);
        } catch (error) {
          if (!(error instanceof Error) || error.name !== 'TcebenchError') throw error;
        }
      }
      parseBytesPerSec(input.toString(), NAME);
    },
  },
];
