/** The flags that every command with a result has, as parsed. */
export interface SharedFlags {
  readonly out?: string;
  readonly json?: boolean;
  readonly color: boolean;
  readonly progress: boolean;
}
