/** What is known of a unit between its first stage and its last, one number each. */
export const OTHER_WORK_PS = 0;
export const WIRE_PS = 1;
export const PCIE_PS = 2;
export const PAYLOAD_BYTES = 3;
export const FRAMES = 4;
export const TRANSACTIONS = 5;
export const DROPPED = 6;
export const TCE_OPS = 7;
export const FAILED_HCALLS = 8;
/** From when a latency counts. */
export const READY_PS = 9;
/** When a received unit is with the processor; -1 before it has been on the wire. */
export const DELIVERED_PS = 10;
export const WIRE_WAIT_PS = 11;
export const PCIE_WAIT_PS = 12;
/** How often its calls lock a pool. */
export const LOCKS = 13;
const ENTRIES_BEGIN = 14;
const ENTRIES_END = 15;
const FIELDS = 16;

/** The units of one vCPU that are on their way, oldest first, each with the list of its calls. One thread. */
export class UnitQueue {
  #size = 0;
  #head = 0;
  #fields: Float64Array;
  readonly #capacity: number;
  #entries = new Int32Array(256);
  #entriesEnd = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#fields = new Float64Array(capacity * FIELDS);
  }

  get size(): number {
    return this.#size;
  }

  /** Opens a new unit, the youngest, all zero; its list is what is pushed next. */
  open(): void {
    const from = this.#at(this.#size) * FIELDS;
    this.#fields.fill(0, from, from + FIELDS);
    this.#fields[from + ENTRIES_BEGIN] = this.#entriesEnd;
    this.#fields[from + ENTRIES_END] = this.#entriesEnd;
    this.#size++;
  }

  /** Adds an entry to the list of the youngest unit. */
  push(entry: number): void {
    const oldest = this.#fields[this.#head * FIELDS + ENTRIES_BEGIN] as number;
    if (this.#entriesEnd - oldest === this.#entries.length) this.#grow(oldest);
    this.#entries[this.#entriesEnd & (this.#entries.length - 1)] = entry;
    this.#entriesEnd++;
    this.#fields[this.#at(this.#size - 1) * FIELDS + ENTRIES_END] = this.#entriesEnd;
  }

  /** A number of the youngest unit. */
  setYoungest(field: number, value: number): void {
    this.#fields[this.#at(this.#size - 1) * FIELDS + field] = value;
  }

  youngest(field: number): number {
    return this.#fields[this.#at(this.#size - 1) * FIELDS + field] as number;
  }

  /** A number of the oldest unit. */
  oldest(field: number): number {
    return this.#fields[this.#head * FIELDS + field] as number;
  }

  /** Where the list of the oldest unit begins and ends. */
  get begin(): number {
    return this.oldest(ENTRIES_BEGIN);
  }

  get end(): number {
    return this.oldest(ENTRIES_END);
  }

  entry(position: number): number {
    return this.#entries[position & (this.#entries.length - 1)] as number;
  }

  /** Forgets the oldest unit. */
  shift(): void {
    this.#head = this.#at(1);
    this.#size--;
  }

  #at(index: number): number {
    const at = this.#head + index;
    return at < this.#capacity ? at : at - this.#capacity;
  }

  #grow(oldest: number): void {
    const entries = new Int32Array(this.#entries.length * 2);
    for (let i = oldest; i < this.#entriesEnd; i++) entries[i & (entries.length - 1)] = this.entry(i);
    this.#entries = entries;
  }
}
