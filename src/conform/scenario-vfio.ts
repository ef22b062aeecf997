import { inputError } from '../errors.js';
import { EBADF, EBUSY, EINVAL } from '../host/errno.js';
import type { GuestView } from '../host/guest-view.js';
import type { Host } from '../host/host.js';
import { type IommuPlatform, POWERNV } from '../host/iommu-platform.js';
import type { IommuTable } from '../host/iommu-table.js';
import { KvmVfioDevice } from '../host/kvm-vfio-device.js';
import type { MemoryRegion } from '../host/memory-region.js';
import { modelledWindow } from '../host/modelled-window.js';
import { leafShiftOf, levelsOfUserspace } from '../host/table-levels.js';
import { VfioContainer } from '../host/vfio-container.js';
import { VfioGroup } from '../host/vfio-group.js';
import type { DmaWindow } from '../papr/dma-window.js';
import { TCE_READ, TCE_WRITE } from '../papr/tce.js';
import type { Revision } from '../path/revisions/revision.js';
import type { CountedTable } from './counted-table.js';
import { hex } from './scenario-dump.js';
import type { OperationOf, ScenarioTable } from './scenario-operation.js';
import { type IoctlResult, NOTHING } from './scenario-result.js';

/** The operations on containers and groups. */
export type VfioOperation = OperationOf<
  | 'container'
  | 'enable'
  | 'disable'
  | 'containerClose'
  | 'register'
  | 'unregister'
  | 'unregisterBegin'
  | 'vfioMap'
  | 'vfioUnmap'
  | 'tceCreate'
  | 'tceRemove'
  | 'tceRemoveBegin'
  | 'group'
  | 'attachGroup'
  | 'detachGroup'
>;

/** The operations on the KVM-VFIO device. */
export type DeviceOperation = OperationOf<
  'groupAdd' | 'groupDel' | 'setSpaprTce' | 'deviceCreate' | 'deviceClose'
>;

/** A removal that stands still until its end. */
type Removal =
  | { readonly endsBy: 'unregisterEnd'; readonly container: VfioContainer; readonly region: MemoryRegion }
  | { readonly endsBy: 'tceRemoveEnd'; readonly container: VfioContainer; readonly table: IommuTable };

/** What VFIO and the KVM-VFIO device keep for a scenario. An id that does not exist stands for a bad file descriptor. */
export class ScenarioVfio {
  /** Every hardware table ever made, in the order of their making. */
  readonly tables: CountedTable[] = [];
  readonly #host: Host;
  readonly #revision: Revision;
  readonly #tableClass: typeof CountedTable;
  readonly #platform: IommuPlatform;
  readonly #containers = new Map<number, VfioContainer>();
  readonly #groups = new Map<number, VfioGroup>();
  #device: KvmVfioDevice | null;
  #removal: Removal | null = null;

