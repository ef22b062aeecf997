import type { AttachPolicy } from './attach-policy.js';
import { EBADF, EEXIST, EINVAL, ENOENT, ENXIO } from './errno.js';
import type { GuestView } from './guest-view.js';
import type { Host } from './host.js';
import type { IommuTable } from './iommu-table.js';
import type { VfioGroup } from './vfio-group.js';

/**
 * The KVM-VFIO device: which groups KVM knows, and which guest view follows which hardware table
 * (virt/kvm/vfio.c). Results are 0 or a negative errno. One thread at a time may call it.
 */
export class KvmVfioDevice {
  readonly #host: Host;
  readonly #policy: AttachPolicy;
  readonly #groups = new Set<VfioGroup>();

  constructor(host: Host, policy: AttachPolicy) {
    this.#host = host;
    this.#policy = policy;
  }

  /** KVM_DEV_VFIO_GROUP_ADD: -EINVAL for a group that no container owns, -EEXIST where KVM knows it already. */
  groupAdd(group: VfioGroup): number {
    if (!this.#isVfioUser(group)) return -EINVAL;
    if (this.#groups.has(group)) return -EEXIST;
    this.#groups.add(group);
    group.references++;
    return 0;
  }

  /** KVM_DEV_VFIO_GROUP_DEL: guest views lose tables of that group, which and how many is a policy. */
  groupDel(group: VfioGroup): number {
    const isOwn = this.#policy.removal === 'own-descriptors';
    if (isOwn && !this.#isVfioUser(group)) return -EINVAL;
    const isKnown = this.#groups.delete(group);
    if (isKnown || isOwn) this.#release(group);
    if (!isKnown) return -ENOENT;
    group.references--;
    return 0;
  }

  /**
   * KVM_DEV_VFIO_GROUP_SET_SPAPR_TCE: the first table of the group that fits the guest view is to follow it. `view` is
   * what the table fd names: null is a bad fd.
   */
  setSpaprTce(group: VfioGroup, view: GuestView | null): number {
    if (!this.#host.guestViewPolicy.isFollowedByHardware) return -ENXIO;
    if (!this.#isVfioUser(group)) return -EINVAL;
    const result = this.#attach(group, view);
    if (result === 0 ? this.#holdsGroups : this.#policy.leaksGroupOnFailure) group.references++;
    return result;
  }

  /** The device is destroyed: as if every group that it knows were deleted. */
  close(): void {
    for (const group of this.#groups) this.groupDel(group);
  }

  get #holdsGroups(): boolean {
    return this.#policy.removal === 'own-descriptors';
  }

  #attach(group: VfioGroup, view: GuestView | null): number {
    if (!this.#groups.has(group)) return -ENOENT;
    if (view === null) return -EBADF;
    if (!this.#host.guestViews.includes(view)) return -this.#policy.foreignTable;
    const table = group.tables.find((candidate) => this.#takes(candidate, view));
    if (table === undefined || table === null) return -this.#policy.noFittingTable;
    const isShared = this.#policy.sharing === 'by-table' && view.share(table, group);
    if (!isShared) view.attach(table, group, this.#holdsGroups);
    else if (!this.#policy.leaksTableOnReuse) this.#host.hardwareTables.put(table);
    return 0;
  }

  /** Whether a table may follow a guest view; if so, a reference of it is taken. */
  #takes(table: IommuTable | null, view: GuestView): boolean {
    if (table === null || !this.#fits(table, view)) return false;
    const { hardwareTables } = this.#host;
    if (!this.#policy.resurrectsTables) return hardwareTables.getUnlessDying(table);
    hardwareTables.get(table);
    return true;
  }

  #fits({ window: hardware }: IommuTable, { window }: GuestView): boolean {
    if (this.#policy.fit === 'hardware-finer') {
      const isFiner = hardware.pageShift <= window.pageShift;
      return isFiner && hardware.iobaOf(0) === window.iobaOf(0) && hardware.bytes >= window.bytes;
    }
    if (hardware.pageShift !== window.pageShift || hardware.offset !== window.offset) return false;
    return this.#policy.fit === 'page-size-and-offset' || hardware.size === window.size;
  }

  /** Guest views give back what the policy says; the kernel keeps them with the one made last in front. */
  #release(group: VfioGroup): void {
    const { removal } = this.#policy;
    for (const view of this.#host.guestViews.toReversed()) {
      const { given, gone } =
        removal === 'own-descriptors'
          ? view.detach(group)
          : view.giveBack(group.tables, group, removal === 'first-match' ? 1 : Number.POSITIVE_INFINITY);
      for (const { table } of gone) this.#host.hardwareTables.put(table);
      if (removal === 'own-descriptors') group.references -= given;
      if (removal === 'first-match' && given > 0) return;
    }
  }

  /** Whether VFIO takes a group of KVM's: a container owns it, or KVM has it already. */
  #isVfioUser(group: VfioGroup): boolean {
    return group.isAttached || this.#groups.has(group);
  }
}
