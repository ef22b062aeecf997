import type { Word } from '../conform/scenario-fields.js';
import type { ScenarioConfig } from '../conform/scenario-operation.js';

const ARENA_START = 0x2000_0000_0000n;
const ARENA_END = 0x2010_0000_0000n;
const UA_TO_HPA = 0x300a_5500_0000n;

/** The host would have crashed. */
export class NaiveCrash extends Error {}

/** Which handlers run: with the MMU off or on. */
export type NaiveMode = 'real' | 'virtual';

/** A preregistered region. */
export interface NaiveRegion {
  readonly ua: bigint;
  readonly size: bigint;
  used: bigint;
  mapped: bigint;
}

/** Memory of a host by the rules of the specification, in the largest words and the plainest containers. */
export class NaiveHost {
  readonly slots = new Map<bigint, { readonly ua: bigint; readonly size: bigint }>();
  readonly words = new Map<bigint, bigint>();
  readonly dirty = new Set<bigint>();
  readonly absent = new Set<bigint>();
  readonly unreachable = new Set<bigint>();
  regions: readonly NaiveRegion[] = [];
  readonly pageShift: bigint;
  readonly backingShift: bigint;

  constructor({ hostPageShift, backingShift }: ScenarioConfig) {
    this.pageShift = BigInt(hostPageShift);
    this.backingShift = BigInt(backingShift);
  }

  uaOf(gpa: bigint): bigint | null {
    for (const [start, { ua, size }] of this.slots) {
      if (gpa >= start && gpa < start + size) return gpa - start + ua;
    }
    return null;
  }

  lookup(ua: bigint, bytes: bigint): NaiveRegion | undefined {
    return this.regions.find((region) => region.ua <= ua && ua + bytes <= region.ua + region.size);
  }

  exactly(ua: bigint, size: bigint): NaiveRegion | undefined {
    return this.regions.find((region) => region.ua === ua && region.size === size);
  }

  overlaps(ua: bigint, size: bigint): boolean {
    return this.regions.some((region) => ua < region.ua + region.size && region.ua < ua + size);
  }

  pageOf(ua: bigint): bigint {
    return (ua >> this.pageShift) << this.pageShift;
  }

  isPresent(ua: bigint, bytes: bigint): boolean {
    if (ua < ARENA_START || ua + bytes > ARENA_END) return false;
    for (let page = this.pageOf(ua); page < ua + bytes; page += 1n << this.pageShift) {
      if (this.absent.has(page)) return false;
    }
    return true;
  }

  mark(set: Set<bigint>, ua: bigint, bytes: bigint, isIn: boolean): void {
    for (let page = this.pageOf(ua); page < ua + bytes; page += 1n << this.pageShift) {
      if (isIn) set.add(page);
      else set.delete(page);
    }
  }
}

/** A hardware table with its userspace view. */
export class NaiveTable {
  readonly hardware = new Map<bigint, bigint>();
  userspaceView: Map<bigint, bigint> | null = null;
  isUserspaceViewReachable = true;
  readonly exchanges = { real: 0, virtual: 0 };
  readonly host: NaiveHost;
  readonly name: string;
  readonly shift: bigint;
  readonly offset: bigint;
  readonly size: bigint;

  constructor(host: NaiveHost, name: string, shift: bigint, offset: bigint, size: bigint) {
    this.host = host;
    this.name = name;
    this.shift = shift;
    this.offset = offset;
    this.size = size;
  }

  get pageBytes(): bigint {
    return 1n << this.shift;
  }

  /** The old word, or null where real mode could not do it and put it back. */
  exchange(entry: bigint, ua: bigint | null, permissions: bigint, mode: NaiveMode): bigint | null {
    const { host } = this;
    const hpa = ua === null ? 0n : ua ^ UA_TO_HPA;
    if (entry < 0n || entry >= this.size || hpa % this.pageBytes !== 0n) throw new NaiveCrash(this.name);
    const old = this.hardware.get(entry) ?? 0n;
    this.exchanges[mode]++;
    if ((old & 2n) !== 0n) {
      const page = host.pageOf((old & ~3n) ^ UA_TO_HPA);
      if (mode === 'real' && host.unreachable.has(page)) {
        this.exchanges[mode]++;
        return null;
      }
      host.dirty.add(page);
    }
    store(this.hardware, entry, hpa | permissions | ((permissions & 2n) >> 1n));
    return old;
  }

  /** Puts back what {@link exchange} took. */
  restore(entry: bigint, old: bigint, mode: NaiveMode): void {
    this.exchanges[mode]++;
    store(this.hardware, entry, old);
  }
}

/** Zero is the absence of an entry. */
export function store(entries: Map<bigint, bigint>, entry: bigint, word: bigint): void {
  if (word === 0n) entries.delete(entry);
  else entries.set(entry, word);
}

/** The number that two halves stand for. */
export function word({ hi, lo }: Word): bigint {
  return (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);
}

/** A number as scenarios write it. */
export function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
