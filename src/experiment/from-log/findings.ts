/** A key of a scenario, by its path, with the value that a log shows and how it shows it. */
export interface DerivedKey {
  readonly key: string;
  readonly value: boolean | number | string | readonly number[];
  readonly reason: string;
}

/** A key that stays at its default, and why. */
export interface MissingKey {
  readonly key: string;
  readonly reason: string;
}

/** Collects what a log says of a scenario, key by key, and what it cannot say. */
export class Findings {
  readonly keys: DerivedKey[] = [];
  readonly notShown: MissingKey[] = [];

  found(key: string, value: DerivedKey['value'], reason: string): void {
    this.keys.push({ key, value, reason });
  }

  missing(key: string, reason: string): void {
    this.notShown.push({ key, reason });
  }

  valueOf(key: string): DerivedKey['value'] | undefined {
    return this.keys.find((derived) => derived.key === key)?.value;
  }
}
