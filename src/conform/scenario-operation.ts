import type { Word } from './scenario-fields.js';

/** A table of a scenario: its name or LIOBN stands beside it. */
export interface ScenarioWindow {
  readonly pageShift: number;
  readonly offset: number;
  readonly size: number;
}

/** A hardware table of a container. */
export interface ScenarioTable extends ScenarioWindow {
  readonly table: string;
}

/** The window that the platform makes for a group; its page size and place are given. */
export interface ScenarioDefaultWindow {
  readonly table: string;
  /** Bytes. */
  readonly size: number;
}

/** A range of user memory in bytes. */
export interface UserRange {
  readonly ua: number;
  readonly size: number;
}

/** A range of user memory as a container registers it. */
interface RegionOfContainer extends UserRange {
  readonly container: number;
}

/** The hypercalls by name. */
export const HCALLS = ['H_PUT_TCE', 'H_PUT_TCE_INDIRECT', 'H_STUFF_TCE', 'H_GET_TCE'] as const;
/** The modes of a hypercall by name. */
export const MODES = ['real', 'virtual', 'auto'] as const;

/** Which handlers a hypercall goes through; `auto` is real mode, then virtual mode. */
export type ScenarioMode = (typeof MODES)[number];

/** A hypercall. `word` is the TCE, the value of H_STUFF_TCE, or the list's address. */
export interface ScenarioHcall {
  readonly op: 'hcall';
  readonly name: (typeof HCALLS)[number];
  readonly mode: ScenarioMode;
  readonly liobn: Word;
  readonly ioba: Word;
  readonly word: Word;
  readonly npages: number;
}

/** The first line of a scenario: the kernel and its host. */
export interface ScenarioConfig {
  readonly op: 'config';
  readonly kernel: string;
  readonly hostPageShift: number;
  readonly backingShift: number;
  readonly radix: boolean;
}

/** One operation for each name, all with the same fields. */
type Each<Op extends string, Fields = unknown> = Op extends string ? { readonly op: Op } & Fields : never;

/** Every operation of format 1, its numbers read; the last ones are this project's own. */
export type ScenarioOperation =
  | ScenarioConfig
  | ScenarioHcall
  | { readonly op: 'note'; readonly text: string }
  | { readonly op: 'dump' | 'unregisterEnd' }
  | ({ readonly op: 'memslot'; readonly gpa: number } & UserRange)
  | { readonly op: 'memslotDel'; readonly gpa: number }
  | ({ readonly op: 'userUnmap' | 'userRemap' } & UserRange)
  | { readonly op: 'rmPage'; readonly ua: number; readonly available: boolean }
  | { readonly op: 'rmView'; readonly table: string; readonly available: boolean }
  | { readonly op: 'writeGuest'; readonly gpa: number; readonly words: readonly Word[] }
  | ({ readonly op: 'register' } & RegionOfContainer)
  | ({ readonly op: 'unregister' } & RegionOfContainer)
  | ({ readonly op: 'unregisterBegin' } & RegionOfContainer)
  | ({ readonly op: 'createTable'; readonly liobn: Word } & ScenarioWindow)
  | { readonly op: 'destroyTable'; readonly liobn: Word }
  | {
      readonly op: 'container';
      readonly container: number;
      readonly tables: readonly (ScenarioTable | null)[];
    }
  | { readonly op: 'group'; readonly group: number; readonly container: number }
  | { readonly op: 'groupAdd'; readonly group: number }
  | { readonly op: 'groupDel'; readonly group: number }
  | { readonly op: 'setSpaprTce'; readonly group: number; readonly liobn: Word }
  | { readonly op: 'userTce'; readonly liobn: Word; readonly index: number; readonly tce: Word }
  | ({
      readonly op: 'vfioMap';
      readonly container: number;
      readonly iova: Word;
      readonly read: boolean;
      readonly write: boolean;
    } & UserRange)
  | { readonly op: 'vfioUnmap'; readonly container: number; readonly iova: Word; readonly size: number }
  | { readonly op: 'lockLimit'; readonly size: number }
  | { readonly op: 'rmRegion'; readonly ua: number; readonly available: boolean }
  | {
      readonly op: 'attachGroup';
      readonly group: number;
      readonly container: number;
      readonly defaultWindow: ScenarioDefaultWindow | null;
    }
  | { readonly op: 'detachGroup'; readonly group: number }
  | Each<'enable' | 'disable' | 'containerClose', { readonly container: number }>
  | {
      readonly op: 'tceCreate';
      readonly container: number;
      readonly table: string;
      readonly pageShift: number;
      readonly size: number;
      readonly levels: number;
    }
  | Each<'tceRemove' | 'tceRemoveBegin', { readonly container: number; readonly start: Word }>
  | Each<'tceRemoveEnd' | 'deviceCreate' | 'deviceClose' | 'references'>;

/** The operations of some names. */
export type OperationOf<Op extends ScenarioOperation['op']> = Extract<ScenarioOperation, { readonly op: Op }>;
