import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../errors.js';
import { newArmHistograms } from './arm-histograms.js';
import { streamOf } from './arm-machine.js';
import { callsPerSample } from './arms.js';
import { passBarrier } from './barrier.js';
import { MapUnmapLoop } from './map-unmap-loop.js';
import { paceSlice, wholeNs } from './paced-slice.js';
import type { PacedReply, ReadyReply, SliceReply, VcpuRequest, VcpuWorkerData } from './protocol.js';
import { StreamLoop } from './stream-loop.js';
import { timeSlice } from './tinybench-adapter.js';
import { vcpuMachine } from './vcpu-sink.js';

/** The thread of one vCPU of a measured arm: it times slices of its loop whenever it is asked to. */
const port = parentPort;
assert(port !== null, 'arm-worker runs as a worker');
const data = workerData as VcpuWorkerData;
const { sink, store, memory, mailbox } = vcpuMachine(data);
const { spec, vcpu } = data;
const { stream, callsPerStep } = spec;
const calls = callsPerSample(spec);
// One of them alone runs in this thread, so that its call sites know one sink.
const loop =
  stream === null
    ? new MapUnmapLoop(spec, vcpu, sink, store)
    : new StreamLoop(streamOf(spec, stream, vcpu), calls + spec.extraSteps, sink, store);
const sample = () => loop.sample();
const step = () => loop.step();

const histograms = newArmHistograms();

port.on('message', (request: VcpuRequest) => {
  if (request.kind === 'stop') {
    mailbox?.stop();
    port.postMessage(histograms);
    port.close();
    return;
  }
  passBarrier(data.barrier, request.arrivals);
  mailbox?.wake();
  const reply =
    request.kind === 'slice'
      ? timed(request.milliseconds, request.keeps)
      : pacedCalls(request.milliseconds, request.callsPerSec);
  mailbox?.park();
  port.postMessage(reply);
});
port.postMessage({ memory } satisfies ReadyReply);

function timed(milliseconds: number, keeps: boolean): SliceReply {
  const beganMs = sharedClockMs();
  const timing = timeSlice(sample, milliseconds);
  if (keeps) for (const ms of timing.sortedMs) histograms.samples.record(wholeNs(ms));
  return {
    calls: timing.samples * calls,
    medianNs: timing.medianNs / calls,
    p99Ns: timing.p99Ns / calls,
    beganMs,
    endedMs: beganMs + timing.totalMs,
  };
}

/** Each thread counts from its own origin. */
function sharedClockMs(): number {
  return performance.timeOrigin + performance.now();
}

function pacedCalls(milliseconds: number, callsPerSec: number): PacedReply {
  const reply = paceSlice(step, histograms, callsPerSec / callsPerStep, milliseconds);
  return { calls: reply.calls * callsPerStep, lateCalls: reply.lateCalls * callsPerStep };
}
