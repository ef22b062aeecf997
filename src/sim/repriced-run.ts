import type { CostModel } from '../cost/cost-model.js';
import { PICOSECONDS_PER_SEC } from '../units.js';
import { pricesOfClasses } from './closed-loop.js';
import type { FunctionalRun } from './functional-run.js';
import { type Link, psPerPcieByte, psPerWireByte } from './link.js';

/**
 * A finished run with one vCPU on one link, made ready for being timed under many sets of prices: what does not depend
 * on a price is worked out once, and units that are alike are priced once. Its rates are those of {@link timeClosedLoop}
 * to the bit. One thread.
 */
export class RepricedRun {
  readonly #run: FunctionalRun;
  readonly #ring: Float64Array;
  /** By unit: which kind it is, and its time on the wire and on the bus. */
  readonly #kinds: Int32Array;
  readonly #wirePs: Float64Array;
  readonly #pciePs: Float64Array;
  readonly #arrivalPs: Float64Array;
  readonly #payloadBytes: number;
  /** By kind: the first unit that is so. */
  readonly #likeUnit: readonly number[];
  readonly #kindPs: Float64Array;

  constructor(run: FunctionalRun, link: Link) {
    const { units, firstMeasured, ringUnits, pcieBytesPerSec } = run;
    const { size } = units;
    const kinds = new Int32Array(size);
    const likeUnit: number[] = [];
    const known = new Map<string, number>();
    let payload = 0;
    for (let i = 0; i < size; i++) {
      const [costClass, packets] = [units.costClass[i] as number, units.packets[i] as number];
      const [bytes, transactions] = [units.payloadBytes[i] as number, units.transactions[i] as number];
      const text = `${costClass} ${packets} ${bytes} ${transactions}`;
      const kind = known.get(text) ?? likeUnit.push(i) - 1;
      known.set(text, kind);
      kinds[i] = kind;
      if (i >= firstMeasured) payload += bytes;
    }
    const onWay = (psPerByte: number) =>
      Float64Array.from({ length: size }, (_, i) => Math.round((units.wireBytes[i] as number) * psPerByte));
    this.#run = run;
    this.#ring = new Float64Array(Math.max(1, ringUnits));
    this.#kinds = kinds;
    this.#wirePs = onWay(psPerWireByte(link));
    this.#pciePs = onWay(psPerPcieByte(pcieBytesPerSec));
    this.#arrivalPs = units.arrivalPs.slice(0, size);
    this.#payloadBytes = payload;
    this.#likeUnit = likeUnit;
    this.#kindPs = new Float64Array(likeUnit.length);
  }

  /** Payload bytes in a second of modelled time. */
  rateBytesPerSec(cost: CostModel): number {
    const durationPs = this.#durationPs(cost);
    return durationPs === 0 ? 0 : (this.#payloadBytes * PICOSECONDS_PER_SEC) / durationPs;
  }

  #durationPs(cost: CostModel): number {
    this.#priceKinds(cost);
    const { direction, firstMeasured } = this.#run;
    const isTransmit = direction === 'tx';
    const [ring, kinds, kindPs, wirePs] = [this.#ring, this.#kinds, this.#kindPs, this.#wirePs];
    const [pciePs, arrivalPs] = [this.#pciePs, this.#arrivalPs];
    ring.fill(0);
    let slot = 0;
    let firstStage = 0;
    let busStage = 0;
    let secondStage = 0;
    let startPs = 0;
    for (let i = 0; i < kinds.length; i++) {
      if (i === firstMeasured) startPs = secondStage;
      const vcpu = kindPs[kinds[i] as number] as number;
      const wire = wirePs[i] as number;
      const place = ring[slot] as number;
      const arrival = arrivalPs[i] as number;
      if (place > firstStage) firstStage = place;
      if (arrival > firstStage) firstStage = arrival;
      firstStage += isTransmit ? vcpu : wire;
      if (firstStage > busStage) busStage = firstStage;
      busStage += pciePs[i] as number;
      if (busStage > secondStage) secondStage = busStage;
      secondStage += isTransmit ? wire : vcpu;
      ring[slot] = secondStage;
      if (++slot === ring.length) slot = 0;
    }
    return secondStage - startPs;
  }

  #priceKinds(cost: CostModel): void {
    const { units, unitClasses } = this.#run;
    const { costClass, packets, payloadBytes, transactions } = units;
    const classPs = pricesOfClasses(unitClasses, cost);
    for (const [kind, i] of this.#likeUnit.entries()) {
      this.#kindPs[kind] =
        (classPs[costClass[i] as number] as number) +
        cost.otherWorkPs(packets[i] as number, payloadBytes[i] as number, transactions[i] as number);
    }
  }
}
