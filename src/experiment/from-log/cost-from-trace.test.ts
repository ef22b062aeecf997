import { describe, expect, it } from 'vitest';
import { POWER9_2021 } from '../../cost/profiles/power9-2021.js';
import { H_PUT_TCE, H_PUT_TCE_INDIRECT } from '../../papr/hcall.js';
import { parseCostProfile } from '../../scenario/cost-profile-file.js';
import type { FtraceHcalls, ServedHcall } from '../../trace/ftrace-hcalls.js';
import { costsFromTrace } from './cost-from-trace.js';

const trace = (served: readonly ServedHcall[]): FtraceHcalls => ({
  served,
  events: 2 * served.length,
  otherHcalls: 0,
  foreignLines: 0,
  unpaired: 0,
  truncated: false,
});
const call = (serviceNs: number, npages = 1, leftForUserspace = false): ServedHcall => ({
  hcall: npages === 1 ? H_PUT_TCE : H_PUT_TCE_INDIRECT,
  npages,
  serviceNs,
  leftForUserspace,
});

describe('costs from a trace of our own machine', () => {
  it('are the service time of a TCE, as one measured constant in a profile that reads back', () => {
    const calls = [
      ...Array.from({ length: 30 }, () => call(900)),
      ...Array.from({ length: 10 }, () => call(4800, 16)),
    ];
    const { profile } = costsFromTrace(trace(calls), POWER9_2021, 'ours', 'trace.txt');
    const read = parseCostProfile(JSON.stringify(profile), 'ours.json');
    expect(read.constants.tceExchangeNs).toMatchObject({
      value: 900,
      low: 300,
      high: 900,
      origin: 'measured',
    });
    expect(read.constants.tceInvalidateNs).toMatchObject({ value: 0, high: 0, origin: 'derived' });
    expect(read.constants.exitToVirtualNs).toEqual(POWER9_2021.constants.exitToVirtualNs);
  });

  it('leave out what ended in user space, and say what the trace cannot see', () => {
    const calls = [...Array.from({ length: 20 }, () => call(900)), call(50, 1, true)];
    const { profile, notes } = costsFromTrace(trace(calls), POWER9_2021, 'ours', 'trace.txt');
    expect(JSON.stringify(profile)).toMatch(/20 TCE hypercalls in trace\.txt/);
    expect(notes.join('\n')).toMatch(/1 calls went on to user space/);
    expect(notes.join('\n')).toMatch(
      /real mode answers are not in such a trace, .* keep the ranges and origins of power9-2021/,
    );
  });

  it('are undecided where the trace holds too few calls', () => {
    expect(() => costsFromTrace(trace([call(900)]), POWER9_2021, 'ours', 'trace.txt')).toThrow(/too few/);
  });
});
