import { POWER9_2021 } from '../../cost/profiles/power9-2021.js';
import { armsRun } from './arm-runs.js';
import { type PublishedResult, span } from './published-result.js';

/** Gbit/s with the interrupt calls answered in KVM, and in user space, as printed. */
const [IN_KERNEL, IN_USERSPACE] = [1.24, 1.23];
const STEP = 0.01;

const SCENARIO = {
  // Mappings are kept, so that hypercalls are rare; the rate is that of the other work, from the published one.
  host: { cost: 'power9-2021' },
  // The leg to user space is no unknown here, so the preset has no trial.
  cost: { exitToUserspaceNs: POWER9_2021.constants.exitToUserspaceNs.value },
  guest: { ddw: false, unmap: { reuse: 65536 }, otherWork: { nsPerByte: 8 / IN_KERNEL } },
};

/** User space costs next to nothing where hypercalls are rare. */
export const C16: PublishedResult = {
  id: 'C16',
  name: 'rare-hcalls',
  source:
    'QEMU commit 0c575703e487, "spapr/xive: add hcall support when under KVM", 2019: 1.24 v 1.23 Gbit/s',
  mark: 'A',
  remark:
    'those calls were of interrupts, how many is not stated; as a limit: without hypercalls nothing else of a path may cost anything',
  scenario: SCENARIO,
  figures: [
    {
      what: 'rate with calls answered in user space over the rate in the kernel',
      role: 'limit',
      unit: 'x',
      published: {
        low: (IN_USERSPACE - STEP / 2) / (IN_KERNEL + STEP / 2),
        high: (IN_USERSPACE + STEP / 2) / (IN_KERNEL - STEP / 2),
      },
      how: 'userspace arms over virtual ones, mappings kept, other work at the published rate',
      model: () => {
        const { arms } = armsRun(SCENARIO);
        const rate = (id: string) => arms.find((arm) => arm.id === id)?.rateBytesPerSec ?? Number.NaN;
        return span(['single', 'multi'].map((mode) => rate(`${mode}-userspace`) / rate(`${mode}-virtual`)));
      },
    },
  ],
};
