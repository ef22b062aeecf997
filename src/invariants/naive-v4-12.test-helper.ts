import type {
  OperationOf,
  ScenarioConfig,
  ScenarioHcall,
  ScenarioOperation,
} from '../conform/scenario-operation.js';
import {
  hex,
  NaiveCrash,
  NaiveHost,
  type NaiveMode,
  type NaiveRegion,
  NaiveTable,
  store,
  word,
} from './naive-host.test-helper.js';
import { NaiveHandlers, type NaiveView } from './naive-v4-12-handlers.test-helper.js';
import { NaiveContainer } from './naive-vfio.test-helper.js';

const TOO_HARD = 9999;
const [ENOENT, EBADF, EBUSY, EEXIST, EINVAL] = [-2, -9, -16, -17, -22];

/**
 * Linux 4.12 by the tables of the specification and nothing else: it executes the operations of a scenario and writes
 * their outcomes in the words of the format. Slow and plain on purpose; our handlers are compared with it.
 */
export class NaiveV412 {
  readonly #host: NaiveHost;
  readonly #isRadix: boolean;
  readonly #countsPages: boolean;
  readonly #handlers: Readonly<Record<NaiveMode, NaiveHandlers>>;
  readonly #tables: NaiveTable[] = [];
  readonly #containers = new Map<number, NaiveContainer>();
  readonly #groups = new Map<number, NaiveContainer>();
  readonly #tracked = new Set<number>();
  #views: readonly NaiveView[] = [];
  #removal: { readonly container: NaiveContainer; readonly region: NaiveRegion } | null = null;

