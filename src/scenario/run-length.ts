import { inputError } from '../errors.js';
import type { NicProfile } from '../nic/nic-profile.js';
import type { Scenario } from './scenario.js';
import { workingVcpus } from './vcpu-shares.js';

/** Transactions of a run of requests and responses whose payload is not given, and of its warm-up. */
const TRANSACTIONS = 8000;
const WARMUP_TRANSACTIONS = 1000;

/** What a side of a transaction carries where nothing is given, as the workload has it. */
const MESSAGE_BYTES = 64;

/** Draws where each is a run of its own. */
const DRAWS_OF_RUNS = 100;

interface GivenLength {
  readonly bytes?: unknown;
  readonly seconds?: unknown;
  readonly warmup?: unknown;
  readonly draws?: unknown;
}

/**
 * A scenario with the length of its run where `input` does not give it: requests and responses are counted, for as much
 * payload as a stream has would be hundreds of thousands of them; and there are fewer draws with several vCPUs, where
 * each is a run. Seconds become bytes: paths that are slower than the wire take longer for them, and all do the same.
 */
export function withRunLength(scenario: Scenario, input: unknown, nic: NicProfile, place: string): Scenario {
  const given = (input as { readonly run?: GivenLength } | null)?.run ?? {};
  const { workload, requestBytes = MESSAGE_BYTES, responseBytes = MESSAGE_BYTES } = scenario.traffic;
  const { seconds, ...run } = scenario.run;
  if (seconds !== undefined) {
    if (given.bytes !== undefined) {
      throw inputError(`${place}: run.seconds and run.bytes are both given`, 'leave one out');
    }
    run.bytes = Math.round((seconds * scenario.link.bitsPerSec) / 8);
  }
  if (workload === 'rr') {
    const bytes = requestBytes + responseBytes;
    if (given.bytes === undefined && seconds === undefined)
      run.bytes = Math.min(run.bytes, TRANSACTIONS * bytes);
    if (given.warmup === undefined) run.warmup = Math.min(run.warmup, WARMUP_TRANSACTIONS * bytes);
  }
  if (given.draws === undefined && workingVcpus({ scenario, nic }) > 1) run.draws = DRAWS_OF_RUNS;
  return { ...scenario, run };
}
