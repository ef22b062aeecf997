const LIFETIMES = { add() {} };
const TCE_PERMISSIONS = 3;
const LIST_MASK = 4095;
/** What the host answers when it is told to refuse: H_HARDWARE and H_RESOURCE. */
const REFUSALS = [-1, -16];

/**
 * Stands between the guest and its machine and keeps an account of one table by the calls alone. It refuses every
 * `refuseEvery`th call by itself, before the machine sees it. A call that the machine refuses may have done a part
 * of its work; how far it came is read from the guest view, and the audit still compares that with the hardware.
 */
export class Ledger {
  calls = 0;
  refusedHere = 0;
  refusedByMachine = 0;
  refuseEvery = 0;
  #machine;
  #live;
  #liobn;
  #list = new Int32Array(1024);

  constructor(machine, live, liobn) {
    this.#machine = machine;
    this.#live = live;
    this.#liobn = liobn;
  }

  get resultHi() {
    return this.#machine.ladder.resultHi;
  }

  get resultLo() {
    return this.#machine.ladder.resultLo;
  }

  storeWord(gpa, hi, lo) {
    const at = ((gpa & LIST_MASK) >>> 3) * 2;
    this.#list[at] = hi;
    this.#list[at + 1] = lo;
    this.#machine.host.storeWord(gpa, hi, lo);
  }

  putTce(liobn, iobaHi, iobaLo, tceHi, tceLo) {
    const refusal = this.#refusal();
    if (refusal !== 0) return refusal;
    const code = this.#machine.ladder.putTce(liobn, iobaHi, iobaLo, tceHi, tceLo);
    const entry = this.#live.window.entryOf(iobaHi, iobaLo);
    if (code !== 0) this.#resync(liobn, entry, 1);
    else this.#set(entry, tceHi, tceLo);
    return code;
  }

  putTceIndirect(liobn, iobaHi, iobaLo, listHi, listLo, npages) {
    const refusal = this.#refusal();
    if (refusal !== 0) return refusal;
    const code = this.#machine.ladder.putTceIndirect(liobn, iobaHi, iobaLo, listHi, listLo, npages);
    const entry = this.#live.window.entryOf(iobaHi, iobaLo);
    if (code !== 0) this.#resync(liobn, entry, npages);
    else for (let i = 0; i < npages; i++) this.#set(entry + i, this.#list[i * 2], this.#list[i * 2 + 1]);
    return code;
  }

  stuffTce(liobn, iobaHi, iobaLo, tceHi, tceLo, npages) {
    const refusal = this.#refusal();
    if (refusal !== 0) return refusal;
    const code = this.#machine.ladder.stuffTce(liobn, iobaHi, iobaLo, tceHi, tceLo, npages);
    const entry = this.#live.window.entryOf(iobaHi, iobaLo);
    if (code !== 0) this.#resync(liobn, entry, npages);
    else if (npages > 0) this.#live.clear(entry, npages, 0, LIFETIMES);
    return code;
  }

  getTce(liobn, iobaHi, iobaLo) {
    return this.#machine.ladder.getTce(liobn, iobaHi, iobaLo);
  }

  #refusal() {
    this.calls++;
    if (this.refuseEvery === 0 || this.calls % this.refuseEvery !== 0) return 0;
    return REFUSALS[this.refusedHere++ % REFUSALS.length];
  }

  #set(entry, hi, lo) {
    if ((lo & TCE_PERMISSIONS) === 0) this.#live.clear(entry, 1, 0, LIFETIMES);
    else this.#live.map(entry, 1, hi, lo, 0, 0);
  }

  /** Whatever a refused call left, the part of it inside the window. */
  #resync(liobn, first, npages) {
    this.refusedByMachine++;
    if (liobn !== this.#liobn) return;
    const view = this.#machine.tables.find((tables) => tables.liobn === liobn).guestView;
    const end = Math.min(first + Math.min(npages, 512), this.#live.window.size);
    for (let entry = Math.max(first, 0); entry < end; entry++) {
      this.#set(entry, view.hi(entry), view.lo(entry));
    }
  }
}
