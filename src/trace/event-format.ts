import type { CallKind, LineKind } from './log-line.js';

/** What a field is, for the parser: first the hexadecimal ones, up to 64 bits. */
export const LIOBN = 0;
export const IOBA = 1;
export const TCE = 2;
export const TCE_LIST = 3;
/** `iobaN`, which is an index. */
export const LAST_INDEX = 4;
export const BUID = 5;
/** From here on decimal, with an optional minus sign. */
export const FIRST_DECIMAL = 6;
export const NPAGES = 6;
const RET = 7;

/** One ` key=value` of an event. */
export interface Field {
  /** From the space before it to the last byte before the digits. */
  readonly key: Buffer;
  readonly slot: number;
}

/** How QEMU prints one event: its name behind `spapr_iommu_` and its fields in their order. */
export interface EventFormat {
  readonly kind: LineKind;
  readonly name: Buffer;
  readonly fields: readonly Field[];
}

function field(key: string, slot: number): Field {
  return { key: Buffer.from(slot < FIRST_DECIMAL ? ` ${key}=0x` : ` ${key}=`), slot };
}

function format(kind: LineKind, name: string, ...fields: Field[]): EventFormat {
  return { kind, name: Buffer.from(name), fields };
}

const TARGET = [field('liobn', LIOBN), field('ioba', IOBA)];

/** A hypercall's events: for the LIOBNs of PCI host bridges, and for all others. */
function call(kind: CallKind, ...fields: Field[]): EventFormat[] {
  return [format(kind, `pci_${kind}`, ...TARGET, ...fields), format(kind, kind, ...TARGET, ...fields)];
}

/** Text before every name. */
export const EVENT_PREFIX = Buffer.from('spapr_iommu_');

/** The known events, frequent ones first. Of `ddw_create`, free text with commas, only `buid` is in its place. */
export const EVENTS: readonly EventFormat[] = [
  ...call('stuff', field('tcevalue', TCE), field('npages', NPAGES), field('ret', RET)),
  ...call('put', field('tce', TCE), field('ret', RET)),
  ...call(
    'indirect',
    field('tcelist', TCE_LIST),
    field('iobaN', LAST_INDEX),
    field('tceN', TCE),
    field('ret', RET),
  ),
  ...call('get', field('ret', RET), field('tce', TCE)),
  format('newTable', 'new_table', field('liobn', LIOBN)),
  format('ddwQuery', 'ddw_query'),
  format('ddwCreate', 'ddw_create', field('buid', BUID)),
  format('ddwRemove', 'ddw_remove', field('liobn', LIOBN)),
  format('ddwReset', 'ddw_reset', field('buid', BUID)),
];

/** The other fields of `ddw_create`, which may stand anywhere. */
export const DDW_PAGE_SIZE = / page size=0x([0-9a-f]{1,16})(?:[ ,\r]|$)/i;
export const DDW_REQUESTED = / requested=0x([0-9a-f]{1,16})(?:[ ,\r]|$)/i;
export const DDW_START_ADDR = / start addr=0x([0-9a-f]{1,16})(?:[ ,\r]|$)/i;
export const DDW_LIOBN = / liobn=0x([0-9a-f]{1,16})(?:[ ,\r]|$)/i;
