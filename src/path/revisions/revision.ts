/** The return codes that a handler gives when `map` fails at a step. */
export interface MapCodes {
  /** The userspace view does not exist yet. */
  readonly noView: number;
  /** The guest address is in no memory slot. */
  readonly noSlot: number;
  /** The memory is not preregistered. */
  readonly noRegion: number;
  /** The region is being removed. */
  readonly regionDying: number;
}

/** The return codes that a handler gives when the old mapping of an entry cannot be uncounted. */
export interface UncountCodes {
  readonly noView: number;
  readonly noRegion: number;
}

/** What the in-kernel handlers of one mode do where revisions and modes differ. */
export interface ModePolicy {
  readonly map: MapCodes;
  readonly uncount: UncountCodes;
  /**
   * How H_PUT_TCE_INDIRECT reaches its list. `registered`: by the pinned page of a preregistered region; where
   * nothing at all is registered the caller is an emulated device and the hardware part is skipped. `user`: by
   * its user address.
   */
  readonly list: 'registered' | 'user';
}

/** How well the behaviour of a revision is known. */
export type Evidence = 'vectors' | 'reading' | 'derived';

/** A kernel revision, as data: a set of policies that the shared handlers follow. */
export interface Revision {
  readonly id: string;
  readonly title: string;
  readonly evidence: Evidence;
  /** null where the kernel has no real-mode handlers. */
  readonly real: ModePolicy | null;
  readonly virtual: ModePolicy;
}
