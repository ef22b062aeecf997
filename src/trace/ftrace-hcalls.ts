import { H_GET_TCE, H_PUT_TCE, H_PUT_TCE_INDIRECT, H_STUFF_TCE } from '../papr/hcall.js';

/** One TCE hypercall that the host kernel served, as ftrace saw it enter and leave. */
export interface ServedHcall {
  readonly hcall: number;
  /** TCEs that it was to set or clear. */
  readonly npages: number;
  readonly serviceNs: number;
  /** Whether the kernel handed it to user space: its service ended elsewhere. */
  readonly leftForUserspace: boolean;
}

/** What a trace of `kvm_hv:kvm_hcall_enter` and `kvm_hcall_exit` holds. */
export interface FtraceHcalls {
  readonly served: readonly ServedHcall[];
  /** Other hypercalls, and lines that are no such event. */
  readonly otherHcalls: number;
  readonly foreignLines: number;
  /** Enters without an exit and exits without an enter: the ends of the trace, or lost events. */
  readonly unpaired: number;
}

const HCALLS: Readonly<Record<string, number>> = {
  H_PUT_TCE,
  H_PUT_TCE_INDIRECT,
  H_STUFF_TCE,
  H_GET_TCE,
  [`0x${H_PUT_TCE.toString(16)}`]: H_PUT_TCE,
  [`0x${H_PUT_TCE_INDIRECT.toString(16)}`]: H_PUT_TCE_INDIRECT,
  [`0x${H_STUFF_TCE.toString(16)}`]: H_STUFF_TCE,
  [`0x${H_GET_TCE.toString(16)}`]: H_GET_TCE,
};

/** `... 1234.567890: kvm_hcall_enter: VCPU 0: hcall=H_PUT_TCE GPR4-7=0x80000000,0x1000,0x5003,0x0` */
const EVENT = /\s(\d+)\.(\d{6}|\d{9}): kvm_hcall_(enter|exit): VCPU (\d+): (.*)$/;
const ENTER = /^hcall=(\S+) GPR4-7=(\S+)$/;
const EXIT = /^ret=(\S+) hcall_rc=(\S+)$/;

interface Entered {
  readonly hcall: number | undefined;
  readonly npages: number;
  readonly sec: number;
  readonly ns: number;
}

/**
 * Reads the text of ftrace (trace file or `trace-cmd report`): the service time of each TCE hypercall that reached the
 * host kernel in virtual mode, from its enter to its exit on the same vCPU. Calls that real mode answers are not in
 * it, nor are the legs of the exits.
 */
export function readFtraceHcalls(lines: Iterable<string>): FtraceHcalls {
  const open = new Map<string, Entered>();
  const served: ServedHcall[] = [];
  let otherHcalls = 0;
  let foreignLines = 0;
  let unpaired = 0;
  for (const line of lines) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const event = EVENT.exec(line);
    const [, sec = '', fraction = '', kind = '', vcpu = '', rest = ''] = event ?? [];
    const detail = event === null ? null : (kind === 'enter' ? ENTER : EXIT).exec(rest.trim());
    if (detail === null) {
      foreignLines++;
      continue;
    }
    const ns = Number(fraction.padEnd(9, '0'));
    if (kind === 'enter') {
      if (open.has(vcpu)) unpaired++;
      open.set(vcpu, { ...enteredOf(detail), sec: Number(sec), ns });
      continue;
    }
    const entered = open.get(vcpu);
    open.delete(vcpu);
    if (entered === undefined) unpaired++;
    else if (entered.hcall === undefined) otherHcalls++;
    else {
      const serviceNs = (Number(sec) - entered.sec) * 1e9 + ns - entered.ns;
      const leftForUserspace = (detail[1] ?? '').startsWith('RESUME_HOST') || detail[2] === 'H_TOO_HARD';
      served.push({ hcall: entered.hcall, npages: entered.npages, serviceNs, leftForUserspace });
    }
  }
  return { served, otherHcalls, foreignLines, unpaired: unpaired + open.size };
}

function enteredOf([, name = '', registers = '']: RegExpExecArray): {
  hcall: number | undefined;
  npages: number;
} {
  const hcall = HCALLS[name];
  const r7 = Number(hexadecimal(registers.split(',')[3] ?? '0'));
  const takesPages = hcall === H_PUT_TCE_INDIRECT || hcall === H_STUFF_TCE;
  return { hcall, npages: takesPages ? r7 : 1 };
}

function hexadecimal(text: string): string {
  return text.startsWith('0x') ? text : `0x${text}`;
}
