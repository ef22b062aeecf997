import { workerData } from 'node:worker_threads';
import { buildMachine } from '../path/machine.js';
import { V3 } from '../path/revisions/v3.js';
import { buffersOf } from './arm-memory.js';
import { machineOf } from './arms.js';
import { EmptyHandlers } from './empty-handlers.js';
import { serveMailbox } from './mailbox-server.js';
import type { UserspaceWorkerData } from './protocol.js';

/** The userspace thread of a measured arm: the same machine, on the same memory, served until it is stopped. */
const { spec, memory, mailbox } = workerData as UserspaceWorkerData;
const machine = buildMachine(machineOf(spec), V3, buffersOf(spec, memory));
serveMailbox(
  mailbox,
  spec.exit === 'spin',
  spec.part === 'handOver' ? new EmptyHandlers() : machine.userspace,
);
