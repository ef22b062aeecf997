import { joinWord } from '../papr/tce.js';
import type { ScenarioFields, Word } from './scenario-fields.js';

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

/** A range of user memory in bytes. */
interface UserRange {
  readonly ua: number;
  readonly size: number;
}

/** A range of user memory as a container registers it. */
interface RegionOfContainer extends UserRange {
  readonly container: number;
}

const HCALLS = ['H_PUT_TCE', 'H_PUT_TCE_INDIRECT', 'H_STUFF_TCE', 'H_GET_TCE'] as const;
const MODES = ['real', 'virtual', 'auto'] as const;

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

/** Every operation of format 1, its numbers read. */
export type ScenarioOperation =
  | ScenarioConfig
  | ScenarioHcall
  | { readonly op: 'note' | 'dump' | 'unregisterEnd' }
  | ({ readonly op: 'memslot'; readonly gpa: number } & UserRange)
  | { readonly op: 'memslotDel'; readonly gpa: number }
  | ({ readonly op: 'userUnmap' | 'userRemap' } & UserRange)
  | { readonly op: 'rmPage'; readonly ua: number; readonly available: boolean }
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
  | { readonly op: 'vfioUnmap'; readonly container: number; readonly iova: Word; readonly size: number };

const MAX_ID = 2 ** 31 - 1;
const MAX_FILL_WORDS = 2 ** 20;
const MAX_HALF = 2 ** 32 - 1;
const NO_WORD: Word = { hi: 0, lo: 0 };

/** The operations of some names. */
export type OperationOf<Op extends ScenarioOperation['op']> = Extract<ScenarioOperation, { readonly op: Op }>;

type Reader = (fields: ScenarioFields) => ScenarioOperation;

const READERS: Readonly<Record<ScenarioOperation['op'], Reader>> = {
  config: readConfig,
  note: (fields) => {
    fields.text('text');
    return { op: 'note' };
  },
  dump: () => ({ op: 'dump' }),
  unregisterEnd: () => ({ op: 'unregisterEnd' }),
  memslot: (fields) => ({ op: 'memslot', gpa: fields.quantity('gpa'), ...userRange(fields) }),
  memslotDel: (fields) => ({ op: 'memslotDel', gpa: fields.quantity('gpa') }),
  userUnmap: (fields) => ({ op: 'userUnmap', ...userRange(fields) }),
  userRemap: (fields) => ({ op: 'userRemap', ...userRange(fields) }),
  rmPage: (fields) => ({ op: 'rmPage', ua: fields.quantity('ua'), available: fields.flag('available') }),
  writeGuest: readWriteGuest,
  register: (fields) => ({ op: 'register', ...container(fields), ...userRange(fields) }),
  unregister: (fields) => ({ op: 'unregister', ...container(fields), ...userRange(fields) }),
  unregisterBegin: (fields) => ({ op: 'unregisterBegin', ...container(fields), ...userRange(fields) }),
  createTable: (fields) => ({ op: 'createTable', liobn: fields.word('liobn'), ...window(fields) }),
  destroyTable: (fields) => ({ op: 'destroyTable', liobn: fields.word('liobn') }),
  container: (fields) => ({ op: 'container', ...container(fields), tables: readTables(fields) }),
  group: (fields) => ({ op: 'group', ...group(fields), ...container(fields) }),
  groupAdd: (fields) => ({ op: 'groupAdd', ...group(fields) }),
  groupDel: (fields) => ({ op: 'groupDel', ...group(fields) }),
  setSpaprTce: (fields) => ({ op: 'setSpaprTce', ...group(fields), liobn: fields.word('liobn') }),
  hcall: readHcall,
  userTce: (fields) => ({
    op: 'userTce',
    liobn: fields.word('liobn'),
    index: fields.quantity('index'),
    tce: fields.word('tce'),
  }),
  vfioMap: (fields) => ({
    op: 'vfioMap',
    ...container(fields),
    iova: fields.word('iova'),
    ...userRange(fields),
    read: fields.flag('read'),
    write: fields.flag('write'),
  }),
  vfioUnmap: (fields) => ({
    op: 'vfioUnmap',
    ...container(fields),
    iova: fields.word('iova'),
    size: fields.quantity('size'),
  }),
};

