import type { MeasuredSlice } from '../result/measure-document.js';
import type { ArmHistograms } from './arm-histograms.js';
import type { ArmSpec } from './arms.js';
import { newBarrier } from './barrier.js';
import { newBigLock } from './big-lock.js';
import type { PacedReply, ReadyReply, SliceReply, VcpuRequest } from './protocol.js';
import { type OnWorker, VcpuWorker } from './vcpu-worker.js';

/** What one slice of all vCPUs of an arm gave; the rate is from when the first began until the last ended. */
export type ArmSlice = Pick<MeasuredSlice, 'calls' | 'medianNs' | 'p99Ns' | 'callsPerSec'>;

/** A measured arm with its threads; one question at a time. */
export class RunningArm {
  readonly spec: ArmSpec;
  readonly #vcpus: readonly VcpuWorker[];
  #arrivals = 0;

  private constructor(spec: ArmSpec, vcpus: readonly VcpuWorker[]) {
    this.spec = spec;
    this.#vcpus = vcpus;
  }

  /** Starts the threads of an arm: vCPU 0 builds the machine, the others attach to it. */
  static async start(spec: ArmSpec, onWorker?: OnWorker): Promise<RunningArm> {
    const shared = { spec, barrier: newBarrier(), lock: newBigLock() };
    const builder = new VcpuWorker({ ...shared, vcpu: 0, memory: null }, onWorker);
    const vcpus = [builder];
    try {
      const { memory } = await builder.hear<ReadyReply>();
      for (let vcpu = 1; vcpu < spec.vcpus; vcpu++) {
        vcpus.push(new VcpuWorker({ ...shared, vcpu, memory }, onWorker));
      }
      await Promise.all(vcpus.slice(1).map((worker) => worker.hear<ReadyReply>()));
    } catch (error) {
      await Promise.all(vcpus.map((worker) => worker.kill()));
      throw error;
    }
    return new RunningArm(spec, vcpus);
  }

  /** Times one slice; `keeps` its samples for the distribution. */
  async slice(milliseconds: number, keeps: boolean): Promise<ArmSlice> {
    const arrivals = this.#nextArrivals();
    const replies = await this.#ask<SliceReply>({ kind: 'slice', milliseconds, arrivals, keeps });
    const mean = (numbers: readonly number[]) => sum(numbers) / numbers.length;
    const calls = sum(replies.map((reply) => reply.calls));
    const beganMs = Math.min(...replies.map((reply) => reply.beganMs));
    const endedMs = Math.max(...replies.map((reply) => reply.endedMs));
    return {
      calls,
      medianNs: mean(replies.map(({ medianNs }) => medianNs)),
      p99Ns: mean(replies.map(({ p99Ns }) => p99Ns)),
      callsPerSec: (calls / (endedMs - beganMs)) * 1000,
    };
  }

  /** Issues calls at a fixed rate for a while; the rate is of each vCPU. */
  async paced(milliseconds: number, callsPerSec: number): Promise<PacedReply> {
    const arrivals = this.#nextArrivals();
    const replies = await this.#ask<PacedReply>({ kind: 'paced', milliseconds, arrivals, callsPerSec });
    return {
      calls: sum(replies.map(({ calls }) => calls)),
      lateCalls: sum(replies.map(({ lateCalls }) => lateCalls)),
    };
  }

  /** Ends the threads and adds what they have recorded. */
  async stop(into: ArmHistograms): Promise<void> {
    const last = await this.#ask<ArmHistograms>({ kind: 'stop' });
    for (const { samples, service, response } of last) {
      into.samples.add(samples);
      into.service.add(service);
      into.response.add(response);
    }
    await Promise.all(this.#vcpus.map(({ ended }) => ended));
  }

  /** Ends the threads at once, whatever they do. */
  async kill(): Promise<void> {
    await Promise.all(this.#vcpus.map((worker) => worker.kill()));
  }

  #nextArrivals(): number {
    this.#arrivals += this.#vcpus.length;
    return this.#arrivals;
  }

  #ask<Reply>(request: VcpuRequest): Promise<Reply[]> {
    return Promise.all(this.#vcpus.map((worker) => worker.hear<Reply>(request)));
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
