import { EINVAL } from './errno.js';

/** What the VFIO driver does differently from kernel to kernel when it maps and unmaps. */
export interface VfioPolicy {
  /** What the ioctl gives for an iova that is unaligned or leaves the table. */
  readonly misplacedIova: number;
  /** Whether an unmap looks at every page of its range, or only at the first. */
  readonly countsPages: boolean;
}

/** The driver of 4.10. */
export const VFIO_4_10: VfioPolicy = { misplacedIova: -EINVAL, countsPages: true };
