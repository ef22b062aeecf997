import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { SharedBuffers } from '../host/shared-buffers.js';
import { H_PARAMETER, H_SUCCESS } from '../papr/hcall-return.js';
import { buildMachine } from '../path/machine.js';
import { V3 } from '../path/revisions/v3.js';
import { LIOBN, machineOf, shareOf } from './arm-machine.js';
import { memoryOf } from './arm-memory.js';
import { type ArmSpec, MEASURED_ARMS } from './arms.js';
import { MailboxClient, newMailbox } from './mailbox.js';

describe.each(['spin', 'block'] as const)('a hand-over by %s', (exit) => {
  const SPEC = MEASURED_ARMS.find(({ id }) => id === `single-userspace/${exit}`) as ArmSpec;
  const LIST_GPA = shareOf(SPEC, 0).listGpa;
  const buffers = new SharedBuffers();
  const mailbox = newMailbox();
  const client = new MailboxClient(mailbox, exit);
  const machine = buildMachine(machineOf(SPEC), V3, buffers, client);
  const server = new Worker(new URL('../../dist/measure/userspace-worker.js', import.meta.url), {
    workerData: { spec: SPEC, memory: memoryOf(buffers), mailbox },
  });
  client.wake();
  const ended = new Promise((resolve) => server.once('exit', resolve));
  afterAll(async () => {
    client.stop();
    expect(await ended).toBe(0);
  });
  const entries = machine.tables[0];

  it('lets another thread change the tables that this one sees', () => {
    expect(machine.ladder.putTce(LIOBN, 0, 0x5000, 0, 0x7003)).toBe(H_SUCCESS);
    expect(entries?.guestView.lo(5)).toBe(0x7003);
    expect((entries?.hardware.entries.lo(5) ?? 0) & 0xfff).toBe(3);
    expect(machine.region.mapped).toBe(2);
  });

  it('carries every argument and the code: list, range, address outside the window', () => {
    for (let i = 0; i < 4; i++) machine.host.storeWord(LIST_GPA + i * 8, 0, ((0x20 + i) << 12) | 1);
    expect(machine.ladder.putTceIndirect(LIOBN, 0, 0x10000, 0, LIST_GPA, 4)).toBe(H_SUCCESS);
    expect([16, 17, 18, 19].map((entry) => entries?.guestView.lo(entry))).toEqual([
      0x20001, 0x21001, 0x22001, 0x23001,
    ]);
    expect(machine.region.mapped).toBe(6);
    expect(machine.ladder.stuffTce(LIOBN, 0, 0x10000, 0, 0, 4)).toBe(H_SUCCESS);
    expect(machine.region.mapped).toBe(2);
    expect(machine.ladder.putTce(LIOBN, 1, 0, 0, 0x7003)).toBe(H_PARAMETER);
    expect(machine.ladder.getTce(LIOBN, 0, 0x5000)).toBe(H_SUCCESS);
    expect(machine.ladder.resultLo).toBe(0x7003);
  });
});
