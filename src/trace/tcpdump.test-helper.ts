import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';

/** Test helper: whether tcpdump is installed and may capture. */
export const canCapture =
  process.getuid?.() === 0 && spawnSync('tcpdump', ['--version'], { stdio: 'ignore' }).status === 0;

/** Test helper: what tcpdump writes of datagrams with payloads of these lengths, sent over loopback. */
export async function capturedDatagrams(payloads: readonly number[], ...flags: string[]): Promise<Buffer> {
  const receiver = createSocket('udp4').bind(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address();
  const filter = `udp and dst port ${port}`;
  const args = ['-i', 'lo', '-n', '-U', '--immediate-mode', '-c', `${payloads.length}`, '-w', '-', ...flags];
  const tcpdump = spawn('tcpdump', [...args, filter], { stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  tcpdump.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = once(tcpdump, 'close');
  await once(tcpdump.stderr, 'data');
  const sender = createSocket('udp4');
  for (const bytes of payloads) {
    await new Promise<void>((sent) => sender.send(Buffer.alloc(bytes), port, '127.0.0.1', () => sent()));
    // Not faster than a busy machine can write it down.
    await setTimeout(1);
  }
  const giveUp = AbortSignal.timeout(5000);
  giveUp.addEventListener('abort', () => tcpdump.kill('SIGINT'));
  await closed;
  sender.close();
  receiver.close();
  return Buffer.concat(chunks);
}
