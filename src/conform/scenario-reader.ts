import { joinWord } from '../papr/tce.js';
import type { ScenarioFields, Word } from './scenario-fields.js';
import {
  HCALLS,
  MODES,
  type ScenarioConfig,
  type ScenarioDefaultWindow,
  type ScenarioHcall,
  type ScenarioOperation,
  type ScenarioTable,
  type ScenarioWindow,
  type UserRange,
} from './scenario-operation.js';

const MAX_ID = 2 ** 31 - 1;
const MAX_PAGE_SHIFT = 63;
const MAX_LEVELS = 63;
const MAX_FILL_WORDS = 2 ** 20;
const MAX_HALF = 2 ** 32 - 1;
const NO_WORD: Word = { hi: 0, lo: 0 };

type Reader = (fields: ScenarioFields) => ScenarioOperation;

const READERS: Readonly<Record<ScenarioOperation['op'], Reader>> = {
  config: readConfig,
  note: (fields) => ({ op: 'note', text: fields.text('text') }),
  dump: () => ({ op: 'dump' }),
  unregisterEnd: () => ({ op: 'unregisterEnd' }),
  memslot: (fields) => ({ op: 'memslot', gpa: fields.quantity('gpa'), ...userRange(fields) }),
  memslotDel: (fields) => ({ op: 'memslotDel', gpa: fields.quantity('gpa') }),
  userUnmap: (fields) => ({ op: 'userUnmap', ...userRange(fields) }),
  userRemap: (fields) => ({ op: 'userRemap', ...userRange(fields) }),
  rmPage: (fields) => ({ op: 'rmPage', ua: fields.quantity('ua'), available: fields.flag('available') }),
  rmRegion: (fields) => ({ op: 'rmRegion', ua: fields.quantity('ua'), available: fields.flag('available') }),
  rmView: (fields) => ({ op: 'rmView', table: fields.text('table'), available: fields.flag('available') }),
  writeGuest: readWriteGuest,
  register: (fields) => ({ op: 'register', ...container(fields), ...userRange(fields) }),
  unregister: (fields) => ({ op: 'unregister', ...container(fields), ...userRange(fields) }),
  unregisterBegin: (fields) => ({ op: 'unregisterBegin', ...container(fields), ...userRange(fields) }),
  createTable: (fields) => ({
    op: 'createTable',
    liobn: fields.word('liobn'),
    // Which page sizes a guest view may have is the kernel's affair.
    ...window(fields, 0, MAX_PAGE_SHIFT),
  }),
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
  lockLimit: (fields) => ({ op: 'lockLimit', size: fields.quantity('size') }),
  attachGroup: (fields) => ({
    op: 'attachGroup',
    ...group(fields),
    ...container(fields),
    defaultWindow: fields.has('defaultWindow') ? readDefaultWindow(fields.object('defaultWindow')) : null,
  }),
  detachGroup: (fields) => ({ op: 'detachGroup', ...group(fields) }),
  enable: (fields) => ({ op: 'enable', ...container(fields) }),
  disable: (fields) => ({ op: 'disable', ...container(fields) }),
  containerClose: (fields) => ({ op: 'containerClose', ...container(fields) }),
  tceCreate: (fields) => ({
    op: 'tceCreate',
    ...container(fields),
    table: fields.text('table'),
    pageShift: fields.integer('pageShift', 0, MAX_PAGE_SHIFT),
    size: fields.quantity('size'),
    levels: fields.has('levels') ? fields.integer('levels', 0, MAX_LEVELS) : 1,
  }),
  tceRemove: (fields) => ({ op: 'tceRemove', ...container(fields), start: fields.word('start') }),
  tceRemoveBegin: (fields) => ({ op: 'tceRemoveBegin', ...container(fields), start: fields.word('start') }),
  tceRemoveEnd: () => ({ op: 'tceRemoveEnd' }),
  deviceCreate: () => ({ op: 'deviceCreate' }),
  deviceClose: () => ({ op: 'deviceClose' }),
  references: () => ({ op: 'references' }),
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

function readDefaultWindow(fields: ScenarioFields): ScenarioDefaultWindow {
  const read = { table: fields.text('table'), size: fields.quantity('size') };
  fields.end();
  return read;
}

function readTables(fields: ScenarioFields): readonly (ScenarioTable | null)[] {
  return fields.objects('tables', 2).map((table) => {
    if (table === null) return null;
    const read = { table: table.text('table'), ...window(table, 12, 31) };
    table.end();
    if (read.size === 0) throw table.error('size must be at least 0x1');
    return read;
  });
}

function window(fields: ScenarioFields, leastShift: number, mostShift: number): ScenarioWindow {
  return {
    pageShift: fields.integer('pageShift', leastShift, mostShift),
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
