import { describe, expect, it } from 'vitest';
import { H_PUT_TCE, H_STUFF_TCE } from '../papr/hcall.js';
import { readFtraceHcalls } from './ftrace-hcalls.js';

const enter = (time: string, vcpu: number, hcall: string, r7 = '0x0') =>
  ` qemu-system-ppc-4211  [008] d..2 ${time}: kvm_hcall_enter: VCPU ${vcpu}: hcall=${hcall} GPR4-7=0x80000000,0x1000,0x5003,${r7}`;
const exit = (time: string, vcpu: number, ret = 'RESUME_GUEST', rc = 'H_SUCCESS') =>
  ` qemu-system-ppc-4211  [008] d..2 ${time}: kvm_hcall_exit: VCPU ${vcpu}: ret=${ret} hcall_rc=${rc}`;

describe('a trace of hypercalls', () => {
  it('gives the time between enter and exit of the same vCPU, in microseconds or nanoseconds', () => {
    const { served, unpaired } = readFtraceHcalls([
      '# tracer: nop',
      enter('12.999999', 0, 'H_PUT_TCE'),
      enter('13.000000100', 1, 'H_STUFF_TCE', '0x10'),
      exit('13.000002', 0),
      exit('13.000001350', 1),
    ]);
    expect(unpaired).toBe(0);
    expect(served).toEqual([
      { hcall: H_PUT_TCE, npages: 1, serviceNs: 3000, leftForUserspace: false },
      { hcall: H_STUFF_TCE, npages: 16, serviceNs: 1250, leftForUserspace: false },
    ]);
  });

  it('tells what the kernel left to user space', () => {
    const { served } = readFtraceHcalls([
      enter('1.000000', 0, 'H_PUT_TCE'),
      exit('1.000002', 0, 'RESUME_HOST', 'H_TOO_HARD'),
    ]);
    expect(served.map(({ leftForUserspace }) => leftForUserspace)).toEqual([true]);
  });

  it('counts other hypercalls, foreign lines and events without their other half', () => {
    const read = readFtraceHcalls([
      exit('1.000000', 0),
      enter('1.000001', 0, 'H_CEDE'),
      exit('1.000002', 0),
      enter('1.000003', 0, 'H_PUT_TCE'),
      enter('1.000004', 0, 'H_PUT_TCE'),
      ' kworker-1 [000] ..s. 1.0: sched_switch: x',
      '',
    ]);
    expect(read).toMatchObject({ served: [], events: 5, otherHcalls: 1, foreignLines: 1, unpaired: 3 });
  });

  it.each([
    ['nothing', (time: string) => `${time}.000001: kvm_hcall_`],
    ['the columns of ftrace', (time: string) => ` qemu-kvm-77    [008] d..2 ${time}.000001: kvm_hcall_`],
    [
      'its column of thread groups',
      (time: string) => `CPU 8/KVM-77  (     70) [008] ..... ${time}.000001: kvm_hcall_`,
    ],
    [
      'those of trace-cmd report',
      (time: string) => `       CPU 8/KVM-77    [008]   ${time}.000001: kvm_hcall_`,
    ],
    ['those of perf script', (time: string) => `CPU 8/KVM 77 [008]   ${time}.000001: kvm_hv:kvm_hcall_`],
    ['the latency format', (time: string) => `qemu-kvm-77     8d..2 ${time}000001us : kvm_hcall_`],
  ])('may have %s before the time', (_, prefix) => {
    const call = 'VCPU 3: hcall=0x20 GPR4-7=0x80000000,0x1000,0x5003,0x0';
    const lines = [
      `${prefix('7')}enter:      ${call}`,
      `${prefix('8')}exit:       VCPU 3: ret=RESUME_GUEST hcall_rc=H_SUCCESS`,
      '',
    ];
    expect(readFtraceHcalls(lines)).toMatchObject({
      served: [{ hcall: H_PUT_TCE, npages: 1, serviceNs: 1e9 }],
      ...{ foreignLines: 0, unpaired: 0, truncated: false },
    });
  });

  it('keeps the same vCPU of two guests apart', () => {
    const of = (pid: number, line: string) => line.replace('4211', String(pid));
    const { served, unpaired } = readFtraceHcalls([
      of(1, enter('1.000000', 0, 'H_PUT_TCE')),
      of(2, enter('1.000001', 0, 'H_PUT_TCE')),
      of(1, exit('1.000004', 0)),
      of(2, exit('1.000009', 0)),
    ]);
    expect([served.map(({ serviceNs }) => serviceNs), unpaired]).toEqual([[4000, 8000], 0]);
  });

  it('leaves out a last line that is cut, and time that runs backwards', () => {
    const cut = readFtraceHcalls([enter('1.0000', 0, 'H_PUT_TCE').slice(0, 60)]);
    expect(cut).toMatchObject({ events: 0, foreignLines: 0, truncated: true });
    const back = readFtraceHcalls([enter('1.000009', 0, 'H_PUT_TCE'), exit('1.000001', 0)]);
    expect(back).toMatchObject({ served: [], unpaired: 1 });
  });
});
