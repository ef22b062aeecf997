import { Ledger } from './ledger.mjs';

const RAM_BYTES = 2 ** 30;
const LIOBN = 0x80000000;
const WIRE_BYTES_PER_SEC = 10e9 / 8;
const WINDOW_ENTRIES = [2 ** 18, 2 ** 16];
/** Rings and receive buffers hardly fit, so maps fail. */
const SMALL_WINDOW_ENTRIES = 2 ** 11;
/** Units without payload after which a second is over: a window too small for the card. */
const MAX_IDLE_UNITS = 2000;
/** Boots of a guest that scatter its pages differently; more would only touch more memory. */
const BOOTS = 16;

const WORKLOADS = [
  { name: 'stream both ways', workload: 'stream', direction: 'both' },
  { name: 'stream both ways', workload: 'stream', direction: 'both' },
  { name: 'stream out', workload: 'stream', direction: 'tx' },
  { name: 'stream in', workload: 'stream', direction: 'rx' },
  {
    name: 'transactions of 64 KiB',
    workload: 'rr',
    direction: 'both',
    requestBytes: 4096,
    responseBytes: 65536,
  },
  {
    name: 'datagrams of two lengths',
    workload: 'stream',
    direction: 'both',
    frameMix: [
      [1518, 7],
      [594, 1],
    ],
  },
];
const UNMAPS = ['strict', 'strict', 'strict', { deferred: 64 }, { reuse: 256 }];
/** What goes wrong in the second third of a second. */
const FAULTS = [
  'none',
  'none',
  'calls refused',
  'small window',
  'descriptors out of reach of real mode',
  'region out of reach of real mode',
  'list page absent',
  'hostile calls',
  'region registered twice, taken away once',
];

/**
 * Simulated seconds of a line of 10 Gb/s on machines that live as long as the soak: one for each revision and path,
 * with a window and a guest that come and go with each second.
 */
export class Traffic {
  #product;
  #seed;
  #machines = [];
  #live = new Map();

  constructor(product, seed) {
    this.#product = product;
    this.#seed = seed;
    for (const revision of product.REVISIONS) {
      for (const path of ['userspace', 'virtual', 'real']) {
        if (path === 'real' && revision.real === null) continue;
        const machine = new product.Machine({ ramBytes: RAM_BYTES, path }, revision);
        this.#machines.push({ revision, path, machine });
      }
    }
  }

  get machines() {
    return this.#machines.length;
  }

  /** Every table once, so that all memory that is ever needed is there before it is measured. */
  warmUp() {
    for (const { machine } of this.#machines) {
      for (const size of [...WINDOW_ENTRIES, SMALL_WINDOW_ENTRIES]) {
        machine.addWindow({ liobn: LIOBN, pageShift: 12, offset: 0, size });
        machine.removeWindow(LIOBN);
      }
    }
  }

