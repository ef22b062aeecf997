import { describe, expect, it } from 'vitest';
import { readScenario } from '../conform/scenario-format.js';
import { linesOf } from '../input-text.js';
import { readFtraceHcalls } from '../trace/ftrace-hcalls.js';
import { PcapScanner } from '../trace/pcap.js';
import { surveyLog } from '../trace/survey.js';
import { TraceLog } from '../trace/trace-log.js';
import { CAPTURES } from './seeds.test-helper.js';

const CONFIG = '{"op":"config","format":1,"kernel":"v3-patch","hostPageShift":16}';
const fill = (count: number) =>
  `{"op":"writeGuest","gpa":"0x0","fill":{"base":"0x0","step":"0x1","count":${count}}}`;

async function survey(text: string) {
  async function* stdin() {
    yield Buffer.from(text);
  }
  const log = await TraceLog.open('-', stdin());
  try {
    return await surveyLog(log);
  } finally {
    await log.close();
  }
}

const PUT = '1@1.000001:spapr_iommu_put liobn=0x80000000 ioba=0x1000 tce=0x1003 ret=0';

describe('lines that nobody would write', () => {
  it.each([
    ['a million letters', 'a'.repeat(1e6)],
    ['a million blanks', ' '.repeat(1e6)],
    ['a time and a million blanks', `1us${' '.repeat(1e6)}`],
    ['NUL bytes', '\0'.repeat(5000)],
    ['half an event and a million digits', `1@1.000001:spapr_iommu_put liobn=0x${'f'.repeat(1e6)}`],
  ])('are foreign to every reader of lines, and cost no more than their length: %s', async (_, line) => {
    const { lines, calls, foreign, malformed } = await survey(`${PUT}\n${line}\n${PUT}\n`);
    expect({ lines, calls, others: foreign + malformed }).toEqual({ lines: 3, calls: 2, others: 1 });
    const trace = readFtraceHcalls(linesOf(`${line}\n`));
    expect(trace.events).toBe(0);
  });

  it.each([
    [
      'blanks between the columns',
      (blanks: string) => `qemu-1${blanks}x 1.000001: kvm_hcall_enter: VCPU 0: y`,
    ],
    ['blanks behind the time', (blanks: string) => `qemu-1 [0] 1us${blanks}kvm_hcall_enter: VCPU 0: y`],
  ])('take no square of their length in a trace: %s', (_, line) => {
    // As long as an event may be, as often as makes the square an hour and the length a second.
    const text = `${line(' '.repeat(4000))}\n`.repeat(4000);
    expect(readFtraceHcalls(linesOf(text)).foreignLines).toBe(4000);
  });

  it('end with a carriage return or begin with a byte order mark, and are read all the same', async () => {
    expect(await survey(`${PUT}\r\n${PUT}\r\n`)).toMatchObject({ calls: 2, malformed: 0 });
    expect(readScenario(`\uFEFF${CONFIG}\r\n\r\n{"op":"dump"}\r\n`, 'a').lines).toHaveLength(2);
  });
});

describe('what a document may make this program keep', () => {
  it('is bounded in the words that a scenario writes', () => {
    const text = (lists: number) => `${[CONFIG, ...Array(lists).fill(fill(2 ** 20))].join('\n')}\n`;
    expect(readScenario(text(4), 'a').lines).toHaveLength(5);
    expect(() => readScenario(text(5), 'a.jsonl')).toThrow(/^a\.jsonl:6: more than 4194304 words/);
  });

  it('is bounded in the tables of a log', async () => {
    const log = (liobns: number) =>
      Array.from({ length: liobns }, (_, i) => PUT.replace('80000000', (0x80000000 + i).toString(16))).join(
        '\n',
      );
    expect((await survey(`${log(1024)}\n`)).tables).toHaveLength(1024);
    await expect(survey(`${log(1025)}\n`)).rejects.toThrow(/^stdin: has tables of more than 1024 LIOBNs/);
  });

  it('is bounded in the LIOBNs that a guest may try', async () => {
    const refused = (i: number) =>
      `1@1.000001:spapr_iommu_put liobn=0x${i.toString(16)} ioba=0x0 tce=0x0 ret=-4`;
    const log = (liobns: number) => `${Array.from({ length: liobns }, (_, i) => refused(i)).join('\n')}\n`;
    expect((await survey(log(65536))).calls).toBe(65536);
    await expect(survey(log(65537))).rejects.toThrow(/more than 65536 LIOBNs/);
  });

  it('is bounded in the packets of a capture', () => {
    const scan = (maxPackets: number) => {
      const scanner = new PcapScanner('a.pcap', maxPackets);
      scanner.push(Buffer.from(CAPTURES[0] as Uint8Array));
      return scanner.end(false);
    };
    expect(scan(3).sizes).toHaveLength(3);
    expect(() => scan(2)).toThrow(/^a\.pcap: has more than 2 packets/);
  });

  it('does not come from the prototype of an object', () => {
    const enter = (name: string) => `q-1 [0] 1.000001: kvm_hcall_enter: VCPU 0: hcall=${name} GPR4-7=1,2,3,4`;
    const exit = 'q-1 [0] 1.000002: kvm_hcall_exit: VCPU 0: ret=RESUME_GUEST hcall_rc=H_SUCCESS';
    for (const name of ['constructor', '__proto__', 'toString']) {
      expect(readFtraceHcalls([enter(name), exit, ''])).toMatchObject({ served: [], otherHcalls: 1 });
    }
  });

  it('is no time between two events that have nothing to do with each other', () => {
    const enter = `q-1 [0] ${'9'.repeat(400)}.000001: kvm_hcall_enter: VCPU 0: hcall=H_PUT_TCE GPR4-7=1,2,3,4`;
    const exit = `q-1 [0] ${'9'.repeat(400)}.000002: kvm_hcall_exit: VCPU 0: ret=RESUME_GUEST hcall_rc=H_SUCCESS`;
    expect(readFtraceHcalls([enter, exit, ''])).toMatchObject({ served: [], unpaired: 1 });
  });
});
