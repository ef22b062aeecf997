import { inputError } from '../../errors.js';
import type { Survey } from '../../trace/survey.js';

/** More guest memory than any machine has had; an address beyond it is no RAM. */
export const MAX_RAM_BYTES = 2 ** 43;

/**
 * Guest RAM of a log: as stated, or as far as its pages and lists reach; `name` is the log's, for errors.
 *
 * @throws TcebenchError where it reaches further than what is stated, or than any guest's memory
 */
export function logRam({ guestBytes, guestBytesLine }: Survey, name: string, stated?: number): number {
  const place = `${name}:${guestBytesLine}`;
  if (stated !== undefined && stated < guestBytes) {
    throw inputError(
      `${place}: uses guest memory up to 0x${guestBytes.toString(16)}, more than --ram`,
      'raise it',
    );
  }
  if (stated === undefined && guestBytes > MAX_RAM_BYTES) {
    throw inputError(
      `${place}: maps a page at 0x${guestBytes.toString(16)}, beyond any guest's memory`,
      'mend or remove the line',
    );
  }
  return stated ?? guestBytes;
}
