import { parameter } from '../nic-parameter.js';
import type { NicProfile } from '../nic-profile.js';

const RING = 'drivers/virtio/virtio_ring.c';
const NET = 'drivers/net/virtio_net.c';

const LIMITS: NicProfile['limits'] = {
  mtuMin: parameter(68, 'B', 'memory', 'the least of IPv4'),
  mtuMax: parameter(65535, 'B', 'memory', NET),
  queueSetsMax: parameter(64, 'queue sets', 'inferred', 'as many as the machine gives it'),
  pcieBytesPerSec: parameter(0, 'B/s', 'inferred', '0: no bus between guest and host'),
};

/** Virtio without the IOMMU feature: the rings hold guest addresses. */
export const VIRTIO_NET: NicProfile = {
  id: 'virtio-net',
  title: 'virtio-net without the IOMMU feature',
  offloads: ['tso', 'swGso', 'linear', 'sendfile'],
  limits: LIMITS,
  rings: {},
  receive: {
    mechanism: 'bypass',
    buffers: parameter(256, 'buffers', 'memory', 'the queue of QEMU'),
    napiWeight: parameter(64, 'frames', 'memory', NET),
  },
  transmit: {
    mechanism: 'bypass',
    descriptors: parameter(256, 'descriptors', 'memory', 'the queue of QEMU'),
  },
};

/** Virtio with the IOMMU feature (`iommu_platform=on`): every buffer goes through the DMA API. */
export const VIRTIO_NET_IOMMU: NicProfile = {
  id: 'virtio-net-iommu',
  title: 'virtio-net with the IOMMU feature',
  offloads: ['tso', 'swGso', 'linear', 'sendfile'],
  limits: LIMITS,
  rings: {
    receiveQueueBytes: parameter(256 * 26 + 8192, 'B', 'memory', `${RING}: split ring of 256`),
    transmitQueueBytes: parameter(256 * 26 + 8192, 'B', 'memory', `${RING}: split ring of 256`),
  },
  receive: {
    mechanism: 'frame-buffers',
    buffers: parameter(256, 'buffers', 'memory', 'the queue of QEMU'),
    bufferBytes: parameter(1536, 'B', 'memory', `${NET}: mergeable buffers at MTU 1500, in cache lines`),
    strideBytes: parameter(1536, 'B', 'memory', `${NET}: one behind the other`),
    headroomBytes: parameter(0, 'B', 'memory', NET),
    jumboBufferBytes: parameter(65536, 'B', 'inferred', 'at most the guest page'),
    copyBreakBytes: parameter(0, 'B', 'memory', `${NET}: copied after it is unmapped`),
    copyKeepsMapping: parameter(0, 'flag', 'memory', NET),
    mapsBeforeUnmap: parameter(0, 'flag', 'memory', NET),
    refillBatch: parameter(33, 'buffers', 'memory', `${NET}: more than half a NAPI weight`),
    napiWeight: parameter(64, 'frames', 'memory', NET),
  },
  transmit: {
    mechanism: 'map',
    descriptors: parameter(256, 'descriptors', 'memory', 'the queue of QEMU'),
    maxPieceBytes: parameter(0, 'B', 'memory', '0: pieces go as they are'),
    maxPieceSegments: parameter(0, 'segments', 'memory', '0: no such limit'),
    immediateMaxBytes: parameter(0, 'B', 'memory', '0: none'),
    inlineTsoHeader: parameter(0, 'flag', 'memory', NET),
    tsoSentinelBytes: parameter(0, 'B', 'memory', '0: none'),
    tableBytesPerPiece: parameter(16, 'B', 'memory', `${RING}: the indirect table is mapped too`),
    contextDescriptors: parameter(0, 'descriptors', 'memory', NET),
    flitsPerDescriptor: parameter(0, 'flits', 'memory', '0: a descriptor for each piece'),
    completionEvery: parameter(1, 'descriptors', 'memory', NET),
    reclaimMax: parameter(0, 'descriptors', 'memory', `${NET}: all that is done`),
    reclaimAtTransmit: parameter(1, 'flag', 'memory', `${NET}: free_old_xmit_skbs`),
    timerPeriodNs: parameter(0, 'ns', 'memory', '0: no such timer'),
    timerReclaimMax: parameter(0, 'descriptors', 'memory', 'no such timer'),
  },
};
