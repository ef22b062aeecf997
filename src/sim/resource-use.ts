/**
 * What a run can be bound by, in the order that decides between equals: the wire, the card's bus, QEMU's big lock,
 * the locks of the guest's I/O address pools, the rendezvous of a core's threads, the vCPUs.
 */
export const RESOURCES = ['wire', 'pcie', 'bql', 'iova-lock', 'smt', 'vcpu'] as const;

/** The name of a resource. */
export type ResourceId = (typeof RESOURCES)[number];

/** How busy a resource was in the measured part, and how long units waited for it. */
export interface ResourceUse {
  readonly id: ResourceId;
  /**
   * Time in use over time measured: of the busiest lock where there are several; of all vCPUs together for `vcpu`;
   * for `smt` the share of the vCPUs' time that rendezvous took from them.
   */
  readonly utilisation: number;
  /** Sum over all units, in whole picoseconds. */
  readonly waitingPs: number;
}

/** What offers less than anything could carry. */
const IDLE_BELOW = 0.95;

/** The busiest resource; `arrivals` where work comes from outside and nothing is busy all the time. */
export function boundBy(uses: readonly ResourceUse[], isClosed: boolean): ResourceId | 'arrivals' {
  let found = uses[0];
  for (const use of uses) {
    if (found === undefined || use.utilisation > found.utilisation) found = use;
    else if (use.utilisation === found.utilisation && rank(use.id) < rank(found.id)) found = use;
  }
  if (found === undefined) return 'arrivals';
  return !isClosed && found.utilisation < IDLE_BELOW ? 'arrivals' : found.id;
}

function rank(id: ResourceId): number {
  return RESOURCES.indexOf(id);
}
