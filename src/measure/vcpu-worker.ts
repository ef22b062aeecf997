import { Worker } from 'node:worker_threads';
import { TcebenchError } from '../errors.js';
import type { VcpuRequest, VcpuWorkerData } from './protocol.js';

/** Told of each worker as it starts, with its name. */
export type OnWorker = (name: string, worker: Worker) => void;

interface Waiting {
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The coordinator's end of one vCPU's thread: one question at a time, and an error where the thread is no more. */
export class VcpuWorker {
  readonly name: string;
  /** Resolves when the thread has ended, for whatever reason. */
  readonly ended: Promise<void>;
  readonly #worker: Worker;
  #waiting: Waiting | null = null;
  #early: unknown[] = [];
  #failure: Error | null = null;
  #reason = '';

  constructor(data: VcpuWorkerData, onWorker?: OnWorker) {
    const { spec, vcpu } = data;
    this.name = spec.vcpus === 1 ? spec.id : `${spec.id}, vCPU ${vcpu}`;
    this.#worker = new Worker(new URL('../../dist/measure/arm-worker.js', import.meta.url), {
      workerData: data,
    });
    this.#worker.on('message', (reply) => this.#answered(reply));
    this.#worker.once('error', (error) => {
      this.#reason = `: ${error.message}`;
    });
    this.ended = new Promise((resolve) =>
      this.#worker.once('exit', () => {
        this.#lost();
        resolve();
      }),
    );
    onWorker?.(this.name, this.#worker);
  }

  /** The next word of the thread: its first, or the answer to a request. */
  async hear<Reply>(request?: VcpuRequest): Promise<Reply> {
    if (this.#failure !== null) throw this.#failure;
    if (request !== undefined) this.#worker.postMessage(request);
    if (this.#early.length > 0) return this.#early.shift() as Reply;
    return new Promise<Reply>((resolve, reject) => {
      this.#waiting = { resolve: resolve as (reply: unknown) => void, reject };
    });
  }

  /** Ends the thread at once, also while it sleeps in a hand-over. */
  async kill(): Promise<void> {
    await this.#worker.terminate();
  }

  #answered(reply: unknown): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting === null) this.#early = [...this.#early, reply];
    else waiting.resolve(reply);
  }

  #lost(): void {
    this.#failure = new TcebenchError(
      'scenario',
      `the worker of ${this.name} ended in the middle of the measurement${this.#reason}`,
      'what was complete is kept and marked partial',
    );
    this.#waiting?.reject(this.#failure);
  }
}
