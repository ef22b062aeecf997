import { inputError } from '../errors.js';
import { DmaWindow } from '../papr/dma-window.js';

/** What a window is taken to be where a log does not tell: QEMU's default for a PCI host bridge. */
export const DEFAULT_WINDOW_BYTES = 2 ** 30;

/** 512 GiB of 4 KiB pages, 8 TiB of 64 KiB pages: more would not fit into memory as tables. */
const MAX_ENTRIES = 2 ** 27;

/** A window as the user states it. Wins over what the log says. */
export interface WindowOverride {
  readonly liobn: number;
  /** First I/O bus address; exact above 2^53 too, being a multiple of the page. */
  readonly start: number;
  readonly bytes: number;
  readonly pageShift: number;
}

/**
 * A window that tables can be made for.
 *
 * @param what the window's owner, as messages begin
 * @throws TcebenchError where it has too many entries
 */
export function checkedWindow(what: string, pageShift: number, offset: number, size: number): DmaWindow {
  if (size > MAX_ENTRIES || !Number.isSafeInteger(offset)) {
    throw inputError(
      `${what}: a window of ${size} pages of ${2 ** pageShift} bytes is more than can be replayed`,
      'state it as LIOBN=START:BYTES:SHIFT with --window, or remove what reaches so far',
    );
  }
  return new DmaWindow(pageShift, offset, size);
}

/** @throws TcebenchError where what the user states is no window */
export function checkOverride(override: WindowOverride): void {
  const { liobn, start, bytes, pageShift } = override;
  const what = `window of LIOBN 0x${liobn.toString(16)}`;
  if (!Number.isInteger(pageShift) || pageShift < 12 || pageShift > 31) {
    throw inputError(`${what}: page shift ${pageShift} is outside 12..31`);
  }
  const pageBytes = 2 ** pageShift;
  if (!(start >= 0 && start < 2 ** 64 && start % pageBytes === 0)) {
    throw inputError(`${what}: start ${start} is no multiple of the page of ${pageBytes} bytes`);
  }
  if (!(bytes > 0 && bytes % pageBytes === 0)) {
    throw inputError(`${what}: ${bytes} bytes are no whole number of pages of ${pageBytes} bytes`);
  }
  checkedWindow(what, pageShift, start / pageBytes, bytes / pageBytes);
}
