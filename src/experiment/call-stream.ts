import { inputError } from '../errors.js';
import { named } from '../nearest.js';
import type { CallStream } from '../papr/call-stream.js';
import type { ResolvedScenario } from '../scenario/load-scenario.js';
import { type Phase, phasesBeside } from '../trace/phases.js';
import type { LineRange } from '../trace/range-snapshots.js';
import { Recording } from '../trace/recording.js';
import { replayLog } from '../trace/replay.js';
import { StreamRecorder } from '../trace/stream-recorder.js';
import { surveyLog } from '../trace/survey.js';
import { TraceLog } from '../trace/trace-log.js';
import { runArm } from './arm-run.js';
import { recordableArm } from './recordable-arm.js';
import { logRam } from './replay/log-ram.js';

/**
 * Calls of a stream at most: more than twice as often round as a window of 1 GiB hands out an address again, and few
 * enough that the slowest exit comes round in a fraction of a second.
 */
const MAX_CALLS = 16_384;

const AFTER_BOOT = 'after boot';

/** A stream, and what its user should know of it. */
export interface FoundStream {
  readonly stream: CallStream;
  /** Where it came from, for a reader of the result. */
  readonly source: string;
  readonly notes: readonly string[];
}

/**
 * The calls of a log after boot, or of one phase of it.
 *
 * @throws TcebenchError where the log cannot be read, has no such phase or no call there
 */
export async function streamFromLog(
  path: string,
  phase: string | undefined,
  stdin: AsyncIterable<Uint8Array>,
): Promise<FoundStream> {
  const phases = await phasesBeside(path);
  const known = (phases ?? []).map((one) => ({ ...one, id: one.name }));
  const chosen = phase === undefined ? null : named(`--phase ${phase}`, phase, known);
  const { stream, notes, warnings } = await streamOfLines(path, chosen, stdin, phases);
  return { stream, source: `${path}, ${chosen?.name ?? AFTER_BOOT}`, notes: [...warnings, ...notes] };
}

/** The calls that the card of a scenario makes; the scenario must leave one arm. */
export async function streamFromScenario(resolved: ResolvedScenario, name: string): Promise<FoundStream> {
  const pieces: Uint8Array[] = [];
  const recording = new Recording((bytes) => pieces.push(new Uint8Array(bytes)));
  const arm = recordableArm(resolved);
  runArm(arm, resolved, recording);
  async function* recorded() {
    yield* pieces;
  }
  const { stream, notes } = await streamOfLines('-', null, recorded());
  return { stream, notes, source: `${name}, ${arm.id} of ${resolved.nic.id}` };
}

async function streamOfLines(
  path: string,
  lines: LineRange | null,
  stdin: AsyncIterable<Uint8Array>,
  phases: readonly Phase[] | null = null,
): Promise<Omit<FoundStream, 'source'> & { readonly warnings: readonly string[] }> {
  const log = await TraceLog.open(path, stdin);
  try {
    const survey = await surveyLog(log, { phases });
    const ramBytes = logRam(survey, log.name);
    const afterBoot = { name: AFTER_BOOT, lineFrom: survey.bootEnd.line + 1, lineTo: survey.lines };
    const range = lines ?? afterBoot;
    const recorder = new StreamRecorder(range, MAX_CALLS);
    await replayLog(log, survey, [recorder]);
    if (recorder.logged === 0) {
      throw inputError(`${log.name}: no call to measure in ${range.name}`, 'choose another phase or log');
    }
    const stream = recorder.build(ramBytes);
    return { stream, notes: notesOf(recorder, stream), warnings: survey.warnings };
  } finally {
    await log.close();
  }
}

function notesOf({ logged, refused, beyond }: StreamRecorder, { calls }: CallStream): string[] {
  const notes: string[] = [];
  if (calls > logged)
    notes.push(`${calls - logged} calls clear what is mapped at the end, so that the stream can go round`);
  if (refused > 0) notes.push(`${refused} calls that the log says were refused are left out`);
  if (beyond > 0) notes.push(`only the first ${logged} calls are measured, ${beyond} more are left out`);
  return notes;
}
