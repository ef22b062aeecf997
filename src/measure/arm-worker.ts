import { parentPort, Worker, workerData } from 'node:worker_threads';
import { assert } from '../errors.js';
import { SharedBuffers } from '../host/shared-buffers.js';
import { buildMachine } from '../path/machine.js';
import { V3 } from '../path/revisions/v3.js';
import { type ArmSpec, machineOf } from './arms.js';
import { MailboxClient, newMailbox } from './mailbox.js';
import { MapUnmapLoop } from './map-unmap-loop.js';
import type { SliceReply, SliceRequest, UserspaceWorkerData } from './protocol.js';
import { timeSlice } from './tinybench-adapter.js';

/** The thread of one measured arm: it times slices of its loop whenever it is asked to. */
const port = parentPort;
assert(port !== null, 'arm-worker runs as a worker');
const spec = workerData as ArmSpec;
const buffers = new SharedBuffers();
const mailbox = spec.exit === 'block' ? newMailbox() : null;
const client = mailbox === null ? undefined : new MailboxClient(mailbox);
const machine = buildMachine(machineOf(spec), V3, buffers, client);
if (mailbox !== null) {
  const data: UserspaceWorkerData = { spec, buffers: buffers.all, mailbox };
  new Worker(new URL('../../dist/measure/userspace-worker.js', import.meta.url), { workerData: data });
}
const loop = new MapUnmapLoop(spec, machine.ladder, machine.host);
const sample = () => loop.sample();

port.on('message', (request: SliceRequest) => {
  if (request.kind === 'stop') {
    client?.stop();
    port.close();
    return;
  }
  const { samples, medianNs, p99Ns } = timeSlice(sample, request.milliseconds);
  const reply: SliceReply = {
    calls: samples * loop.callsPerSample,
    medianNs: medianNs / loop.callsPerSample,
    p99Ns: p99Ns / loop.callsPerSample,
  };
  port.postMessage(reply);
});
