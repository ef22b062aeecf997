import { CostModel } from '../../cost/cost-model.js';
import type { CostProfile } from '../../cost/cost-profile.js';
import { Host } from '../../host/host.js';
import { newIommuTable } from '../../host/new-parts.js';
import { SharedBuffers } from '../../host/shared-buffers.js';
import { VfioContainer } from '../../host/vfio-container.js';
import { DmaWindow } from '../../papr/dma-window.js';
import type { Revision } from '../../path/revisions/revision.js';
import { PICOSECONDS_PER_NS } from '../../units.js';
import { DDW_START } from '../arm-guest.js';
import { type Interval, overRanges } from './published-result.js';

const PAGE_SHIFT = 16;
const ENTRIES = 2 ** 18;

/**
 * What one empty entry costs when a container with a window that was never used is closed, over the ranges of a profile:
 * every entry is visited, as it was before kernels skipped what was never allocated.
 */
export function emptyEntryNs(profile: CostProfile, revision: Revision): Interval {
  const buffers = new SharedBuffers();
  const host = new Host({ pageShift: 16, backingShift: 16, bytes: 2 ** 26 }, buffers);
  const window = new DmaWindow(PAGE_SHIFT, DDW_START / 2 ** PAGE_SHIFT, ENTRIES);
  const table = newIommuTable('never used', window, host.pages, buffers);
  const container = new VfioContainer(host, [table], revision.vfio);
  const before = host.counts.slice();
  container.close();
  const counts = host.counts.map((count, i) => (count - (before[i] as number)) / ENTRIES);
  return overRanges(profile, (prices) => new CostModel(prices).operationsPs(counts) / PICOSECONDS_PER_NS);
}
