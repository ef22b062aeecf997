import { assert } from '../errors.js';
import { assembleModule, I32, I64, WASM, type WasmFunction } from './wasm-assembler.js';

/** Pages of 64 KiB that one memory may have: all that 32-bit addresses reach. */
export const MAX_MEMORY_PAGES = 2 ** 16;

/** A shared WebAssembly.Memory: may be sent to another thread. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

/**
 * Atomic operations on one shared memory, for any number of threads, each with its own object. All of them are
 * sequentially consistent (the only order that WebAssembly's atomics and JavaScript's have), so every thread sees all
 * exchanges of all words in one order.
 */
export interface SharedWords {
  /**
   * Exchanges the 64-bit word `index` (8 bytes each, from the start of the memory): the low half of the old word,
   * which stands as a whole in {@link old}.
   */
  exchange(index: number, hi: number, lo: number): number;
  /** Adds 1 to the 32-bit word at a byte address unless it is 0: 1 if it did, else 0. */
  increaseUnlessZero(address: number): number;
  /** Takes 1 from the 32-bit word at a byte address unless it is 1. */
  decreaseUnlessOne(address: number): void;
  /** The word that this thread's last {@link exchange} took out: low half, high half. No other thread writes it. */
  readonly old: Int32Array<SharedArrayBuffer>;
}

/** The part of the global WebAssembly that is used here; the types of Node's version 20 do not have it. */
interface WasmApi {
  readonly Memory: new (descriptor: { initial: number; maximum: number; shared: true }) => SharedMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Omit<SharedWords, 'old'> };
}

const wasm = (globalThis as unknown as { readonly WebAssembly: WasmApi }).WebAssembly;

/** Word 0 of a memory: how many threads have their {@link SharedWords} on it. */
const THREADS = 0;
/** One line for the word above, one for the old word of each thread: no two threads write to one line of a cache. */
const LINE_BYTES = 128;
const PAGE_BYTES = 2 ** 16;
const MAX_THREADS = PAGE_BYTES / LINE_BYTES - 1;

/** The first byte of a memory that is free for its users. */
export const FIRST_FREE_BYTE = PAGE_BYTES;

const INDEX = 0;
const HI = 1;
const LO = 2;
const OLD_WORD = 3;
const ADDRESS = 0;
const COUNT = 1;
/** The global: where this thread's old word stands. */
const OLD_ADDRESS = 0;
const OUTER_LOOP = 0;

/** memory[index] = hi:lo in one step, what was there to this thread's own line and its low half to the caller. */
const EXCHANGE: WasmFunction = {
  name: 'exchange',
  parameters: 3,
  hasResult: true,
  locals: [I64],
  code: [
    ...[WASM.globalGet, OLD_ADDRESS],
    ...[WASM.localGet, INDEX, WASM.i32Const, 3, WASM.i32Shl],
    ...[WASM.localGet, HI, WASM.i64ExtendI32U, WASM.i64Const, 32, WASM.i64Shl],
    ...[WASM.localGet, LO, WASM.i64ExtendI32U, WASM.i64Or],
    ...[WASM.i64AtomicExchange, WASM.localTee, OLD_WORD, WASM.i64Store],
    ...[WASM.localGet, OLD_WORD, WASM.i32WrapI64],
  ],
};

/** Another thread may change the count between the look at it and the exchange: then once more. */
const INCREASE_UNLESS_ZERO: WasmFunction = {
  name: 'increaseUnlessZero',
  parameters: 1,
  hasResult: true,
  locals: [I32],
  code: [
    WASM.loop,
    ...[WASM.localGet, ADDRESS, WASM.i32AtomicLoad, WASM.localTee, COUNT],
    ...[WASM.i32Eqz, WASM.ifThen, WASM.i32Const, 0, WASM.return, WASM.end],
    ...[WASM.localGet, ADDRESS, WASM.localGet, COUNT],
    ...[WASM.localGet, COUNT, WASM.i32Const, 1, WASM.i32Add, WASM.i32AtomicCompareExchange],
    ...[WASM.localGet, COUNT, WASM.i32Ne, WASM.brIf, OUTER_LOOP],
    WASM.end,
    ...[WASM.i32Const, 1],
  ],
};

const DECREASE_UNLESS_ONE: WasmFunction = {
  name: 'decreaseUnlessOne',
  parameters: 1,
  hasResult: false,
  locals: [I32],
  code: [
    WASM.loop,
    ...[WASM.localGet, ADDRESS, WASM.i32AtomicLoad, WASM.localTee, COUNT],
    ...[WASM.i32Const, 1, WASM.i32Eq, WASM.ifThen, WASM.return, WASM.end],
    ...[WASM.localGet, ADDRESS, WASM.localGet, COUNT],
    ...[WASM.localGet, COUNT, WASM.i32Const, 1, WASM.i32Sub, WASM.i32AtomicCompareExchange],
    ...[WASM.localGet, COUNT, WASM.i32Ne, WASM.brIf, OUTER_LOOP],
    WASM.end,
  ],
};

/** A new memory, all zero; untouched pages cost nothing. */
export function newSharedMemory(): SharedMemory {
  const [firstByte] = new Uint8Array(new Uint32Array([1]).buffer);
  assert(firstByte === 1, 'WebAssembly and JavaScript see a word alike on little-endian machines only');
  return new wasm.Memory({ initial: FIRST_FREE_BYTE / PAGE_BYTES, maximum: MAX_MEMORY_PAGES, shared: true });
}

/** This thread's atomic operations on a memory; each call takes one of its places for threads for good. */
export function sharedWordsOn(memory: SharedMemory): SharedWords {
  const thread = Atomics.add(new Int32Array(memory.buffer), THREADS, 1);
  if (thread >= MAX_THREADS) throw new RangeError(`more than ${MAX_THREADS} threads on one shared memory`);
  const address = (thread + 1) * LINE_BYTES;
  const module = new wasm.Module(
    assembleModule([EXCHANGE, INCREASE_UNLESS_ZERO, DECREASE_UNLESS_ONE], MAX_MEMORY_PAGES),
  );
  const { exports } = new wasm.Instance(module, { host: { memory, global: address } });
  const { exchange, increaseUnlessZero, decreaseUnlessOne } = exports;
  return {
    exchange,
    increaseUnlessZero,
    decreaseUnlessOne,
    old: new Int32Array(memory.buffer, address, 2),
  };
}
