import type { MachineSpec, MachineWindow } from '../path/machine.js';
import type { ExitKind } from '../result/measure-document.js';

/** What one arm measures; plain data, sent to the arm's worker. */
export interface ArmSpec {
  readonly id: string;
  readonly path: 'userspace' | 'real';
  readonly multiTce: boolean;
  readonly exit: ExitKind;
  /** Entries of one map, and of the unmap that follows it. */
  readonly tcesPerMap: number;
  /** Maps and unmaps timed together: one where each call is long, else as many as take 10 us and more. */
  readonly mapsPerSample: number;
}

/** TCEs of a whole 64 KiB page, the unit of a card's receive buffers on a 64K guest. */
const TCES_OF_A_PAGE = 16;

/**
 * The arms of the first measurement: the same handlers called directly and across a blocking hand-over to a
 * userspace thread. `userspace` without an exit is the handler's own work, so the difference is the hand-over.
 */
export const MEASURED_ARMS: readonly ArmSpec[] = [
  arm('single-real', 'real', false, 'none'),
  arm('single-userspace/none', 'userspace', false, 'none'),
  arm('single-userspace/block', 'userspace', false, 'block'),
  arm('multi-real', 'real', true, 'none'),
  arm('multi-userspace/none', 'userspace', true, 'none'),
  arm('multi-userspace/block', 'userspace', true, 'block'),
];

function arm(id: string, path: 'userspace' | 'real', multiTce: boolean, exit: ExitKind): ArmSpec {
  const tcesPerMap = multiTce ? TCES_OF_A_PAGE : 1;
  const mapsPerSample = exit === 'block' ? 1 : 256 / tcesPerMap;
  return { id, path, multiTce, exit, tcesPerMap, mapsPerSample };
}

/** Where the arm's guest keeps its TCE list. */
export const LIST_GPA = 0x10000;

export const LIOBN = 0x80000000;

/** The machine of an arm: the default 1 GiB window of 4K pages and 256 MiB of RAM. */
export function machineOf(spec: ArmSpec): MachineSpec & { readonly windows: readonly MachineWindow[] } {
  return {
    ramBytes: 2 ** 28,
    windows: [{ liobn: LIOBN, pageShift: 12, offset: 0, size: 2 ** 18 }],
    path: spec.path,
    listPages: [LIST_GPA],
  };
}
