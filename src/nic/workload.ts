import { inputError } from '../errors.js';
import { arrivalsOf } from './arrivals.js';
import { CapturedPackets } from './captured-packets.js';
import type { Card } from './card.js';
import { Datagrams } from './datagrams.js';
import type { Nic } from './nic.js';
import { RequestResponse } from './request-response.js';
import { TcpStream } from './tcp-stream.js';
import type { Traffic, TrafficRandom } from './traffic.js';

/** A card at the work that a scenario names. */
export function cardAtWork(nic: Nic, traffic: Traffic, random: TrafficRandom): Card {
  const { train, arrival, frameMix } = traffic;
  if (train !== undefined) return new CapturedPackets(nic, traffic, train);
  if (arrival === 'capture') {
    throw inputError('traffic.arrival: is capture, but there is none', 'name a file with traffic.pcap');
  }
  const arrivals = arrivalsOf(arrival, random.arrival);
  if (frameMix !== undefined) return new Datagrams(nic, { ...traffic, frameMix }, arrivals, random.frame);
  if (traffic.workload === 'rr') return new RequestResponse(nic, traffic, arrivals);
  return new TcpStream(nic, traffic, arrivals);
}
