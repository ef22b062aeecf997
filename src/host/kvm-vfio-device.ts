import { EEXIST, ENODEV, ENOENT } from './errno.js';
import type { Host } from './host.js';
import type { VfioContainer } from './vfio-container.js';

/**
 * The KVM-VFIO device: which groups KVM knows, and which guest view follows which hardware table
 * (virt/kvm/vfio.c with the v3 patch). In this model a group stands for its container.
 */
export class KvmVfioDevice {
  readonly #host: Host;
  readonly #groups = new Map<number, VfioContainer>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** KVM_DEV_VFIO_GROUP_ADD. */
  groupAdd(group: number, container: VfioContainer): number {
    if (this.#groups.has(group)) return -EEXIST;
    this.#groups.set(group, container);
    return 0;
  }

  /**
   * KVM_DEV_VFIO_GROUP_SET_SPAPR_TCE of v3: attaches the group's first table with the page size and the offset
   * of the guest view. The size is not compared, and a second call attaches a second time: both as posted.
   */
  setSpaprTce(group: number, liobn: number): number {
    const container = this.#groups.get(group);
    if (container === undefined) return -ENOENT;
    const view = this.#host.findGuestView(liobn);
    if (view === null) return -ENODEV;
    const { pageShift, offset } = view.window;
    const table = container.tables.find(
      ({ window }) => window.pageShift === pageShift && window.offset === offset,
    );
    if (table === undefined) return -ENODEV;
    view.attach(group, table);
    return 0;
  }
}
