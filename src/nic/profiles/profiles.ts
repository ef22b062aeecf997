import type { NicProfile } from '../nic-profile.js';
import { CXGB3 } from './cxgb3.js';
import { E1000 } from './e1000.js';
import { E1000E } from './e1000e.js';
import { IDEAL } from './ideal.js';
import { IXGBE } from './ixgbe.js';
import { MLX5 } from './mlx5.js';
import { PCNET32 } from './pcnet32.js';
import { RTL8139CP } from './rtl8139cp.js';
import { VIRTIO_NET, VIRTIO_NET_IOMMU } from './virtio-net.js';

/** Every card that ships; adding one is adding a file and its line here, or naming a file in the scenario. */
export const NIC_PROFILES: readonly NicProfile[] = [
  CXGB3,
  E1000,
  E1000E,
  IXGBE,
  MLX5,
  VIRTIO_NET,
  VIRTIO_NET_IOMMU,
  RTL8139CP,
  PCNET32,
  IDEAL,
];