  constructor(config: ScenarioConfig) {
    this.#host = new NaiveHost(config);
    this.#isRadix = config.radix;
    this.#countsPages = config.kernel === 'v4.12+npages';
    this.#handlers = {
      real: new NaiveHandlers(this.#host, 'real', this.#countsPages),
      virtual: new NaiveHandlers(this.#host, 'virtual', this.#countsPages),
    };
  }

  /** What an operation gives; `hostFault` where the host would have crashed. */
  run(operation: ScenarioOperation): object {
    try {
      return this.#run(operation);
    } catch (error) {
      if (error instanceof NaiveCrash) return { hostFault: error.message };
      throw error;
    }
  }

  #run(operation: ScenarioOperation): object {
    const host = this.#host;
    switch (operation.op) {
      case 'config':
      case 'note':
        return {};
      case 'memslot':
        host.slots.set(BigInt(operation.gpa), { ua: BigInt(operation.ua), size: BigInt(operation.size) });
        return {};
      case 'memslotDel':
        host.slots.delete(BigInt(operation.gpa));
        return {};
      case 'userUnmap':
      case 'userRemap':
        host.mark(host.absent, BigInt(operation.ua), BigInt(operation.size), operation.op === 'userUnmap');
        return {};
      case 'rmPage':
        host.mark(host.unreachable, BigInt(operation.ua), 1n, !operation.available);
        return {};
      case 'rmView':
        for (const table of this.#tables) {
          if (table.name === operation.table && table.userspaceView !== null)
            table.isUserspaceViewReachable = operation.available;
        }
        return {};
      case 'writeGuest':
        this.#write(operation);
        return {};
      case 'createTable':
        return this.#createTable(operation);
      case 'destroyTable':
        return { ret: this.#destroyTable(word(operation.liobn)) };
      case 'container':
        this.#addContainer(operation);
        return {};
      case 'group': {
        const container = this.#containers.get(operation.container);
        if (container !== undefined) this.#groups.set(operation.group, container);
        return {};
      }
      case 'groupAdd':
      case 'groupDel':
      case 'setSpaprTce':
        return { ret: this.#onGroup(operation) };
      case 'register':
      case 'unregister':
      case 'unregisterBegin':
        return this.#onRegion(operation);
      case 'unregisterEnd':
        return this.#endRemoval();
      case 'vfioMap':
      case 'vfioUnmap':
        return { ret: this.#onContainer(operation) };
      case 'userTce': {
        const view = this.#view(word(operation.liobn));
        if (view === undefined) return { ret: EBADF };
        store(view.entries, BigInt(operation.index), word(operation.tce));
        return {};
      }
      case 'hcall':
        return this.#hcall(operation);
      case 'dump':
        return this.#dump();
      default:
        throw new Error(`the naive model knows no ${operation.op}`);
    }
  }

  #view(liobn: bigint): NaiveView | undefined {
    return this.#views.find((view) => view.liobn === liobn);
  }

  #write({ gpa, words }: OperationOf<'writeGuest'>): void {
    for (const [i, value] of words.entries()) {
      const ua = this.#host.uaOf(BigInt(gpa) + BigInt(i) * 8n);
      if (ua !== null) this.#host.words.set(ua, word(value));
    }
  }

  #createTable({ liobn, pageShift, offset, size }: OperationOf<'createTable'>): object {
    if (size === 0) return { ret: EINVAL };
    if (this.#view(word(liobn)) !== undefined) return { ret: EBUSY };
    const perPage = (1n << this.#host.pageShift) / 8n;
    const rounded = ((BigInt(size) + perPage - 1n) / perPage) * perPage;
    const place = { shift: BigInt(pageShift), offset: BigInt(offset), size: rounded };
    this.#views = [...this.#views, { liobn: word(liobn), ...place, entries: new Map(), attached: [] }];
    return { ret: 0, size: hex(rounded) };
  }

  #destroyTable(liobn: bigint): number {
    if (this.#view(liobn) === undefined) return EBADF;
    this.#views = this.#views.filter((view) => view.liobn !== liobn);
    return 0;
  }

  #addContainer({ container, tables }: OperationOf<'container'>): void {
    const made = tables.map((table) =>
      table === null
        ? null
        : new NaiveTable(
            this.#host,
            table.table,
            BigInt(table.pageShift),
            BigInt(table.offset),
            BigInt(table.size),
          ),
    );
    this.#tables.push(...made.filter((table) => table !== null));
    this.#containers.set(container, new NaiveContainer(this.#host, made, this.#countsPages));
  }

  #onGroup(operation: OperationOf<'groupAdd' | 'groupDel' | 'setSpaprTce'>): number {
    const { group } = operation;
    const container = this.#groups.get(group);
    if (container === undefined) return EBADF;
    const isTracked = this.#tracked.has(group);
    if (operation.op === 'groupAdd') {
      this.#tracked.add(group);
      return isTracked ? EEXIST : 0;
    }
    if (!isTracked) return ENOENT;
    if (operation.op === 'setSpaprTce') return this.#attach(container, word(operation.liobn));
    this.#tracked.delete(group);
    this.#detachOne(container);
    return 0;
  }

