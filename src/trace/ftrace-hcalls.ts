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
  /** Enters and exits of any hypercall. */
  readonly events: number;
  /** Other hypercalls, and lines that are no such event. */
  readonly otherHcalls: number;
  readonly foreignLines: number;
  /** Enters without an exit and exits without an enter: the ends of the trace, or lost events. */
  readonly unpaired: number;
  /** Whether the text stops inside its last line. */
  readonly truncated: boolean;
}

const HCALLS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    H_PUT_TCE,
    H_PUT_TCE_INDIRECT,
    H_STUFF_TCE,
    H_GET_TCE,
    [`0x${H_PUT_TCE.toString(16)}`]: H_PUT_TCE,
    [`0x${H_PUT_TCE_INDIRECT.toString(16)}`]: H_PUT_TCE_INDIRECT,
    [`0x${H_STUFF_TCE.toString(16)}`]: H_STUFF_TCE,
    [`0x${H_GET_TCE.toString(16)}`]: H_GET_TCE,
  }),
);

/**
 * `TASK-PID [008] d..2 1234.567890: kvm_hcall_enter: VCPU 0: hcall=H_PUT_TCE GPR4-7=0x80000000,0x1000,0x5003,0x0`. What
 * stands before the time differs: nothing, the columns of ftrace, those of trace-cmd report (which also pads the name of
 * the event) or of perf script (which puts the subsystem before it). In the latency format the time is microseconds.
 */
const EVENT =
  /^(.*?)\b(?:(\d+)\.(\d{6}|\d{9})|(\d+)us)[\s:!+#*@$]*\s(?:kvm_hv:)?kvm_hcall_(enter|exit):\s+VCPU\s+(\d+): (.*)$/;
/** An hour: no call takes as long, so these two do not belong together. */
const MAX_SERVICE_NS = 3.6e12;
/** A longer line is no event. */
const MAX_LINE_LENGTH = 4096;
const ENTER = /^hcall=(\S+) GPR4-7=(\S+)$/;
const EXIT = /^ret=(\S+) hcall_rc=(\S+)$/;
/**
 * The columns before the time that tell threads apart: two guests may both have a vCPU 0. Blanks are looked at from
 * their first one only, or a line of blanks would take the square of its length.
 */
const TASK = /^(.*?)(?<!\s)\s+(?:\(|\[|\d+[.dDnNsShHbBpP])/;

interface Entered {
  readonly hcall: number | undefined;
  readonly npages: number;
  readonly sec: number;
  readonly ns: number;
}

/**
 * Reads the text of ftrace (trace file, `trace-cmd report`, `perf script`): the service time of each TCE hypercall that
 * reached the host kernel in virtual mode, from its enter to its exit on the same vCPU. Calls that real mode answers are
 * not in it, nor are the legs of the exits. `lines` end with an empty one where the text ends with a newline.
 */
export function readFtraceHcalls(lines: Iterable<string>): FtraceHcalls {
  const open = new Map<string, Entered>();
  const served: ServedHcall[] = [];
  let events = 0;
  let otherHcalls = 0;
  let foreignLines = 0;
  let unpaired = 0;
  let truncated = false;
  for (const line of lines) {
    truncated = false;
    if (line.startsWith('#') || line.trim() === '') continue;
    const event = eventOf(line);
    if (event === null) {
      foreignLines++;
      truncated = true;
      continue;
    }
    events++;
    const { isEnter, vcpu, sec, ns, detail } = event;
    if (isEnter) {
      if (open.has(vcpu)) unpaired++;
      open.set(vcpu, { ...enteredOf(detail), sec, ns });
      continue;
    }
    const entered = open.get(vcpu);
    open.delete(vcpu);
    const serviceNs = entered === undefined ? -1 : (sec - entered.sec) * 1e9 + ns - entered.ns;
    if (entered === undefined || !(serviceNs >= 0 && serviceNs < MAX_SERVICE_NS)) unpaired++;
    else if (entered.hcall === undefined) otherHcalls++;
    else {
      const leftForUserspace = (detail[1] ?? '').startsWith('RESUME_HOST') || detail[2] === 'H_TOO_HARD';
      served.push({ hcall: entered.hcall, npages: entered.npages, serviceNs, leftForUserspace });
    }
  }
  if (truncated) foreignLines--;
  return { served, events, otherHcalls, foreignLines, unpaired: unpaired + open.size, truncated };
}

/** One line as an event; null where it is none. */
function eventOf(line: string): {
  readonly isEnter: boolean;
  readonly vcpu: string;
  readonly sec: number;
  readonly ns: number;
  readonly detail: RegExpExecArray;
} | null {
  const event = line.length > MAX_LINE_LENGTH ? null : EVENT.exec(line);
  if (event === null) return null;
  const [, columns = '', sec = '', fraction = '', us, kind, vcpu = '', rest = ''] = event;
  const isEnter = kind === 'enter';
  const detail = (isEnter ? ENTER : EXIT).exec(rest.trim());
  if (detail === null) return null;
  const time =
    us === undefined
      ? { sec: Number(sec), ns: Number(fraction.padEnd(9, '0')) }
      : { sec: Math.floor(Number(us) / 1e6), ns: (Number(us) % 1e6) * 1e3 };
  return { isEnter, vcpu: `${TASK.exec(columns)?.[1]?.trim() ?? ''}/${vcpu}`, ...time, detail };
}

function enteredOf([, name = '', registers = '']: RegExpExecArray): {
  hcall: number | undefined;
  npages: number;
} {
  const hcall = HCALLS.get(name);
  const r7 = Number(hexadecimal(registers.split(',')[3] ?? '0'));
  const takesPages = hcall === H_PUT_TCE_INDIRECT || hcall === H_STUFF_TCE;
  return { hcall, npages: takesPages ? r7 : 1 };
}

function hexadecimal(text: string): string {
  return text.startsWith('0x') ? text : `0x${text}`;
}
