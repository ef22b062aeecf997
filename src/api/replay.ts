import { replayLogs } from '../experiment/replay/replay.js';
import { named } from '../nearest.js';
import { REVISIONS } from '../path/revisions/revisions.js';
import { programVersion } from '../program-version.js';
import type { ReplayDocument } from '../result/replay-document.js';
import { costProfile } from '../scenario/cost-profile-file.js';
import type { WindowOverride } from '../trace/trace-window.js';

/** What a caller of {@link replay} may choose; the defaults are those of the command. */
export interface ReplayChoices {
  /** Kernel revision, by name. */
  readonly revision?: string;
  /** Cost profile, by name or JSON file. */
  readonly cost?: string;
  /** DMA windows that the log does not tell. */
  readonly windows?: readonly WindowOverride[];
  /** Guest RAM in bytes; without it: as far as the log reaches. */
  readonly ramBytes?: number;
  /** Boot ends after this line. */
  readonly bootLines?: number;
  readonly seed?: number;
  /** Draws of the costs. */
  readonly draws?: number;
  /** Whether to find out how the guest uses its DMA API. */
  readonly facts?: boolean;
}

/**
 * Replays QEMU trace logs of TCE hypercalls, plain or gzip, through every path of a kernel revision. Calls share nothing.
 *
 * @throws TcebenchError where a log cannot be read, or a name is unknown
 */
export async function replay(
  paths: string | readonly string[],
  {
    revision = 'v3',
    cost = 'power7-2013',
    windows = [],
    seed = 1,
    draws = 1000,
    ...rest
  }: ReplayChoices = {},
): Promise<ReplayDocument> {
  return replayLogs(typeof paths === 'string' ? [paths] : paths, {
    revision: named(`revision ${revision}`, revision, REVISIONS),
    profile: costProfile(cost, `cost ${cost}`),
    windows,
    seed,
    run: 1,
    draws,
    version: programVersion(),
    stdin: nothing(),
    ...rest,
  });
}

/** A program has no stdin of ours to read. */
async function* nothing(): AsyncGenerator<Uint8Array> {}
