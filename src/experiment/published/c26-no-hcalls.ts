import { armsRun } from './arm-runs.js';
import { type PublishedResult, span } from './published-result.js';

const SCENARIO = { guest: { ddw: true } };
const KEPT = { guest: { ddw: false, unmap: { reuse: 65536 } } };

/** Without hypercalls every path is the same, and the wire is the limit. */
export const C26: PublishedResult = {
  id: 'C26',
  name: 'no-hcalls',
  source: 'dynamic windows (DDW): all of RAM is mapped once',
  mark: 'A',
  remark: 'the range of the other work was made for this wire, so that the second figure is told',
  scenario: SCENARIO,
  figures: [
    {
      what: 'hypercalls for a megabyte through a dynamic window',
      role: 'limit',
      unit: 'hcalls/MB',
      published: { low: 0, high: 0 },
      how: 'arm direct of the claim',
      model: () => span(armsRun(SCENARIO).arms.map(({ hcallsPerMB }) => hcallsPerMB)),
    },
    {
      what: 'rate of every path over a full wire, without hypercalls',
      role: 'calibrated',
      unit: 'x',
      published: { low: 0.99, high: 1.01 },
      how: 'arm direct, and the six others with mappings kept',
      model: () =>
        span(
          [SCENARIO, KEPT].flatMap((scenario) => {
            const { arms, wireBytesPerSec } = armsRun(scenario);
            return arms.map(({ rateBytesPerSec }) => rateBytesPerSec / wireBytesPerSec);
          }),
        ),
    },
  ],
};
