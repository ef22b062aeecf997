import {
  type OperationCounts,
  REAL_MODE_HCALLS,
  USERSPACE_EXITS,
  VIRTUAL_EXITS,
} from '../cost/operations.js';
import type { Host } from '../host/host.js';
import { HostFault } from '../host/host-fault.js';
import { H_TOO_HARD, HOST_FAULT } from '../papr/hcall-return.js';
import type { HcallSink } from '../papr/hcall-sink.js';
import type { InKernelHandlers } from './in-kernel.js';
import type { UserspaceHandlers } from './userspace.js';

const REAL = 0;
const VIRTUAL = 1;
const USERSPACE = 2;

/** How many hypercalls each rung answered. */
export interface EndedIn {
  real: number;
  virtual: number;
  userspace: number;
}

/**
 * The way of one hypercall: real mode, virtual mode, user space. Only H_TOO_HARD moves it down, each rung starts
 * from scratch, and every other code goes straight back to the guest.
 *
 * The rungs are called by name, not through a list, so that each call site stays monomorphic.
 */
export class Ladder implements HcallSink {
  readonly endedIn: EndedIn = { real: 0, virtual: 0, userspace: 0 };
  /** Calls in which the host would have crashed, and what happened in the first of them. */
  hostFaults = 0;
  firstHostFault = '';
  resultHi = 0;
  resultLo = 0;
  #rung = REAL;
  readonly #counts: OperationCounts;
  readonly #real: InKernelHandlers | null;
  readonly #virtual: InKernelHandlers;
  readonly #userspace: UserspaceHandlers;

  /** `real` is null where hypercalls go straight to virtual mode. */
  constructor(
    host: Host,
    real: InKernelHandlers | null,
    virtual: InKernelHandlers,
    userspace: UserspaceHandlers,
  ) {
    this.#counts = host.counts;
    this.#real = real;
    this.#virtual = virtual;
    this.#userspace = userspace;
  }

  putTce(liobn: number, iobaHi: number, iobaLo: number, tceHi: number, tceLo: number): number {
    try {
      let code = H_TOO_HARD;
      if (this.#real !== null) code = this.#enterReal(this.#real).putTce(liobn, iobaHi, iobaLo, tceHi, tceLo);
      if (code === H_TOO_HARD) code = this.#enterVirtual().putTce(liobn, iobaHi, iobaLo, tceHi, tceLo);
      if (code === H_TOO_HARD) code = this.#enterUserspace().putTce(liobn, iobaHi, iobaLo, tceHi, tceLo);
      return this.#end(code);
    } catch (error) {
      return this.#hostFault(error);
    }
  }

  putTceIndirect(
    liobn: number,
    iobaHi: number,
    iobaLo: number,
    listHi: number,
    listLo: number,
    npages: number,
  ): number {
    try {
      let code = H_TOO_HARD;
      if (this.#real !== null) {
        code = this.#enterReal(this.#real).putTceIndirect(liobn, iobaHi, iobaLo, listHi, listLo, npages);
      }
      if (code === H_TOO_HARD) {
        code = this.#enterVirtual().putTceIndirect(liobn, iobaHi, iobaLo, listHi, listLo, npages);
      }
      if (code === H_TOO_HARD) {
        code = this.#enterUserspace().putTceIndirect(liobn, iobaHi, iobaLo, listHi, listLo, npages);
      }
      return this.#end(code);
    } catch (error) {
      return this.#hostFault(error);
    }
  }

  stuffTce(
    liobn: number,
    iobaHi: number,
    iobaLo: number,
    tceHi: number,
    tceLo: number,
    npages: number,
  ): number {
    try {
      let code = H_TOO_HARD;
      if (this.#real !== null) {
        code = this.#enterReal(this.#real).stuffTce(liobn, iobaHi, iobaLo, tceHi, tceLo, npages);
      }
      if (code === H_TOO_HARD) {
        code = this.#enterVirtual().stuffTce(liobn, iobaHi, iobaLo, tceHi, tceLo, npages);
      }
      if (code === H_TOO_HARD) {
        code = this.#enterUserspace().stuffTce(liobn, iobaHi, iobaLo, tceHi, tceLo, npages);
      }
      return this.#end(code);
    } catch (error) {
      return this.#hostFault(error);
    }
  }

  /** H_GET_TCE has a real-mode handler only; where it cannot answer, user space does. */
  getTce(liobn: number, iobaHi: number, iobaLo: number): number {
    let code = H_TOO_HARD;
    if (this.#real !== null) code = this.#enterReal(this.#real).getTce(liobn, iobaHi, iobaLo);
    const answers = code === H_TOO_HARD ? this.#userspace : this.#real;
    if (code === H_TOO_HARD) {
      this.#enterVirtual();
      code = this.#enterUserspace().getTce(liobn, iobaHi, iobaLo);
    }
    this.resultHi = answers?.resultHi ?? 0;
    this.resultLo = answers?.resultLo ?? 0;
    return this.#end(code);
  }

  #enterReal(handlers: InKernelHandlers): InKernelHandlers {
    this.#count(REAL_MODE_HCALLS);
    this.#rung = REAL;
    return handlers;
  }

  #enterVirtual(): InKernelHandlers {
    this.#count(VIRTUAL_EXITS);
    this.#rung = VIRTUAL;
    return this.#virtual;
  }

  #enterUserspace(): UserspaceHandlers {
    this.#count(USERSPACE_EXITS);
    this.#rung = USERSPACE;
    return this.#userspace;
  }

  #end(code: number): number {
    if (this.#rung === REAL) this.endedIn.real++;
    else if (this.#rung === VIRTUAL) this.endedIn.virtual++;
    else this.endedIn.userspace++;
    return code;
  }

  #hostFault(error: unknown): number {
    if (!(error instanceof HostFault)) throw error;
    if (this.hostFaults === 0) this.firstHostFault = error.message;
    this.hostFaults++;
    return HOST_FAULT;
  }

  #count(operation: number): void {
    this.#counts[operation] = (this.#counts[operation] as number) + 1;
  }
}
