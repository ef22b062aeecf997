import fc from 'fast-check';

const STEP_SCENARIOS = 20;

/**
 * The rules of one run among I1 to I28 on random scenarios of faults: pages and views out of reach, regions taken away
 * while mapped, windows too short, descriptors that come and go. Only rules that the revision is expected to keep.
 */
export class Rules {
  #product;
  #seed;

  constructor(product, seed) {
    this.#product = product;
    this.#seed = seed;
  }

  /** How many scenarios were run, and what they broke, one sentence each. */
  check(id, second) {
    const { REVISIONS, STEP_INVARIANTS, VERDICTS, firstViolation, plans, recordsOf, scenarioOf } =
      this.#product;
    const revision = REVISIONS.find((candidate) => candidate.id === id);
    const holds = (rule) => VERDICTS.get(rule.id)?.get(id)?.outcome === 'holds';
    const drawn = (steps, numRuns) =>
      fc
        .sample(plans(steps), { seed: this.#seed * 100_003 + second, numRuns })
        .map((plan) => scenarioOf(recordsOf(plan, revision)));
    const broken = [];
    const steps = STEP_INVARIANTS.filter(holds);
    for (const scenario of drawn(14, STEP_SCENARIOS)) {
      const first = firstViolation(steps, scenario, revision);
      if (first !== null) broken.push(`${first.id}: ${first.violation}: ${JSON.stringify(scenario)}`);
    }
    return { scenarios: STEP_SCENARIOS, broken };
  }
}
