/** How far a run is; told now and then, for a person to see. */
export interface RunProgress {
  /** Of all the work, between 0 and 1. */
  readonly share: number;
  /** Modelled time of the run that is going on. */
  readonly simulatedPs: number;
}

/** Who wants to know; it must not change anything. */
export type OnProgress = (progress: RunProgress) => void;

/** The progress of one of several runs as that of all of them. */
export function progressOfPart(part: number, parts: number, onProgress?: OnProgress): OnProgress | undefined {
  if (onProgress === undefined) return undefined;
  return ({ share, simulatedPs }) => onProgress({ share: (part + share) / parts, simulatedPs });
}
