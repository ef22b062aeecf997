import type { CostModel } from '../cost/cost-model.js';
import { PICOSECONDS_PER_SEC } from '../units.js';
import type { CostClasses } from './cost-classes.js';
import type { DurationHistogram } from './duration-histogram.js';
import type { FunctionalRun } from './functional-run.js';
import { type Link, psPerPcieByte, psPerWireByte } from './link.js';

/** When a run took how long, in whole picoseconds of modelled time; the warm-up is left out. */
export interface Timing {
  readonly durationPs: number;
  /** Busy time of the one vCPU: hypercalls and other work. */
  readonly vcpuBusyPs: number;
  readonly wireBusyPs: number;
  readonly pcieBusyPs: number;
  /** How long units waited, between them, for the wire, the bus and the processor. */
  readonly wireWaitPs: number;
  readonly pcieWaitPs: number;
  readonly vcpuWaitPs: number;
  readonly payloadBytes: number;
  readonly packets: number;
  readonly transactions: number;
}

/**
 * The clock of a closed loop with one vCPU: processor and wire, a ring of limited length between them, one unit
 * after another. With nothing else to contend for, the order of hypercalls cannot depend on time, so the same
 * finished run may be timed under any prices.
 *
 * Transmit: the processor hands units to the wire and waits when the ring is full. Receive: the wire delivers
 * units and waits when the ring is empty of buffers. A unit begins when its work has arrived and not before. The bus
 * of the card lies between. `latencies` get the time of each measured unit from its arrival to its end; in a closed
 * loop work arrives when its place in the ring becomes free.
 */
export function timeClosedLoop(
  run: FunctionalRun,
  cost: CostModel,
  link: Link,
  latencies?: { readonly isClosed: boolean; readonly into: DurationHistogram },
): Timing {
  const { units, firstMeasured, direction, ringUnits } = run;
  const classPs = pricesOfClasses(run.unitClasses, cost);
  const wirePsPerByte = psPerWireByte(link);
  const { costClass, payloadBytes, wireBytes, packets, transactions, arrivalPs } = units;
  const doneInRing = new Float64Array(Math.max(1, ringUnits));
  const pciePsPerByte = psPerPcieByte(run.pcieBytesPerSec);
  let firstStage = 0;
  let busStage = 0;
  let secondStage = 0;
  let startPs = 0;
  let vcpuBusyPs = 0;
  let wireBusyPs = 0;
  let pcieBusyPs = 0;
  let busWaitPs = 0;
  let lastWaitPs = 0;
  let payload = 0;
  let measuredPackets = 0;
  let measuredTransactions = 0;
  for (let i = 0; i < units.size; i++) {
    if (i === firstMeasured) startPs = secondStage;
    const packetsOfUnit = packets[i] as number;
    const bytesOfUnit = payloadBytes[i] as number;
    const vcpuPs =
      (classPs[costClass[i] as number] as number) +
      cost.otherWorkPs(packetsOfUnit, bytesOfUnit, transactions[i] as number);
    const wirePs = Math.round((wireBytes[i] as number) * wirePsPerByte);
    const pciePs = Math.round((wireBytes[i] as number) * pciePsPerByte);
    const slot = i % doneInRing.length;
    const placePs = doneInRing[slot] as number;
    const freePs = Math.max(firstStage, placePs, arrivalPs[i] as number);
    firstStage = freePs + (direction === 'tx' ? vcpuPs : wirePs);
    const busFromPs = Math.max(busStage, firstStage);
    busStage = busFromPs + pciePs;
    const lastFromPs = Math.max(secondStage, busStage);
    secondStage = lastFromPs + (direction === 'tx' ? wirePs : vcpuPs);
    doneInRing[slot] = secondStage;
    if (i < firstMeasured) continue;
    latencies?.into.add(secondStage - (latencies.isClosed ? placePs : (arrivalPs[i] as number)));
    busWaitPs += busFromPs - firstStage;
    lastWaitPs += lastFromPs - busStage;
    pcieBusyPs += pciePs;
    vcpuBusyPs += vcpuPs;
    wireBusyPs += wirePs;
    payload += bytesOfUnit;
    measuredPackets += packetsOfUnit;
    measuredTransactions += transactions[i] as number;
  }
  return {
    durationPs: secondStage - startPs,
    vcpuBusyPs,
    wireBusyPs,
    pcieBusyPs,
    wireWaitPs: direction === 'tx' ? lastWaitPs : 0,
    pcieWaitPs: busWaitPs,
    vcpuWaitPs: direction === 'tx' ? 0 : lastWaitPs,
    payloadBytes: payload,
    packets: measuredPackets,
    transactions: measuredTransactions,
  };
}

/** The price of each class of operation counts. */
export function pricesOfClasses(classes: CostClasses, cost: CostModel): Float64Array {
  return Float64Array.from({ length: classes.size }, (_, id) =>
    cost.operationsPs(classes.counts, classes.offsetOf(id)),
  );
}

/** Payload bytes in a second of modelled time. */
export function rateBytesPerSec(timing: Pick<Timing, 'durationPs' | 'payloadBytes'>): number {
  return timing.durationPs === 0 ? 0 : (timing.payloadBytes * PICOSECONDS_PER_SEC) / timing.durationPs;
}
