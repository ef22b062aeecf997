import { workerData } from 'node:worker_threads';
import { buildMachine } from '../path/machine.js';
import { V3 } from '../path/revisions/v3.js';
import { machineOf } from './arm-machine.js';
import { buffersOf } from './arm-memory.js';
import { LockedHandlers } from './big-lock.js';
import { EmptyHandlers } from './empty-handlers.js';
import { serveMailbox } from './mailbox-server.js';
import type { UserspaceWorkerData } from './protocol.js';

/** The userspace thread of a measured arm: the same machine, on the same memory, served until it is stopped. */
const { spec, memory, mailbox, lock } = workerData as UserspaceWorkerData;
const machine = buildMachine(machineOf(spec), V3, buffersOf(spec, memory));
const handlers = spec.part === 'handOver' ? new EmptyHandlers() : machine.userspace;
// The threads that serve several vCPUs work on the same tables.
const served = spec.vcpus === 1 ? handlers : new LockedHandlers(lock, handlers);
serveMailbox(mailbox, spec.exit === 'spin', served);
