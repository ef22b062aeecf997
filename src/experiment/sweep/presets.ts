import { REVISIONS } from '../../path/revisions/revisions.js';
import type { SettingObject } from '../../result/sweep-document.js';

/** A sweep with a name: what it varies as `--vary` has it, and the scenario around it. */
export interface SweepPreset {
  readonly id: string;
  readonly title: string;
  readonly base: SettingObject;
  readonly vary: readonly string[];
}

/** A rate that is steady, and draws enough for intervals. */
const SIZE = { bytes: 16e6, warmup: 4e6, draws: 100 };

/** The index bug of `interim` refuses the lists that fill a direct window. */
const RUNNABLE = REVISIONS.map(({ id }) => id).filter((id) => id !== 'interim');

/** The sweeps that have a name. Each takes seconds to a minute on two cores. */
export const SWEEP_PRESETS: readonly SweepPreset[] = [
  {
    id: 'batch-crossover',
    title: 'how many TCEs one list must hold until user space reaches single real-mode calls',
    base: { run: SIZE },
    vary: ['guest.maxIndirectTces=1,2,3,4,6,8,12,16,32,64,128,256,512'],
  },
  {
    id: 'mtu',
    title: 'the size of a frame, with the card cutting frames and the guest doing it',
    base: { run: SIZE },
    vary: ['nic.offload=tso,swGso', 'nic.mtu=576,1500,3000,4500,9000'],
  },
  {
    id: 'vcpus',
    title: 'vCPUs that make calls at once; the draws of each are runs of their own',
    base: { run: { bytes: 4e6, warmup: 1e6, draws: 20 } },
    vary: ['guest.vcpus=1,2,4,8'],
  },
  {
    id: 'groups',
    title: 'IOMMU groups behind one LIOBN: each has its own table or descriptor to update',
    base: { run: SIZE },
    vary: ['host.revision=v3,v4.12', 'host.groups=1,2,4,8'],
  },
  {
    id: 'page-size',
    title: 'pages of the guest and of its I/O window',
    base: { run: SIZE },
    vary: ['guest.pageSize=4096,65536', 'guest.window.pageShift=12,16'],
  },
  {
    id: 'exit-cost',
    title: 'the leg of an exit to user space beyond the exit to virtual mode',
    base: { run: SIZE },
    vary: ['cost.exitToUserspaceNs=100ns..100us:log13'],
  },
  {
    id: 'revision',
    title: 'every kernel revision that can fill the window of the control',
    base: { run: SIZE },
    vary: [`host.revision=${RUNNABLE.join(',')}`],
  },
];
