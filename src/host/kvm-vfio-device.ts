import type { AttachPolicy } from './attach-policy.js';
import { EBADF, EEXIST, ENOENT } from './errno.js';
import type { Host } from './host.js';
import type { IommuTable } from './iommu-table.js';
import type { SpaprTceTable } from './spapr-tce-table.js';
import type { VfioContainer } from './vfio-container.js';

/**
 * The KVM-VFIO device: which groups KVM knows, and which guest view follows which hardware table
 * (virt/kvm/vfio.c). A group has the tables of its container. Results are 0 or a negative errno.
 */
export class KvmVfioDevice {
  readonly #host: Host;
  readonly #policy: AttachPolicy;
  readonly #groups = new Map<number, VfioContainer>();

  constructor(host: Host, policy: AttachPolicy) {
    this.#host = host;
    this.#policy = policy;
  }

  /** KVM_DEV_VFIO_GROUP_ADD: -EEXIST where KVM knows the group already. */
  groupAdd(group: number, container: VfioContainer): number {
    if (this.#groups.has(group)) return -EEXIST;
    this.#groups.set(group, container);
    return 0;
  }

  /** KVM_DEV_VFIO_GROUP_DEL: guest views lose tables of that group, which and how many is a policy. */
  groupDel(group: number): number {
    const container = this.#groups.get(group);
    this.#groups.delete(group);
    if (!this.#policy.sharesDescriptors) {
      for (const view of this.#host.guestViews) view.detach(group);
    } else if (container !== undefined) {
      this.#giveBackOne(container);
    }
    return container === undefined ? -ENOENT : 0;
  }

  /**
   * KVM_DEV_VFIO_GROUP_SET_SPAPR_TCE: attaches the first table of the group that fits the guest view. A LIOBN
   * without a guest view stands for a bad table fd.
   */
  setSpaprTce(group: number, liobn: number): number {
    const container = this.#groups.get(group);
    if (container === undefined) return -ENOENT;
    const view = this.#host.findGuestView(liobn);
    if (view === null) return -EBADF;
    const table = container.tables.find((candidate) => candidate !== null && this.#fits(candidate, view));
    if (table === undefined || table === null) return -this.#policy.noFittingTable;
    if (!this.#policy.sharesDescriptors || !view.share(table)) view.attach(group, table);
    return 0;
  }

  /** One reference only, of the first match: the kernel keeps its guest views with the one made last in front. */
  #giveBackOne({ tables }: VfioContainer): void {
    const { guestViews } = this.#host;
    for (let i = guestViews.length - 1; i >= 0; i--) {
      if (guestViews[i]?.giveBack(tables) === true) return;
    }
  }

  #fits(table: IommuTable, view: SpaprTceTable): boolean {
    const { pageShift, offset, size } = table.window;
    if (pageShift !== view.window.pageShift || offset !== view.window.offset) return false;
    return !this.#policy.comparesSize || size === view.window.size;
  }
}
