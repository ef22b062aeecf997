/** How often a stream is acknowledged, in words; 0 segments: no packet of its own, every ACK rides on data. */
export function acknowledgementText(segmentsPerAck: number): string {
  return segmentsPerAck === 0 ? 'all ACKs on data' : `one ACK per ${segmentsPerAck} segments`;
}
