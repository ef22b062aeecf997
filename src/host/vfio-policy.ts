import { EINVAL } from './errno.js';

/** What the VFIO driver does differently from kernel to kernel. */
export interface VfioPolicy {
  /** What the ioctl gives for an iova that is unaligned or leaves the table. */
  readonly misplacedIova: number;
  /** Whether an unmap looks at every page of its range, or only at the first. */
  readonly countsPages: boolean;
  /** Whether an IOMMU page must fit into the pages behind its region, as the region remembers them. */
  readonly checksRegionPages: boolean;
  /** Whether one invalidation ends an ioctl, instead of one for each exchange. */
  readonly batchesInvalidates: boolean;
  /**
   * When the userspace view of a hardware table comes to be and is charged: by the first map, until the container lets
   * go of the table; or with the table, as a second one of the same shape, for as long as the table lives.
   */
  readonly createsUserspaceView: 'first-map' | 'with-table';
}

/** The driver of 4.10. */
export const VFIO_4_10: VfioPolicy = {
  misplacedIova: -EINVAL,
  countsPages: true,
  checksRegionPages: false,
  batchesInvalidates: false,
  createsUserspaceView: 'first-map',
};
