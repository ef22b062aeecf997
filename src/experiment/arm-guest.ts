import { noOperations, type OperationCounts } from '../cost/operations.js';
import { TcebenchError } from '../errors.js';
import { DmaApi } from '../guest/dma-api.js';
import { Guest } from '../guest/guest.js';
import { GuestPages } from '../guest/guest-pages.js';
import { DmaWindow } from '../papr/dma-window.js';
import type { GuestStore, HcallSink } from '../papr/hcall-sink.js';
import type { MachineWindow } from '../path/machine.js';
import type { Arm } from '../scenario/arms.js';
import type { Scenario } from '../scenario/scenario.js';
import { randomStream } from '../sim/streams.js';

/** A guest that has booted, and what that took: kept apart from the traffic. */
export interface BootedGuest {
  readonly guest: Guest;
  readonly boot: {
    readonly hcalls: number;
    readonly tceOps: number;
    readonly counts: OperationCounts;
  };
}

const LIOBN = 0x80000000;
/** The LIOBN of the dynamic window, as QEMU gives it. */
const DDW_LIOBN = 0x80000001;
/** Where the dynamic window starts, as QEMU gives it. */
export const DDW_START = 2 ** 59;

/** The windows of an arm, the one that traffic uses last: a guest that clears at boot clears the default one. */
export function windowsOf(arm: Arm, { guest }: Scenario): readonly [...MachineWindow[], MachineWindow] {
  const pageBytes = 2 ** guest.window.pageShift;
  const usual: MachineWindow = {
    liobn: LIOBN,
    pageShift: guest.window.pageShift,
    offset: guest.window.start / pageBytes,
    size: guest.window.bytes / pageBytes,
  };
  if (arm.path !== 'direct') return [usual];
  // 64 KiB pages, the largest that QEMU 2.8 offers by default, as many as cover RAM.
  const direct = directWindow(guest.ramBytes, 16);
  return guest.bootClear ? [usual, direct] : [direct];
}

/** A dynamic window over all of a guest's RAM. */
export function directWindow(ramBytes: number, pageShift: number): MachineWindow {
  const size = Math.ceil(ramBytes / 2 ** pageShift);
  return { liobn: DDW_LIOBN, pageShift, offset: DDW_START / 2 ** pageShift, size };
}

/**
 * Boots the guest of an arm: clears the default window if the scenario says so, and fills a direct one. Pages come
 * from one seeded stream, the same for every arm. `counts` are those of the machine behind `sink`.
 */
export function bootGuest(
  arm: Arm,
  { guest: keys, run }: Scenario,
  { sink, store, counts }: { sink: HcallSink; store: GuestStore; counts: OperationCounts },
  windows: ReturnType<typeof windowsOf>,
): BootedGuest {
  const isDirect = arm.path === 'direct';
  const stream = randomStream(run.seed, run.run, 'guest/pages');
  const pages = new GuestPages({
    ramBytes: keys.ramBytes,
    pageBytes: keys.pageSize,
    random: stream.nextUint32,
  });
  const dmaWindow = ({ pageShift, offset, size }: MachineWindow) => new DmaWindow(pageShift, offset, size);
  const { maxIndirectTces } = keys;
  const common = { sink, store, multiTce: arm.multiTce, maxIndirectTces, pages };
  const used = windows.at(-1) as MachineWindow;
  const guest = new Guest({
    ...common,
    liobn: used.liobn,
    window: dmaWindow(used),
    ddw: isDirect,
    vcpus: keys.vcpus,
    unmap: keys.unmap,
    iovaPools: isDirect ? undefined : keys.iovaPools,
  });
  const before = counts.slice();
  const [cleared] = windows;
  const first =
    isDirect && keys.bootClear
      ? new DmaApi({ ...common, liobn: cleared.liobn, window: dmaWindow(cleared) })
      : guest.boot;
  if (keys.bootClear) first.clearWindow();
  if (isDirect && !guest.boot.fillDirectWindow()) {
    throw new TcebenchError(
      'scenario',
      'direct: the hypervisor refused a call that fills the direct window',
      'leave that arm out with guest.ddw=false',
    );
  }
  const bootCounts = noOperations();
  for (let i = 0; i < bootCounts.length; i++) bootCounts[i] = (counts[i] as number) - (before[i] as number);
  const made = first === guest.boot ? [first] : [first, guest.boot];
  const sum = (of: (dma: DmaApi) => number) => made.reduce((total, dma) => total + of(dma), 0);
  return {
    guest,
    boot: { hcalls: sum((dma) => dma.bootHcalls), tceOps: sum((dma) => dma.bootTceOps), counts: bootCounts },
  };
}
