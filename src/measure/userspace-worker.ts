import { workerData } from 'node:worker_threads';
import { SharedBuffers } from '../host/shared-buffers.js';
import { buildMachine } from '../path/machine.js';
import { V3 } from '../path/revisions/v3.js';
import { machineOf } from './arms.js';
import { serveMailbox } from './mailbox.js';
import type { UserspaceWorkerData } from './protocol.js';

/** The userspace thread of a measured arm: the same machine, on the same memory, served until it is stopped. */
const { spec, buffers, mailbox } = workerData as UserspaceWorkerData;
const machine = buildMachine(machineOf(spec), V3, new SharedBuffers(buffers));
serveMailbox(mailbox, machine.userspace);
