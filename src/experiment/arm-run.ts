import { assert, inputError } from '../errors.js';
import type { Guest } from '../guest/guest.js';
import type { Card } from '../nic/card.js';
import { Nic } from '../nic/nic.js';
import { IMIX } from '../nic/traffic.js';
import { cardAtWork } from '../nic/workload.js';
import { TCE_PERMISSIONS } from '../papr/tce.js';
import { buildMachine, type Machine, type MachineWindow } from '../path/machine.js';
import type { Arm } from '../scenario/arms.js';
import type { ResolvedScenario } from '../scenario/load-scenario.js';
import { busOf, partOfArrivals, workingVcpus } from '../scenario/vcpu-shares.js';
import { type FunctionalRun, runCard } from '../sim/functional-run.js';
import { MeteredSink } from '../sim/metered-sink.js';
import { randomStream } from '../sim/streams.js';
import type { Recording } from '../trace/recording.js';
import { bootGuest, windowsOf } from './arm-guest.js';
import { dmaApiUse } from './dma-api-use.js';
import type { ExecutedArm } from './executed-arm.js';
import { RunRecording } from './run-recording.js';

/** What one arm did, before any price is put on it. */
export interface ArmRun extends ExecutedArm {
  readonly run: FunctionalRun;
}

/**
 * Executes every hypercall of one arm on tables of its own, then drains the card and checks that nothing stayed
 * mapped. `recording` gets every call.
 */
export function runArm(arm: Arm, resolved: ResolvedScenario, recording?: Recording): ArmRun {
  const { scenario } = resolved;
  if (scenario.traffic.pcap !== undefined && resolved.train === undefined) {
    throw inputError('traffic.pcap: the capture is not read', 'pass the scenario through withCapture');
  }
  assert(workingVcpus(resolved) === 1, 'a run without a clock has one vCPU with work');
  const windows = windowsOf(arm, scenario);
  const machine = machineOf(arm, resolved, windows);
  const { counts } = machine.host;
  const meter = new MeteredSink(machine.ladder, counts);
  const recorded = recording === undefined ? null : new RunRecording(recording, meter, machine.host, windows);
  const sink = recorded?.recorder ?? meter;
  const store = recorded?.recorder ?? machine.host;
  const { guest, boot } = bootGuest(arm, scenario, { sink, store, counts }, windows);
  const card = cardOf(resolved, guest.cpus);
  const functional = runCard(card, meter, counts, {
    warmupBytes: scenario.run.warmup,
    measuredBytes: scenario.run.bytes,
    onPart: (part) => recorded?.begin(part),
  });
  const calls = meter.measured();
  const endedIn = { ...machine.ladder.endedIn };
  recorded?.begin('close');
  card.close();
  guest.flush();
  recorded?.finish(functional);
  checkDrained(machine, arm.path === 'direct' ? guest.boot.tcesMapped : 0);
  const dmaApi = dmaApiUse(guest, scenario.guest.iovaLockCoversTableUpdate);
  const { hostFaults } = machine.ladder;
  const pcieBytesPerSec = busOf(resolved);
  const run = pcieBytesPerSec === null ? functional : { ...functional, pcieBytesPerSec };
  return { arm, run, calls, endedIn, hostFaults, dmaApi, boot };
}

/** The machine that serves an arm. */
export function machineOf(
  arm: Arm,
  { scenario, revision }: ResolvedScenario,
  windows: readonly MachineWindow[],
): Machine {
  return buildMachine(
    {
      ramBytes: scenario.guest.ramBytes,
      windows,
      path: arm.path === 'direct' ? 'real' : arm.path,
      groups: scenario.host.groups ?? 1,
    },
    revision,
  );
}

/** The card of one of so many vCPUs, with its part of the queue sets, connections and arrivals. */
export function cardOf(
  { scenario, nic: profile, train }: ResolvedScenario,
  dmas: Guest['cpus'],
  { vcpu, of } = { vcpu: 0, of: 1 },
): Card {
  const { nic, traffic, run } = scenario;
  const { queueSets = of, headPayloadBytes = 0 } = nic;
  const { flows = of, requestBytes = 64, responseBytes = 64 } = traffic;
  const { sendBytes, frameMix, segmentsPerOwnAck } = traffic;
  const partOf = (whole: number) => Math.floor((whole - vcpu - 1) / of) + 1;
  const stream = (name: string) =>
    randomStream(run.seed, run.run, `traffic/${name}${vcpu === 0 ? '' : `/${vcpu}`}`).nextUnit;
  return cardAtWork(
    new Nic({
      ...{ profile, queueSets: partOf(queueSets), headPayloadBytes, dmas },
      mtu: nic.mtu,
      offload: nic.offload,
      gro: nic.gro,
    }),
    {
      ...{ flows: partOf(flows), requestBytes, responseBytes },
      workload: traffic.workload,
      direction: traffic.direction,
      segmentsPerAck: traffic.segmentsPerAck,
      arrival: partOfArrivals(traffic.arrival, of),
      ...(segmentsPerOwnAck === undefined ? {} : { segmentsPerOwnAck }),
      ...(sendBytes === undefined ? {} : { sendBytes: [sendBytes].flat() }),
      ...(frameMix === undefined ? {} : { frameMix: frameMix === 'imix' ? IMIX : frameMix }),
      ...(train === undefined ? {} : { train }),
    },
    { arrival: stream('arrival'), frame: stream('frame') },
  );
}

/** Fails where a mapping is left but those that stay. */
export function checkDrained({ region, tables }: Machine, stillMapped: number): void {
  assert(
    region.mapped === 1 + stillMapped,
    `${region.mapped - 1} mappings are left after the card was closed`,
  );
  let valid = 0;
  for (const { hardware } of tables) {
    const { entries } = hardware;
    for (let entry = 0; entry < entries.size; entry++) {
      if ((entries.lo(entry) & TCE_PERMISSIONS) !== 0) valid++;
    }
  }
  assert(valid === stillMapped, `${valid} hardware entries are valid after the card was closed`);
}
