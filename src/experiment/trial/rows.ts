/** A choice of machine and traffic that the claim leaves open. */
export interface RowChoice {
  readonly title: string;
  /** What it sets over the scenario that is run. */
  readonly set: { readonly [group: string]: { readonly [key: string]: unknown } };
}

/**
 * What the claim states nowhere and a reader may have meant, one choice at a time. They are rows of their own: a
 * choice has no probability, so none of them is mixed into an interval. Pools of addresses and what their locks cover
 * are no rows: with one vCPU nobody waits for them, and the trial is of one.
 */
export const ROW_CHOICES: readonly RowChoice[] = [
  { title: 'one ACK per 45 segments', set: { traffic: { segmentsPerAck: 45 } } },
  { title: 'MTU 9000', set: { nic: { mtu: 9000 } } },
  { title: 'receive', set: { traffic: { direction: 'rx' } } },
  { title: 'receive, MTU 9000', set: { traffic: { direction: 'rx' }, nic: { mtu: 9000 } } },
  { title: 'software GSO', set: { nic: { offload: 'swGso' } } },
  { title: 'sendfile', set: { nic: { offload: 'sendfile' } } },
  { title: '4K guest pages', set: { guest: { pageSize: 4096 } } },
  { title: 'POWER8 of 2017', set: { host: { cost: 'power8-2017' } } },
  {
    title: 'POWER8 of 2017, receive',
    set: { host: { cost: 'power8-2017' }, traffic: { direction: 'rx' } },
  },
  { title: 'POWER9 of 2021', set: { host: { cost: 'power9-2021' } } },
];

/** A scenario with a choice made. */
export function withChoice(scenario: object, { set }: RowChoice): Record<string, unknown> {
  const changed: Record<string, unknown> = Object.fromEntries(Object.entries(scenario));
  for (const [group, values] of Object.entries(set)) {
    changed[group] = { ...(changed[group] as object | undefined), ...values };
  }
  return changed;
}

/** Whether a scenario is so already: then the row would be the scenario itself again. */
export function hasChoice(scenario: object, { set }: RowChoice): boolean {
  return Object.entries(set).every(([group, values]) => {
    const own = (scenario as Record<string, unknown>)[group] as Record<string, unknown> | undefined;
    return Object.entries(values).every(([key, value]) => own?.[key] === value);
  });
}