  /** `tableClass` makes the hardware tables. */
  constructor(host: Host, revision: Revision, tableClass: typeof CountedTable) {
    this.#host = host;
    this.#revision = revision;
    this.#tableClass = tableClass;
    this.#platform = {
      ...POWERNV,
      newTable: (_, name, window, leafShift) => this.#newTable(name, window, leafShift),
    };
    this.#device = new KvmVfioDevice(host, revision.attach);
  }

  /** Every group, by rising id. */
  get groups(): readonly VfioGroup[] {
    return [...this.#groups.values()].sort((a, b) => a.id - b.id);
  }

  /** Executes an operation on a container or a group. */
  run(operation: VfioOperation): IoctlResult {
    if (this.#removal?.endsBy === 'tceRemoveEnd') {
      throw inputError(`${operation.op} while the removal of a window is pending`, 'tceRemoveEnd ends it');
    }
    switch (operation.op) {
      case 'container':
        return this.#addContainer(operation.container, operation.tables);
      case 'group':
        return this.#addGroup(operation);
      case 'attachGroup':
        return this.#attachGroup(operation);
      case 'detachGroup':
        return { ret: this.#detachGroup(operation.group) };
      case 'unregisterBegin':
        return this.#beginUnregister(operation);
      case 'tceRemoveBegin':
        return this.#beginRemove(operation);
      case 'containerClose':
        return this.#closeContainer(operation.container);
      case 'tceCreate':
        return this.#createWindow(operation);
      default:
        return { ret: this.#runIoctl(operation) };
    }
  }

  /** Executes an operation on the KVM-VFIO device; `view` is what the LIOBN of `setSpaprTce` names. */
  runOnDevice(operation: DeviceOperation, view: GuestView | null): number {
    const device = this.#device;
    if (operation.op === 'deviceCreate') {
      if (device !== null) return -EBUSY;
      this.#device = new KvmVfioDevice(this.#host, this.#revision.attach);
      return 0;
    }
    if (device === null) return -EBADF;
    if (operation.op === 'deviceClose') {
      device.close();
      this.#device = null;
      return 0;
    }
    const group = this.#groups.get(operation.group);
    if (group === undefined) return -EBADF;
    if (operation.op === 'groupAdd') return device.groupAdd(group);
    return operation.op === 'groupDel' ? device.groupDel(group) : device.setSpaprTce(group, view);
  }

  /** Lets a removal go on to its end. */
  endRemoval(op: Removal['endsBy']): IoctlResult {
    const removal = this.#removal;
    if (removal?.endsBy !== op) throw inputError(`${op} without a pending removal`);
    this.#removal = null;
    if (removal.endsBy === 'unregisterEnd') removal.container.endUnregister(removal.region);
    else removal.container.endRemoveWindow(removal.table);
    return { ret: 0 };
  }

  #newTable(name: string, window: DmaWindow, leafShift: number | undefined): CountedTable {
    const table = new this.#tableClass(name, window, this.#host.pages, this.#host.buffers, leafShift);
    this.tables.push(table);
    return table;
  }

  #givenTable(table: ScenarioTable): CountedTable {
    const window = modelledWindow(table);
    const { pageShift } = this.#host.pages;
    const levels = levelsOfUserspace(window.size, pageShift);
    return this.#newTable(table.table, window, leafShiftOf(window, levels, pageShift, this.#revision.vfio));
  }

  #addContainer(id: number, tables: readonly (ScenarioTable | null)[]): IoctlResult {
    if (this.#containers.has(id)) throw inputError(`a second container ${id}`);
    const made = tables.map((table) => (table === null ? null : this.#givenTable(table)));
    this.#containers.set(id, new VfioContainer(this.#host, made, this.#revision.vfio, this.#platform));
    return NOTHING;
  }

  #addGroup({ group: id, container: owner }: OperationOf<'group'>): IoctlResult {
    const container = this.#containers.get(owner);
    if (container === undefined) throw inputError(`group ${id} in container ${owner}, which is not there`);
    if (this.#groups.has(id)) throw inputError(`a second group ${id}`);
    const group = new VfioGroup(id);
    this.#groups.set(id, group);
    container.attachGroup(group);
    return NOTHING;
  }

  #attachGroup({ group: id, container: owner, defaultWindow }: OperationOf<'attachGroup'>): IoctlResult {
    const known = this.#groups.get(id);
    if (known !== undefined && defaultWindow !== null) {
      throw inputError(
        `a second default window of group ${id}`,
        'only its first attachGroup can give it one',
      );
    }
    const window = defaultWindow === null ? null : { name: defaultWindow.table, bytes: defaultWindow.size };
    const group = known ?? new VfioGroup(id, window);
    this.#groups.set(id, group);
    return { ret: this.#containers.get(owner)?.attachGroup(group) ?? -EBADF };
  }

  #detachGroup(id: number): number {
    const group = this.#groups.get(id);
    if (group === undefined) return -EBADF;
    const containers = [...this.#containers.values()];
    return containers.some((container) => container.detachGroup(group) === 0) ? 0 : -EINVAL;
  }

  #closeContainer(id: number): IoctlResult {
    if (this.#removal !== null) throw inputError('containerClose while a removal is pending');
    const container = this.#containers.get(id);
    if (container === undefined) return { ret: -EBADF };
    this.#containers.delete(id);
    const regionsKept = container.close();
    return regionsKept === 0 ? { ret: 0 } : { ret: 0, regionsKept };
  }

  #createWindow({ container, table, pageShift, size, levels }: OperationOf<'tceCreate'>): IoctlResult {
    const request = { pageShift, bytes: size, levels };
    const start = this.#containers.get(container)?.createWindow(table, request) ?? -EBADF;
    return start < 0 ? { ret: start } : { ret: 0, start: hex(start) };
  }

  #runIoctl(
    operation: OperationOf<
      'enable' | 'disable' | 'register' | 'unregister' | 'vfioMap' | 'vfioUnmap' | 'tceRemove'
    >,
  ): number {
    const container = this.#containers.get(operation.container);
    if (container === undefined) return -EBADF;
    switch (operation.op) {
      case 'enable':
        return container.enable();
      case 'disable':
        return container.disable();
      case 'register':
        return container.registerMemory(operation.ua, operation.size);
      case 'unregister':
        return container.unregisterMemory(operation.ua, operation.size);
      case 'tceRemove':
        return container.removeWindow(operation.start.hi, operation.start.lo);
      case 'vfioUnmap':
        return container.unmapDma(operation.iova.hi, operation.iova.lo, operation.size);
      case 'vfioMap': {
        const { iova, ua, size, read, write } = operation;
        return container.mapDma(iova.hi, iova.lo, ua, size, (read ? TCE_READ : 0) | (write ? TCE_WRITE : 0));
      }
    }
  }

  #beginUnregister({ container: id, ua, size }: OperationOf<'unregisterBegin'>): IoctlResult {
    if (this.#removal !== null) throw inputError('a second removal while one is pending');
    const container = this.#containers.get(id);
    if (container === undefined) return { pending: false, ret: -EBADF };
    const { result, region } = container.beginUnregister(ua, size);
    if (region === null) return { pending: false, ret: result };
    this.#removal = { endsBy: 'unregisterEnd', container, region };
    return { pending: true };
  }

  #beginRemove({ container: id, start }: OperationOf<'tceRemoveBegin'>): IoctlResult {
    if (this.#removal !== null) throw inputError('a second removal while one is pending');
    const container = this.#containers.get(id);
    if (container === undefined) return { pending: false, ret: -EBADF };
    const { result, table } = container.beginRemoveWindow(start.hi, start.lo);
    if (table === null) return { pending: false, ret: result };
    this.#removal = { endsBy: 'tceRemoveEnd', container, table };
    return { pending: true };
  }
}
