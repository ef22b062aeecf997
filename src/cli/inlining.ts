import { setFlagsFromString } from 'node:v8';

/**
 * V8's budget for inlining, in bytes of bytecode for one compiled function. The usual one cuts the chain of small
 * functions that a hypercall is; with this one a single call takes little more than half the time (npm run bench:hot),
 * and compiling takes longer, so that a short run is slower.
 *
 * @public bench/hot.ts and bench/line-rate.ts run with it.
 */
export const INLINE_MORE = '--max-inlined-bytecode-size-cumulative=5000';

/** Payload of a run, in bytes, from which on the longer compilation has paid for itself. */
const LONG_RUN_BYTES = 1e9;

/** Lets V8 inline more in a long run. Call it before the first hypercall. */
export function inlineForRunOf(payloadBytes: number): void {
  if (payloadBytes >= LONG_RUN_BYTES) setFlagsFromString(INLINE_MORE);
}
