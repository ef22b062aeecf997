/** What a caller of {@link MappedEntries} gives back when mapping an entry fails at a step. */
export interface MapCodes {
  /** The userspace view does not exist yet. */
  readonly noUserspaceView: number;
  /** The address is in no memory slot. */
  readonly noSlot: number;
  /** The memory is not preregistered. */
  readonly noRegion: number;
  /** The region gives no host address: its list of pages is out of reach, or its pages are too small. */
  readonly noHostAddress: number;
  /** Real mode cannot reach the userspace view. */
  readonly userspaceViewOutOfReach: number;
  /** The region is being removed. */
  readonly regionDying: number;
  /** The exchange failed and the new mapping is uncounted again. */
  readonly exchangeFailed: number;
}

/** What a caller of {@link MappedEntries} gives back when clearing an entry fails at a step. */
export interface UnmapCodes {
  /** The exchange failed: the entry is as it was. */
  readonly exchangeFailed: number;
  /** There is no userspace view to uncount the old mapping by. */
  readonly noUserspaceView: number;
  /** Real mode cannot reach the userspace view. */
  readonly userspaceViewOutOfReach: number;
  /** The old mapping's memory is not preregistered, so that nothing was uncounted. */
  readonly noRegion: number;
  /** Whether a second exchange puts the old mapping back where it could not be uncounted. */
  readonly restores: boolean;
}

/** The codes of one caller: H_ codes of a handler, errnos of a driver. 0 is success in both. */
export interface EntryCodes {
  readonly map: MapCodes;
  readonly unmap: UnmapCodes;
}
