import { POWER8_2017 } from '../../cost/profiles/power8-2017.js';
import { callOnBusyCoreNs } from './busy-core.js';
import { nullCallNs } from './null-call.js';
import { type Interval, type PublishedFigure, type PublishedResult, rounded } from './published-result.js';

const THREADS = 8;

const microseconds = ({ low, high }: Interval): Interval => ({ low: low / 1e3, high: high / 1e3 });

function hProd(when: string, value: number): PublishedFigure {
  return {
    what: `H_PROD in an SMT8 guest ${when} the change of signalling`,
    role: 'predicted',
    unit: 'us',
    published: rounded(value, 1),
    how: 'median call to the host kernel, eight threads on a core, rendezvous of the quiet legs, ends of their ranges, siblings busy in four ways',
    model: () => microseconds(callOnBusyCoreNs(POWER8_2017, THREADS)),
  };
}

/** A hypercall to the host kernel while the other threads of its core are busy, on POWER8. */
export const C14: PublishedResult = {
  id: 'C14',
  name: 'busy-core',
  source: 'commit 66feed61cdf6, "KVM: PPC: Book3S HV: Use msgsnd for signalling threads on POWER8", 2015',
  mark: 'A',
  remark:
    'the legs of a quiet core are inputs; the rendezvous of threads is made from them. Waking a task of the host and the work of the call are in no leg',
  scenario: {
    host: { path: 'virtual', cost: 'power8-2017', threadsPerCore: THREADS },
    guest: { vcpus: THREADS, multiTce: false },
    run: { bytes: 8e6, warmup: 16e6, draws: 20 },
  },
  figures: [
    {
      what: 'entry and exit legs on a quiet core',
      role: 'input',
      unit: 'us',
      published: { low: 7.3, high: 7.95 },
      how: 'a call that the handler refuses at its first check, over the range of power8-2017',
      model: () => microseconds(nullCallNs(POWER8_2017, 'virtual')),
    },
    hProd('after', 16),
    hProd('before', 35),
  ],
};
