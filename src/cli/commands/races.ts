import { inputError } from '../../errors.js';
import { named } from '../../nearest.js';
import { REVISIONS } from '../../path/revisions/revisions.js';
import { exploreRaces } from '../../races/explore-races.js';
import { RACES } from '../../races/races.js';
import { replaySchedule } from '../../races/replay-schedule.js';
import { raceReplayText } from '../../report/race-replay-text.js';
import { racesText } from '../../report/races-text.js';
import { documentText } from '../../result/provenance.js';
import { EXIT_SAID_NO, EXIT_UNDECIDED } from '../process-end.js';
import type { SharedFlags } from '../shared-flags.js';
import { processTerminal } from '../terminal.js';
import { folderFiles, writeOutputs } from '../written-files.js';

/** The flags of `races`, as parsed. */
export interface RacesFlags extends SharedFlags {
  readonly revision?: string;
  readonly schedule?: string;
  readonly maxStates: number;
}

/** Explores races, or replays one schedule of one; prints what it found and returns the files written. */
export async function racesCommand(ids: readonly string[], flags: RacesFlags): Promise<readonly string[]> {
  const races = ids.map((id) => named(`race ${id}`, id, RACES));
  const revision =
    flags.revision === undefined
      ? undefined
      : named(`--revision ${flags.revision}`, flags.revision, REVISIONS);
  if (flags.maxStates < 1) throw inputError('--max-states 0 finds nothing', 'use 1 or more');
  const limits = { maxStates: flags.maxStates };
  const terminal = processTerminal(flags);
  if (flags.schedule !== undefined) {
    const [race, second] = races;
    if (race === undefined || second !== undefined || revision === undefined) {
      throw inputError('--schedule belongs to one race and one --revision', 'name both');
    }
    const document = replaySchedule(race, revision, parseSchedule(flags.schedule), limits);
    const written = await writeOutputs(terminal, [], await folderFiles(flags.out, 'race', document), []);
    terminal.out(flags.json === true ? documentText(document) : raceReplayText(document, terminal.style));
    return written;
  }
  const revisions = revision === undefined ? REVISIONS : [revision];
  const document = exploreRaces(races.length === 0 ? RACES : races, revisions, limits);
  const written = await writeOutputs(terminal, [], await folderFiles(flags.out, 'races', document), []);
  terminal.out(flags.json === true ? documentText(document) : racesText(document, terminal.style));
  if (document.differences > 0) process.exitCode = EXIT_SAID_NO;
  else if (document.undecided > 0) process.exitCode = EXIT_UNDECIDED;
  return written;
}

function parseSchedule(text: string): number[] {
  if (!/^\d+(,\d+)*$/.test(text)) {
    throw inputError(
      `--schedule ${text} is no list of actors`,
      'write the number of an actor for each step, as in 0,0,1',
    );
  }
  return text.split(',').map(Number);
}