  /** One simulated second: what was drawn, what it did, and what broke (empty where nothing did). */
  second(number) {
    const { randomStream, VERDICTS } = this.#product;
    const random = randomStream(this.#seed, number, 'soak/plan');
    const pick = (list) => list[random.nextUint32() % list.length];
    const { revision, path, machine } = pick(this.#machines);
    const holds = (rule) => VERDICTS.get(rule)?.get(revision.id)?.outcome === 'holds';
    const fault = survivable(pick(FAULTS), revision, holds);
    const drawn = {
      revision: revision.id,
      path,
      fault,
      traffic: pick(WORKLOADS),
      offload: pick(this.#product.CXGB3.offloads),
      mtu: pick([1500, 1500, 9000]),
      unmap: pick(UNMAPS),
      // The index of a list is wrong in this order: every longer list goes astray, as it did in that kernel.
      multiTce: random.nextUint32() % 4 !== 0 && revision.virtual.order !== 'first-entry',
      keepsToWindow: holds('I11'),
      guestPage: pick([65536, 65536, 4096]),
      entries: fault === 'small window' ? SMALL_WINDOW_ENTRIES : pick(WINDOW_ENTRIES),
      boot: random.nextUint32() % BOOTS,
    };
    return { drawn, ...this.#run(machine, drawn, random) };
  }

  #run(machine, drawn, random) {
    const { host } = machine;
    const { auditTables } = this.#product;
    const broken = [];
    const lockedBefore = host.locked.pages;
    const faultsBefore = machine.ladder.hostFaults;
    machine.addWindow({ liobn: LIOBN, pageShift: 12, offset: 0, size: drawn.entries });
    const live = this.#liveOf(drawn.entries);
    const ledger = new Ledger(machine, live, LIOBN);
    const guest = this.#boot(ledger, drawn);
    const card = this.#cardOf(guest, drawn, random);
    card.open();
    const audit = (when) => {
      const disagreement = auditTables(machine, (liobn) => (liobn === LIOBN ? live : null));
      if (disagreement !== null) broken.push(`${when}: ${disagreement}`);
    };
    const done = { wireBytes: 0, payloadBytes: 0 };
    work(card, done, WIRE_BYTES_PER_SEC / 3);
    const mend = this.#breakSomething(machine, ledger, drawn, random, broken);
    work(card, done, (WIRE_BYTES_PER_SEC * 2) / 3);
    mend();
    work(card, done, WIRE_BYTES_PER_SEC);
    audit('at work');
    card.close();
    guest.flush();
    ledger.refuseEvery = 0;
    audit('closed');
    const [dma] = guest.cpus;
    const isUndisturbed = ledger.refusedHere + ledger.refusedByMachine === 0;
    if (isUndisturbed && live.live > 0) broken.push(`${live.live} entries are left without any fault`);
    if (dma.tcesMapped !== dma.tcesUnmapped) {
      broken.push(`the driver mapped ${dma.tcesMapped} TCEs and unmapped ${dma.tcesUnmapped}`);
    }
    if (guest.cpus[0].pages.liveBytes > drawn.guestPage) {
      broken.push(`${guest.cpus[0].pages.liveBytes} bytes of the guest's pages are out after the end`);
    }
    machine.removeWindow(LIOBN);
    live.reset();
    const { regions } = host.preregistered;
    if (machine.region.mapped !== 1) broken.push(`mapped is ${machine.region.mapped} without a window`);
    if (regions.length !== 1 || machine.region.used !== 1) {
      broken.push(`${regions.length} regions, the first with ${machine.region.used} users, without a window`);
    }
    if (host.locked.pages !== lockedBefore) {
      broken.push(`${host.locked.pages - lockedBefore} locked pages were not given back`);
    }
    if (host.guestViews.length !== 0) broken.push(`${host.guestViews.length} guest views are left`);
    const hostFaults = machine.ladder.hostFaults - faultsBefore;
    if (hostFaults !== 0)
      broken.push(`the host crashed in ${hostFaults} calls: ${machine.ladder.firstHostFault}`);
    const { calls, refusedHere, refusedByMachine } = ledger;
    return { calls, refused: refusedHere + refusedByMachine, failedMaps: dma.failedMaps, ...done, broken };
  }

  #boot(ledger, { entries, multiTce, unmap, guestPage, boot }) {
    const { DmaWindow, Guest, GuestPages, randomStream } = this.#product;
    const random = randomStream(this.#seed, boot, 'soak/pages').nextUint32;
    const pages = new GuestPages({ ramBytes: RAM_BYTES, pageBytes: guestPage, random });
    const window = new DmaWindow(12, 0, entries);
    return new Guest({ sink: ledger, store: ledger, liobn: LIOBN, window, multiTce, pages, vcpus: 1, unmap });
  }

  #cardOf(guest, { traffic, offload, mtu }, random) {
    const { CXGB3, Nic, cardAtWork } = this.#product;
    const nic = new Nic({ profile: CXGB3, dmas: guest.cpus, mtu, offload });
    const usual = { flows: 1, segmentsPerAck: 2, requestBytes: 1, responseBytes: 1, arrival: 'closed' };
    return cardAtWork(nic, { ...usual, ...traffic }, { arrival: random.nextUnit, frame: random.nextUnit });
  }

  /** Makes the drawn fault; what is returned takes it back. */
  #breakSomething({ host, region }, ledger, { fault, keepsToWindow }, random, broken) {
    const { VfioContainer } = this.#product;
    switch (fault) {
      case 'calls refused':
        ledger.refuseEvery = 500 + (random.nextUint32() % 5000);
        return () => {
          ledger.refuseEvery = 0;
        };
      case 'descriptors out of reach of real mode': {
        const pages = Array.from({ length: 2000 }, () => (random.nextUint32() % (RAM_BYTES / 65536)) * 65536);
        for (const offset of pages) host.pages.setReachableInRealMode(region.ua + offset, false);
        return () => {
          for (const offset of pages) host.pages.setReachableInRealMode(region.ua + offset, true);
        };
      }
      case 'region out of reach of real mode':
        host.preregistered.setReachableInRealMode(region, false);
        return () => host.preregistered.setReachableInRealMode(region, true);
      case 'list page absent': {
        host.pages.setPresent(region.ua, region.bytes, false);
        return () => host.pages.setPresent(region.ua, region.bytes, true);
      }
      case 'hostile calls':
        hostileCalls(ledger, keepsToWindow, broken);
        return () => hostileCalls(ledger, keepsToWindow, broken);
      case 'region registered twice, taken away once': {
        const other = new VfioContainer(host, []);
        if (other.registerMemory(region.ua, region.bytes) !== 0) broken.push('a second user was refused');
        return () => {
          if (other.unregisterMemory(region.ua, region.bytes) !== 0)
            broken.push('a second user cannot leave');
        };
      }
      default:
        return () => {};
    }
  }

  #liveOf(entries) {
    const { DmaWindow, LiveEntries } = this.#product;
    const known = this.#live.get(entries) ?? new LiveEntries(new DmaWindow(12, 0, entries));
    this.#live.set(entries, known);
    return known;
  }
}

