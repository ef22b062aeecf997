import { Worker } from 'node:worker_threads';
import type { GuestStore, HcallSink } from '../papr/hcall-sink.js';
import { buildMachine } from '../path/machine.js';
import { V3 } from '../path/revisions/v3.js';
import { machineOf } from './arm-machine.js';
import { type ArmMemory, buffersOf, memoryOf } from './arm-memory.js';
import { LockedHandlers } from './big-lock.js';
import { EmptyHandlers } from './empty-handlers.js';
import { MailboxClient, newMailbox } from './mailbox.js';
import type { UserspaceWorkerData, VcpuWorkerData } from './protocol.js';

/** A vCPU's end of its machine. */
export interface VcpuMachine {
  readonly sink: HcallSink;
  readonly store: GuestStore;
  readonly memory: ArmMemory;
  /** The hand-over to a thread that spins or sleeps; null where the vCPU's own thread serves. */
  readonly mailbox: MailboxClient | null;
}

/** Builds the machine of an arm in the thread of one vCPU, or attaches to the one that vCPU 0 has built. */
export function vcpuMachine({ spec, memory, lock }: VcpuWorkerData): VcpuMachine {
  const buffers = buffersOf(spec, memory);
  const { exit } = spec;
  if (exit === 'spin' || exit === 'block') {
    const shared = newMailbox();
    const mailbox = new MailboxClient(shared, exit);
    const { host, ladder } = buildMachine(machineOf(spec), V3, buffers, mailbox);
    const data: UserspaceWorkerData = { spec, memory: memoryOf(buffers), mailbox: shared, lock };
    const server = new Worker(new URL('../../dist/measure/userspace-worker.js', import.meta.url), {
      workerData: data,
    });
    // The vCPU's thread must not go on as if nothing had happened.
    server.once('error', (error) => {
      throw error;
    });
    return {
      sink: spec.part === 'handOver' ? mailbox : ladder,
      store: host,
      memory: memoryOf(buffers),
      mailbox,
    };
  }
  const locked = exit === 'lock' ? new LockedHandlers(lock, new EmptyHandlers()) : undefined;
  const { host, ladder, userspace } = buildMachine(machineOf(spec), V3, buffers, locked);
  if (spec.part === 'whole') locked?.guard(userspace);
  const parts = { whole: ladder, handOver: locked ?? ladder, handler: userspace };
  return { sink: parts[spec.part], store: host, memory: memoryOf(buffers), mailbox: null };
}
