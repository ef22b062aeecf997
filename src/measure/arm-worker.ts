import { createHistogram, performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../errors.js';
import { passGate } from './gate.js';
import { MapUnmapLoop } from './map-unmap-loop.js';
import { paceSlice } from './paced-slice.js';
import type {
  PacedReply,
  ReadyReply,
  SliceReply,
  StopReply,
  VcpuRequest,
  VcpuWorkerData,
} from './protocol.js';
import { timeSlice } from './tinybench-adapter.js';
import { vcpuMachine } from './vcpu-sink.js';

/** The thread of one vCPU of a measured arm: it times slices of its loop whenever it is asked to. */
const port = parentPort;
assert(port !== null, 'arm-worker runs as a worker');
const data = workerData as VcpuWorkerData;
const { sink, store, memory, mailbox } = vcpuMachine(data);
const loop = new MapUnmapLoop(data.spec, data.vcpu, sink, store);
const sample = () => loop.sample();
const pair = () => loop.mapAndUnmap();
const MS_TO_NS = 1e6;
const CALLS_PER_PAIR = 2;

const samples = createHistogram();
const paced = { service: createHistogram(), response: createHistogram() };

port.on('message', (request: VcpuRequest) => {
  if (request.kind === 'stop') {
    mailbox?.stop();
    port.postMessage({ samples, ...paced } satisfies StopReply);
    port.close();
    return;
  }
  passGate(data.gate, request.arrivals);
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
  if (keeps) for (const ms of timing.sortedMs) samples.record(Math.max(1, Math.round(ms * MS_TO_NS)));
  return {
    calls: timing.samples * loop.callsPerSample,
    medianNs: timing.medianNs / loop.callsPerSample,
    p99Ns: timing.p99Ns / loop.callsPerSample,
    beganMs,
    endedMs: beganMs + timing.totalMs,
  };
}

/** Each thread counts from its own origin. */
function sharedClockMs(): number {
  return performance.timeOrigin + performance.now();
}

function pacedCalls(milliseconds: number, callsPerSec: number): PacedReply {
  const { calls, lateCalls } = paceSlice(pair, paced, callsPerSec / CALLS_PER_PAIR, milliseconds);
  return { calls: calls * CALLS_PER_PAIR, lateCalls: lateCalls * CALLS_PER_PAIR };
}
