import type { GuestView } from '../host/guest-view.js';
import type { Host } from '../host/host.js';
import type { IommuTable } from '../host/iommu-table.js';
import type { VfioContainer } from '../host/vfio-container.js';
import type { VfioGroup } from '../host/vfio-group.js';
import type { Stepper } from './stepper.js';

/** What keeps a hardware table alive, or follows it. */
interface TableKeepers {
  readonly host: Host;
  readonly table: IommuTable;
  readonly container: VfioContainer;
  readonly group: VfioGroup;
  readonly guestView: GuestView;
  /** Becomes true when the table is freed. */
  isTableFreed: boolean;
}

/**
 * Makes what keeps a hardware table alive a step: the slot of the group that names it, its references, the descriptors
 * of the guest view. The emptying of the slots and the freeing are one step: the ioctl that does both holds a lock, and
 * who has read the slot before is a step behind already.
 */
export function instrumentReferences(stepper: Stepper, keepers: TableKeepers): void {
  const { container, group, guestView, host, table } = keepers;
  const { hardwareTables } = host;
  instrumentSlot(stepper, keepers);
  const get = hardwareTables.get.bind(hardwareTables);
  hardwareTables.get = (kept) =>
    stepper.change(
      'table get',
      0,
      () => get(kept),
      () => `iommu_table_get: references ${table.references - 1} -> ${table.references}`,
    );
  const getUnlessDying = hardwareTables.getUnlessDying.bind(hardwareTables);
  hardwareTables.getUnlessDying = (kept) =>
    stepper.step(
      'table get',
      0,
      () => getUnlessDying(kept),
      (isAlive) =>
        isAlive
          ? `iommu_tce_table_get: references ${table.references - 1} -> ${table.references}`
          : 'iommu_tce_table_get: refused, the table is being freed',
    );
  const drop = hardwareTables.drop.bind(hardwareTables);
  hardwareTables.drop = (kept) => {
    stepper.step(
      'table put',
      0,
      () => {
        drop(kept);
        // Whoever gives a reference back learns whether it was the last, and acts on it later.
        return kept.references === 0;
      },
      () => `put the table: references ${table.references + 1} -> ${table.references}`,
    );
  };
  const free = hardwareTables.free.bind(hardwareTables);
  hardwareTables.free = (freed) => {
    free(freed);
    keepers.isTableFreed = true;
  };
  const freeUserspaceView = table.freeUserspaceView.bind(table);
  table.freeUserspaceView = () =>
    stepper.change('userspace view free', 0, freeUserspaceView, () => 'free it_userspace');
  const attach = guestView.attach.bind(guestView);
  guestView.attach = (attached, owner, holdsGroups) =>
    stepper.change(
      'attach',
      group.id,
      () => attach(attached, owner, holdsGroups),
      () => 'attach the table to the guest view',
    );
  instrumentEnd(stepper, container);
}

function instrumentSlot(stepper: Stepper, { group, table }: TableKeepers): void {
  const tables = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(group), 'tables');
  const slots = () => tables?.get?.call(group) as typeof group.tables;
  Object.defineProperty(group, 'tables', {
    get: () => {
      const isThere = stepper.step(
        'slot read',
        group.id,
        () => slots()[0] === table,
        (found) => `read the first table of the group: ${found ? 'there' : 'none'}`,
      );
      return [isThere ? table : null, ...slots().slice(1)];
    },
  });
}

function instrumentEnd(stepper: Stepper, container: VfioContainer): void {
  const end = container.endRemoveWindow.bind(container);
  container.endRemoveWindow = (table) =>
    stepper.change(
      'unset window',
      0,
      () => end(table),
      () => (table.references === 0 ? 'empty the slots, free the table' : 'empty the slots, the table stays'),
    );
}
