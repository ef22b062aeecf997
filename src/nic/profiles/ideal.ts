import { parameter } from '../nic-parameter.js';
import type { NicProfile } from '../nic-profile.js';

const IDEAL_CARD = 'no such card: the limit of what a driver could save';

/** A card whose every buffer is mapped once: what the hypercalls of the others are to be compared with. */
export const IDEAL: NicProfile = {
  id: 'ideal',
  title: 'a card that maps its buffers once',
  offloads: ['tso', 'swGso', 'linear', 'sendfile'],
  limits: {
    mtuMin: parameter(68, 'B', 'memory', 'the least of IPv4'),
    mtuMax: parameter(65535, 'B', 'memory', 'the most of IPv4'),
    queueSetsMax: parameter(64, 'queue sets', 'assumed', IDEAL_CARD),
    pcieBytesPerSec: parameter(0, 'B/s', 'assumed', '0: no limit'),
  },
  rings: {
    receiveBuffersBytes: parameter(2 ** 20, 'B', 'assumed', IDEAL_CARD),
    transmitBuffersBytes: parameter(2 ** 20, 'B', 'assumed', IDEAL_CARD),
  },
  receive: {
    mechanism: 'ideal',
    buffers: parameter(512, 'buffers', 'assumed', IDEAL_CARD),
    napiWeight: parameter(64, 'frames', 'memory', 'NAPI_POLL_WEIGHT'),
  },
  transmit: {
    mechanism: 'ideal',
    descriptors: parameter(512, 'descriptors', 'assumed', IDEAL_CARD),
  },
};
