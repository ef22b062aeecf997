import type { CostModel } from '../cost/cost-model.js';
import type { Card } from '../nic/card.js';
import type { Arm } from '../scenario/arms.js';
import type { ResolvedScenario } from '../scenario/load-scenario.js';
import { busOf, workingVcpus } from '../scenario/vcpu-shares.js';
import { CallLog } from '../sim/call-log.js';
import type { CompletedWork } from '../sim/completed-work.js';
import { ContendedRun } from '../sim/contended-run.js';
import { MeteredSink } from '../sim/metered-sink.js';
import { randomStream } from '../sim/streams.js';
import { bootGuest, windowsOf } from './arm-guest.js';
import { cardOf, checkDrained, machineOf } from './arm-run.js';
import { dmaApiUse } from './dma-api-use.js';
import type { ExecutedArm } from './executed-arm.js';
import type { OnProgress } from './run-progress.js';

/** What one arm did with several vCPUs under one set of prices. */
export interface ContendedArm extends ExecutedArm {
  /** Units that were finished while it was measured; its calls are theirs. */
  readonly done: CompletedWork;
}

/**
 * Executes and times one arm with several vCPUs on tables of its own. Under other prices the calls come in another
 * order, so each set of prices is a run of its own. Afterwards the cards are drained, and nothing may stay mapped.
 */
export function runContendedArm(
  arm: Arm,
  resolved: ResolvedScenario,
  cost: CostModel,
  onProgress?: OnProgress,
): ContendedArm {
  const { scenario, profile } = resolved;
  const { host, link, traffic } = scenario;
  const { seed, run: runNumber, warmup, bytes } = scenario.run;
  const isDirect = arm.path === 'direct';
  const windows = windowsOf(arm, scenario);
  const machine = machineOf(arm, resolved, windows);
  const { counts } = machine.host;
  const log = new CallLog();
  const meter = new MeteredSink(machine.ladder, counts, log);
  const { guest, boot } = bootGuest(arm, scenario, { sink: meter, store: machine.host, counts }, windows);
  const { iova } = guest;
  const of = workingVcpus(resolved);
  const cards = guest.cpus.slice(0, of).map((cpu, vcpu) => cardOf(resolved, [cpu], { vcpu, of }));
  for (const card of cards) card.open();
  iova.watcher = log;
  const { classes } = meter.measured();
  const pcieBytesPerSec = busOf(resolved);
  const done = new ContendedRun({
    ...{ work: cards as [Card, ...Card[]], log, classes, cost, link },
    ...(pcieBytesPerSec === null ? {} : { pcieBytesPerSec }),
    threadsPerCore: host.threadsPerCore ?? 1,
    threadsLeaveTogether: profile.threadsLeaveTogether,
    pools: iova.smallPools + 1,
    lockCoverage: isDirect ? 'none' : scenario.guest.iovaLockCoversTableUpdate ? 'table-update' : 'search',
    isClosed: traffic.arrival === 'closed',
    length: { warmupBytes: warmup, measuredBytes: bytes },
    random: (vcpu) => randomStream(seed, runNumber, `sim/other-work/${vcpu}`).nextUnit,
    ...(onProgress === undefined ? {} : { onProgress }),
  }).run();
  const { history } = meter.measured();
  const endedIn = { ...machine.ladder.endedIn };
  iova.watcher = null;
  for (const card of cards) card.close();
  guest.flush();
  checkDrained(machine, isDirect ? guest.boot.tcesMapped : 0);
  const dmaApi = dmaApiUse(guest, scenario.guest.iovaLockCoversTableUpdate);
  const { hcalls, tceOps, failedHcalls, callsOfClass } = done;
  const calls = { hcalls, tceOps, failedHcalls, callsOfClass, classes, history };
  const { hostFaults } = machine.ladder;
  return { arm, done, calls, endedIn, hostFaults, dmaApi, boot };
}
