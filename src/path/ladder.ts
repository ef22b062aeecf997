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

// An imported constant is read from memory at every use, one of this module is folded into the code.
const TOO_HARD = H_TOO_HARD;
const REAL_CALLS = REAL_MODE_HCALLS;

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
  // Declared, not defined: a field that begins as undefined costs a check of its type at every read.
  declare private readonly counts: OperationCounts;
  declare private readonly real: InKernelHandlers | null;
  declare private readonly virtual: InKernelHandlers;
  declare private readonly userspace: HcallSink;
  declare private readonly answersGetInVirtualMode: boolean;

  /**
   * `real` is null where hypercalls go straight to virtual mode. H_GET_TCE has a handler of virtual mode in some
   * kernels only.
   */
  constructor(
    host: Host,
    real: InKernelHandlers | null,
    virtual: InKernelHandlers,
    userspace: HcallSink,
    answersGetInVirtualMode = false,
  ) {
    this.answersGetInVirtualMode = answersGetInVirtualMode;
    this.counts = host.counts;
    this.real = real;
    this.virtual = virtual;
    this.userspace = userspace;
  }

  putTce(liobn: number, iobaHi: number, iobaLo: number, tceHi: number, tceLo: number): number {
    try {
      const real = this.real;
      if (real !== null) {
        const code = real.putTce(liobn, iobaHi, iobaLo, tceHi, tceLo);
        if (code !== TOO_HARD) return this.endInReal(code);
      }
      const code = this.enterVirtual().putTce(liobn, iobaHi, iobaLo, tceHi, tceLo);
      if (code !== TOO_HARD) return this.endInVirtual(code);
      return this.endInUserspace(this.enterUserspace().putTce(liobn, iobaHi, iobaLo, tceHi, tceLo));
    } catch (error) {
      return this.hostFault(error);
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
      const real = this.real;
      if (real !== null) {
        const code = real.putTceIndirect(liobn, iobaHi, iobaLo, listHi, listLo, npages);
        if (code !== TOO_HARD) return this.endInReal(code);
      }
      const code = this.enterVirtual().putTceIndirect(liobn, iobaHi, iobaLo, listHi, listLo, npages);
      if (code !== TOO_HARD) return this.endInVirtual(code);
      const userspace = this.enterUserspace();
      return this.endInUserspace(userspace.putTceIndirect(liobn, iobaHi, iobaLo, listHi, listLo, npages));
    } catch (error) {
      return this.hostFault(error);
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
      const real = this.real;
      if (real !== null) {
        const code = real.stuffTce(liobn, iobaHi, iobaLo, tceHi, tceLo, npages);
        if (code !== TOO_HARD) return this.endInReal(code);
      }
      const code = this.enterVirtual().stuffTce(liobn, iobaHi, iobaLo, tceHi, tceLo, npages);
      if (code !== TOO_HARD) return this.endInVirtual(code);
      const userspace = this.enterUserspace();
      return this.endInUserspace(userspace.stuffTce(liobn, iobaHi, iobaLo, tceHi, tceLo, npages));
    } catch (error) {
      return this.hostFault(error);
    }
  }

  /** Where no handler of the kernel answers, user space does. */
  getTce(liobn: number, iobaHi: number, iobaLo: number): number {
    const real = this.real;
    if (real !== null) {
      const code = real.getTce(liobn, iobaHi, iobaLo);
      if (code !== TOO_HARD) {
        this.takeResult(real);
        return this.endInReal(code);
      }
    }
    const virtual = this.enterVirtual();
    if (this.answersGetInVirtualMode) {
      const code = virtual.getTce(liobn, iobaHi, iobaLo);
      if (code !== TOO_HARD) {
        this.takeResult(virtual);
        return this.endInVirtual(code);
      }
    }
    const userspace = this.enterUserspace();
    const code = userspace.getTce(liobn, iobaHi, iobaLo);
    this.takeResult(userspace);
    return this.endInUserspace(code);
  }

  private enterVirtual(): InKernelHandlers {
    this.count(VIRTUAL_EXITS);
    return this.virtual;
  }

  private enterUserspace(): HcallSink {
    this.count(USERSPACE_EXITS);
    return this.userspace;
  }

  private endInReal(code: number): number {
    this.count(REAL_CALLS);
    this.endedIn.real++;
    return code;
  }

  private endInVirtual(code: number): number {
    this.endedIn.virtual++;
    return code;
  }

  private endInUserspace(code: number): number {
    this.endedIn.userspace++;
    return code;
  }

  private takeResult({ resultHi, resultLo }: HcallSink): void {
    this.resultHi = resultHi;
    this.resultLo = resultLo;
  }

  private hostFault(error: unknown): number {
    if (!(error instanceof HostFault)) throw error;
    if (this.hostFaults === 0) this.firstHostFault = error.message;
    this.hostFaults++;
    return HOST_FAULT;
  }

  private count(operation: number): void {
    const counts = this.counts;
    counts[operation] = (counts[operation] as number) + 1;
  }
}
