/**
 * Just enough of an assembler for a WebAssembly module of a few functions on one imported shared memory: the text of
 * a function is a list of {@link WASM} opcodes and operands. Numbering of the sections and opcodes: the WebAssembly
 * core specification, chapter "Binary Format", and the threads proposal for what begins with 0xfe.
 */

/** Opcodes; memory instructions carry their alignment and an offset of 0, so only operands of the others follow. */
export const WASM = {
  loop: [0x03, 0x40],
  ifThen: [0x04, 0x40],
  end: [0x0b],
  brIf: [0x0d],
  return: [0x0f],
  localGet: [0x20],
  localTee: [0x22],
  globalGet: [0x23],
  i64Store: [0x37, 3, 0],
  i32Const: [0x41],
  i64Const: [0x42],
  i32Eqz: [0x45],
  i32Eq: [0x46],
  i32Ne: [0x47],
  i32Add: [0x6a],
  i32Sub: [0x6b],
  i32Shl: [0x74],
  i64Or: [0x84],
  i64Shl: [0x86],
  i32WrapI64: [0xa7],
  i64ExtendI32U: [0xad],
  i32AtomicLoad: [0xfe, 0x10, 2, 0],
  i64AtomicExchange: [0xfe, 0x42, 3, 0],
  i32AtomicCompareExchange: [0xfe, 0x48, 2, 0],
} as const;

/** Types of values. */
export const I32 = 0x7f;
export const I64 = 0x7e;

/** A function of 32-bit parameters, exported by its name. Operands are single bytes: 0 to 63. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: number;
  readonly hasResult: boolean;
  /** Types of its locals, numbered after the parameters. */
  readonly locals: readonly number[];
  readonly code: readonly (number | readonly number[])[];
}

const HEADER = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const TYPES = 1;
const IMPORTS = 2;
const FUNCTIONS = 3;
const EXPORTS = 7;
const CODE = 10;
const FUNCTION_TYPE = 0x60;
const MEMORY_IMPORT = 2;
const GLOBAL_IMPORT = 3;
const SHARED_WITH_MAXIMUM = 3;
const IMMUTABLE = 0;
const END = 0x0b;

/**
 * The bytes of a module that imports a shared memory of up to `maxPages` pages as `host.memory` and an immutable
 * 32-bit global, number 0, as `host.global`.
 */
export function assembleModule(
  functions: readonly WasmFunction[],
  maxPages: number,
): Uint8Array<ArrayBuffer> {
  const memory = [MEMORY_IMPORT, SHARED_WITH_MAXIMUM, ...unsigned(0), ...unsigned(maxPages)];
  const global = [GLOBAL_IMPORT, I32, IMMUTABLE];
  return new Uint8Array([
    ...HEADER,
    ...section(TYPES, functions.map(typeOf)),
    ...section(IMPORTS, [
      [...text('host'), ...text('memory'), ...memory],
      [...text('host'), ...text('global'), ...global],
    ]),
    ...section(
      FUNCTIONS,
      functions.map((_, i) => unsigned(i)),
    ),
    ...section(
      EXPORTS,
      functions.map(({ name }, i) => [...text(name), 0, ...unsigned(i)]),
    ),
    ...section(CODE, functions.map(bodyOf)),
  ]);
}

function section(id: number, items: readonly (readonly number[])[]): readonly number[] {
  return [id, ...sized([...unsigned(items.length), ...items.flat()])];
}

function typeOf({ parameters, hasResult }: WasmFunction): readonly number[] {
  const types = new Array<number>(parameters).fill(I32);
  return [FUNCTION_TYPE, ...unsigned(parameters), ...types, ...(hasResult ? [1, I32] : [0])];
}

function bodyOf({ locals, code }: WasmFunction): readonly number[] {
  const declared = locals.flatMap((type) => [1, type]);
  return sized([...unsigned(locals.length), ...declared, ...code.flat(), END]);
}

function sized(bytes: readonly number[]): readonly number[] {
  return [...unsigned(bytes.length), ...bytes];
}

function text(name: string): readonly number[] {
  return sized([...name].map((letter) => letter.charCodeAt(0)));
}

/** Unsigned LEB128. */
function unsigned(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}
