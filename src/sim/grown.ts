/** A longer copy of doubles; what is new is 0. */
export function grownDoubles(old: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(length);
  longer.set(old);
  return longer;
}

/** A longer copy of 32-bit integers; what is new is 0. */
export function grownInts(old: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(length);
  longer.set(old);
  return longer;
}