  #attach({ tables }: NaiveContainer, liobn: bigint): number {
    const view = this.#view(liobn);
    if (view === undefined) return EBADF;
    const table = tables.find(
      (candidate) =>
        candidate?.shift === view.shift && candidate.offset === view.offset && candidate.size === view.size,
    );
    if (table === undefined || table === null) return EINVAL;
    const known = view.attached.find((descriptor) => descriptor.table === table);
    if (known === undefined) view.attached = [{ table, references: 1 }, ...view.attached];
    else known.references++;
    return 0;
  }

  /** The first descriptor of any table of the group, in the guest view made last, loses a reference. */
  #detachOne({ tables }: NaiveContainer): void {
    for (const view of this.#views.toReversed()) {
      const found = view.attached.find(({ table }) => tables.includes(table));
      if (found === undefined) continue;
      found.references--;
      view.attached = view.attached.filter(({ references }) => references > 0);
      return;
    }
  }

  #endRemoval(): object {
    const removal = this.#removal;
    this.#removal = null;
    return { ret: removal?.container.endUnregister(removal.region) };
  }

  #onRegion(operation: OperationOf<'register' | 'unregister' | 'unregisterBegin'>): object {
    const container = this.#containers.get(operation.container);
    const [ua, size] = [BigInt(operation.ua), BigInt(operation.size)];
    const stands = operation.op === 'unregisterBegin';
    if (container === undefined) return stands ? { pending: false, ret: EBADF } : { ret: EBADF };
    if (operation.op === 'register') return { ret: container.register(ua, size) };
    const region = container.beginUnregister(ua, size);
    if (typeof region === 'number') return stands ? { pending: false, ret: region } : { ret: region };
    if (!stands) return { ret: container.endUnregister(region) };
    this.#removal = { container, region };
    return { pending: true };
  }

  #onContainer(operation: OperationOf<'vfioMap' | 'vfioUnmap'>): number {
    const container = this.#containers.get(operation.container);
    if (container === undefined) return EBADF;
    const iova = word(operation.iova);
    const size = BigInt(operation.size);
    if (operation.op === 'vfioUnmap') return container.unmap(iova, size);
    const permissions = (operation.read ? 1n : 0n) | (operation.write ? 2n : 0n);
    return container.map(iova, BigInt(operation.ua), size, permissions);
  }

  #hcall(hcall: ScenarioHcall): object {
    if (hcall.mode === 'virtual') return this.#inMode(hcall, 'virtual');
    const real = this.#inMode(hcall, 'real');
    if (hcall.mode === 'real') return real;
    if (real.ret !== TOO_HARD) return { ...real, handledBy: 'real' };
    // Under HV KVM virtual mode has no H_GET_TCE.
    const virtual = hcall.name === 'H_GET_TCE' ? real : this.#inMode(hcall, 'virtual');
    return { ...virtual, handledBy: virtual.ret === TOO_HARD ? 'user' : 'virtual' };
  }

  #inMode({ name, ioba, word: argument, npages, liobn }: ScenarioHcall, mode: NaiveMode): { ret: number } {
    if (this.#isRadix && mode === 'real' && name !== 'H_GET_TCE') return { ret: TOO_HARD };
    const view = this.#view(word(liobn));
    if (view === undefined) return { ret: TOO_HARD };
    const call = { ioba: word(ioba), word: word(argument), npages: BigInt(npages) };
    const handlers = this.#handlers[mode];
    if (name === 'H_PUT_TCE') return { ret: handlers.put(view, call) };
    if (name === 'H_PUT_TCE_INDIRECT') return { ret: handlers.indirect(view, call) };
    if (name === 'H_STUFF_TCE') return { ret: handlers.stuff(view, call) };
    const got = handlers.get(view, call);
    const result = { ret: 0, value: hex(BigInt(got)) };
    return typeof got === 'number' ? { ret: got } : result;
  }

  #dump(): object {
    return {
      liobns: this.#views
        .toSorted((a, b) => (a.liobn < b.liobn ? -1 : 1))
        .map(({ liobn, entries, attached }) => ({
          liobn: hex(liobn),
          entries: sorted(entries),
          attached: attached.map(({ table, references }) => [table.name, references]),
        })),
      tables: this.#tables.map(({ name, hardware, userspaceView, exchanges }) => ({
        table: name,
        hw: sorted(hardware),
        ua: userspaceView === null ? null : sorted(userspaceView),
        xchg: exchanges.virtual,
        xchgRm: exchanges.real,
      })),
      regions: this.#host.regions
        .toSorted((a, b) => (a.ua < b.ua ? -1 : 1))
        .map(({ ua, size, used, mapped }) => ({
          ua: hex(ua),
          size: hex(size),
          used: Number(used),
          mapped: Number(mapped),
        })),
      dirty: [...this.#host.dirty].sort((a, b) => (a < b ? -1 : 1)).map(hex),
    };
  }
}

function sorted(entries: ReadonlyMap<bigint, bigint>): readonly (readonly [string, string])[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([index, value]) => [hex(index), hex(value)]);
}