/** The name of every operation. */
const OPERATIONS = Object.keys(READERS) as readonly ScenarioOperation['op'][];

/** Reads one operation; `expect` is left to the caller, who ends the fields. */
export function readOperation(fields: ScenarioFields): ScenarioOperation {
  return READERS[fields.choice('op', OPERATIONS)](fields);
}

function readConfig(fields: ScenarioFields): ScenarioConfig {
  fields.integer('format', 1, 1);
  const hostPageShift = fields.integer('hostPageShift', 12, 16);
  return {
    op: 'config',
    kernel: fields.text('kernel'),
    hostPageShift,
    backingShift: fields.has('backingShift')
      ? fields.integer('backingShift', hostPageShift, 30)
      : hostPageShift,
    radix: fields.has('radix') && fields.flag('radix'),
  };
}

/** The third field of a hypercall, if it has one. */
const HCALL_WORDS = {
  H_PUT_TCE: 'tce',
  H_PUT_TCE_INDIRECT: 'tceList',
  H_STUFF_TCE: 'tceValue',
  H_GET_TCE: null,
} as const;

function readHcall(fields: ScenarioFields): ScenarioHcall {
  const name = fields.choice('name', HCALLS);
  const wordKey = HCALL_WORDS[name];
  const hasPages = name === 'H_PUT_TCE_INDIRECT' || name === 'H_STUFF_TCE';
  const npages = hasPages ? fields.word('npages') : NO_WORD;
  return {
    op: 'hcall',
    name,
    mode: fields.choice('mode', MODES),
    liobn: fields.word('liobn'),
    ioba: fields.word('ioba'),
    word: wordKey === null ? NO_WORD : fields.word(wordKey),
    // Rounded where it is above 2^53: no table is so large.
    npages: joinWord(npages.hi, npages.lo),
  };
}

function readWriteGuest(fields: ScenarioFields): ScenarioOperation {
  const gpa = fields.quantity('gpa');
  if (gpa % 8 !== 0) throw fields.error('gpa must be a multiple of 8');
  const words = fields.has('fill') ? fillWords(fields.object('fill')) : fields.words('words');
  return { op: 'writeGuest', gpa, words };
}

/** Words that rise by a step, modulo 2^64. */
function fillWords(fields: ScenarioFields): readonly Word[] {
  const step = fields.word('step');
  const count = fields.integer('count', 0, MAX_FILL_WORDS);
  let word = fields.word('base');
  fields.end();
  const words: Word[] = [];
  for (let i = 0; i < count; i++) {
    words.push(word);
    const low = (word.lo >>> 0) + (step.lo >>> 0);
    word = { hi: (word.hi + step.hi + (low > MAX_HALF ? 1 : 0)) | 0, lo: low | 0 };
  }
  return words;
}

function readTables(fields: ScenarioFields): readonly (ScenarioTable | null)[] {
  return fields.objects('tables', 2).map((table) => {
    if (table === null) return null;
    const read = { table: table.text('table'), ...window(table) };
    table.end();
    if (read.size === 0) throw table.error('size must be at least 0x1');
    return read;
  });
}

function window(fields: ScenarioFields): ScenarioWindow {
  return {
    pageShift: fields.integer('pageShift', 12, 31),
    offset: fields.quantity('offset'),
    size: fields.quantity('size'),
  };
}

function userRange(fields: ScenarioFields): UserRange {
  return { ua: fields.quantity('ua'), size: fields.quantity('size') };
}

function container(fields: ScenarioFields): { readonly container: number } {
  return { container: fields.integer('container', 0, MAX_ID) };
}

function group(fields: ScenarioFields): { readonly group: number } {
  return { group: fields.integer('group', 0, MAX_ID) };
}