/** Spares a revision a fault that it is known not to survive: it would only show that again every time. */
function survivable(fault, { virtual }, holds) {
  // A user pointer is dereferenced unchecked: the host crashes.
  if (fault === 'list page absent' && virtual.list === 'pointer') return 'none';
  // Success is reported for a clear that was not done.
  if (fault === 'descriptors out of reach of real mode' && !holds('I8r')) return 'none';
  return fault;
}

function work(card, done, untilWireBytes) {
  for (let idle = 0; done.wireBytes < untilWireBytes && idle < MAX_IDLE_UNITS; ) {
    card.step();
    const { wireBytes, payloadBytes } = card.unit;
    done.wireBytes += wireBytes;
    done.payloadBytes += payloadBytes;
    idle = payloadBytes === 0 ? idle + 1 : 0;
  }
}

/**
 * Calls that no revision may carry out: each must be refused, and the tables as they were. Kernels that do not keep to
 * the window are spared the one that crashes them.
 */
function hostileCalls(ledger, keepsToWindow, broken) {
  const beyond = 0x7fff;
  const codes = [
    ledger.putTce(0xdead, 0, 0, 0, 3),
    ledger.putTce(LIOBN, beyond, 0, 0, 3),
    ledger.stuffTce(LIOBN, beyond, 0, 0, 0, 1),
    ...(keepsToWindow ? [ledger.stuffTce(LIOBN, 0, 0, 0, 0, 2 ** 53)] : []),
    ledger.putTceIndirect(LIOBN, beyond, 0, 0, 0, 1),
    ledger.putTceIndirect(LIOBN, 0, 0, 0, 0, 513),
    ledger.getTce(LIOBN, beyond, 0),
  ];
  for (const [i, code] of codes.entries()) if (code === 0) broken.push(`hostile call ${i} was carried out`);
}
