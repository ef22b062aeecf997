/** The four hypercalls, by the words of QEMU's trace events; also the keys of `byKind` in the figures. */
export type CallKind = 'put' | 'indirect' | 'stuff' | 'get';

/** What one line of a log is; `malformed` is a known event with a field missing or unreadable. */
export type LineKind =
  | CallKind
  | 'newTable'
  | 'ddwQuery'
  | 'ddwCreate'
  | 'ddwRemove'
  | 'ddwReset'
  | 'foreign'
  | 'malformed';

/**
 * One line of a log: first as printed, then, by `decodeCall` and in place, the hypercall behind it. The one record
 * of a pass is overwritten line after line; a field means something only for the kinds named at it. Not to be kept,
 * nor shared between threads.
 *
 * 64-bit values are signed halves. `liobn` begins as NaN because engines keep a field that has been a small integer
 * in another form than one that holds 0x80000000, and would compile everything twice. Source: hw/ppc/trace-events and hw/ppc/spapr_iommu.c of QEMU.
 */
export class LogLine {
  kind: LineKind = 'foreign';
  /** 1-based number of the line. */
  line = 0;
  /** All but ddwQuery and ddwReset. Rounded above 2^53, where no LIOBN exists. */
  liobn = Number.NaN;
  /** Calls: `ioba`; ddwCreate: `start addr`. What it points at differs by event until it is decoded. */
  iobaHi = 0;
  iobaLo = 0;
  /** put, get: `tce`; indirect: `tceN`; stuff: `tcevalue`. */
  tceHi = 0;
  tceLo = 0;
  /** indirect: `tcelist`. */
  tceListHi = 0;
  tceListLo = 0;
  /** indirect: `iobaN`, an index; stuff: `npages`. */
  count = 0;
  /** Calls: the return code. */
  ret = 0;
  /** ddwCreate, ddwReset: the PCI host bridge. */
  buidHi = 0;
  buidLo = 0;
  /** ddwCreate: bytes of an IOMMU page. */
  pageBytes = 0;
  /** ddwCreate: bytes of the window, not above 0 where the line has none. */
  windowBytes = 0;

  /** Set by `decodeCall`; see `TraceCall`. */
  tceStep = 0;
  npages = 0;
  effective = 0;
  printed = 0;
}

/** Takes the known events of a log, one after the other. */
export interface LogEvents {
  /** False where the event makes no sense after all; it is then counted as malformed. */
  event(line: LogLine): boolean;
}
