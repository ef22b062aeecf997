import { assert } from '../errors.js';
import { DmaApi } from '../guest/dma-api.js';
import { GuestPages } from '../guest/guest-pages.js';
import type { Card } from '../nic/card.js';
import { Nic } from '../nic/nic.js';
import { IMIX } from '../nic/traffic.js';
import { cardAtWork } from '../nic/workload.js';
import { DmaWindow } from '../papr/dma-window.js';
import { TCE_PERMISSIONS } from '../papr/tce.js';
import type { EndedIn } from '../path/ladder.js';
import { buildMachine, type Machine, type MachineWindow } from '../path/machine.js';
import type { FunctionalRun } from '../sim/closed-loop.js';
import { runCard } from '../sim/functional-run.js';
import { type MeteredCalls, MeteredSink } from '../sim/metered-sink.js';
import { randomStream } from '../sim/streams.js';
import type { Recording } from '../trace/recording.js';
import type { Arm } from './arms.js';
import type { ResolvedScenario } from './load-scenario.js';
import { RunRecording } from './run-recording.js';
import type { Scenario } from './scenario.js';

/** What one arm did, before any price is put on it. */
export interface ArmRun {
  readonly arm: Arm;
  readonly run: FunctionalRun;
  readonly calls: MeteredCalls;
  /** Which rung answered, set-up and warm-up included, the final clean-up not. */
  readonly endedIn: Readonly<EndedIn>;
  readonly hostFaults: number;
}

const LIOBN = 0x80000000;
/** The dynamic window's LIOBN and its start, as QEMU gives them. */
const DDW_LIOBN = 0x80000001;
const DDW_START = 2 ** 59;

/**
 * Executes every hypercall of one arm on tables of its own, then drains the card and checks that nothing stayed
 * mapped. Pages of the guest come from one seeded stream, the same for every arm. `recording` gets every call.
 */
export function runArm(arm: Arm, resolved: ResolvedScenario, recording?: Recording): ArmRun {
  const { scenario, revision } = resolved;
  const isDirect = arm.path === 'direct';
  const window = isDirect ? directWindow(scenario) : claimWindow(scenario);
  const machine = buildMachine(
    {
      ramBytes: scenario.guest.ramBytes,
      windows: [window],
      path: arm.path === 'direct' ? 'real' : arm.path,
      groups: scenario.host.groups ?? 1,
    },
    revision,
  );
  const meter = new MeteredSink(machine.ladder, machine.host.counts);
  const recorded =
    recording === undefined ? null : new RunRecording(recording, meter, machine.host, [window]);
  const { seed, run } = scenario.run;
  const stream = randomStream(seed, run, 'guest/pages');
  const pages = new GuestPages({
    ramBytes: scenario.guest.ramBytes,
    pageBytes: scenario.guest.pageSize,
    random: stream.nextUint32,
  });
  const dma = new DmaApi({
    sink: recorded?.recorder ?? meter,
    store: recorded?.recorder ?? machine.host,
    liobn: window.liobn,
    window: new DmaWindow(window.pageShift, window.offset, window.size),
    multiTce: arm.multiTce,
    ddw: isDirect,
    pages,
  });
  if (isDirect) assert(dma.fillDirectWindow(), 'a direct window takes all of RAM');
  const card = cardOf(resolved, dma);
  const functional = runCard(card, meter, machine.host.counts, {
    warmupBytes: scenario.run.warmup,
    measuredBytes: scenario.run.bytes,
    onPart: (part) => recorded?.begin(part),
  });
  const calls = meter.measured();
  const endedIn = { ...machine.ladder.endedIn };
  recorded?.begin('close');
  card.close();
  recorded?.finish(functional);
  checkDrained(machine, isDirect ? window.size : 0);
  return { arm, run: functional, calls, endedIn, hostFaults: machine.ladder.hostFaults };
}

function cardOf({ scenario, nic: profile, train }: ResolvedScenario, dma: DmaApi): Card {
  const { nic, traffic, run } = scenario;
  const { queueSets = 1, headPayloadBytes = 0 } = nic;
  const { flows = 1, requestBytes = 64, responseBytes = 64, sendBytes, frameMix } = traffic;
  return cardAtWork(
    new Nic({
      ...{ profile, queueSets, headPayloadBytes },
      dmas: [dma],
      mtu: nic.mtu,
      offload: nic.offload,
      gro: nic.gro,
    }),
    {
      ...{ flows, requestBytes, responseBytes },
      workload: traffic.workload,
      direction: traffic.direction,
      segmentsPerAck: traffic.segmentsPerAck,
      arrival: traffic.arrival,
      ...(sendBytes === undefined ? {} : { sendBytes: [sendBytes].flat() }),
      ...(frameMix === undefined ? {} : { frameMix: frameMix === 'imix' ? IMIX : frameMix }),
      ...(train === undefined ? {} : { train }),
    },
    {
      arrival: randomStream(run.seed, run.run, 'traffic/arrival').nextUnit,
      frame: randomStream(run.seed, run.run, 'traffic/frame').nextUnit,
    },
  );
}

function claimWindow({ guest: { window } }: Scenario): MachineWindow {
  const pageBytes = 2 ** window.pageShift;
  return {
    liobn: LIOBN,
    pageShift: window.pageShift,
    offset: window.start / pageBytes,
    size: window.bytes / pageBytes,
  };
}

/** The dynamic window: 64 KiB pages, the largest that QEMU 2.8 offers by default, as many as cover RAM. */
function directWindow({ guest }: Scenario): MachineWindow {
  const pageShift = 16;
  const pages = Math.ceil(guest.ramBytes / 2 ** pageShift);
  return { liobn: DDW_LIOBN, pageShift, offset: DDW_START / 2 ** pageShift, size: pages };
}

function checkDrained({ region, tables }: Machine, stillMapped: number): void {
  assert(
    region.mapped === 1 + stillMapped,
    `${region.mapped - 1} mappings are left after the card was closed`,
  );
  for (const { hardware } of tables) {
    const { entries } = hardware;
    let valid = 0;
    for (let entry = 0; entry < entries.size; entry++) {
      if ((entries.lo(entry) & TCE_PERMISSIONS) !== 0) valid++;
    }
    assert(valid === stillMapped, `${valid} hardware entries are valid after the card was closed`);
  }
}
