import { styleText } from 'node:util';

/** Text styles that the terminal output uses. */
export type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';

/** What a command may do with the terminal. Results go to stdout, everything else to stderr. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** The text in a style, or plain where colour is off. */
  style(style: Style, text: string): string;
  /** Redraws one status line on stderr; silent where that is no terminal or progress is off. */
  progress(text: string): void;
}

/** The terminal of this process; NO_COLOR, FORCE_COLOR and pipes are honoured. */
export function processTerminal(flags: { readonly color: boolean; readonly progress: boolean }): Terminal {
  const colored = flags.color && (process.env.FORCE_COLOR !== undefined || process.stdout.isTTY === true);
  const showsProgress = flags.progress && process.stderr.isTTY === true;
  let drawn = false;
  const clear = () => {
    if (drawn) process.stderr.write('\r\x1b[K');
    drawn = false;
  };
  return {
    out: (text) => {
      clear();
      process.stdout.write(text);
    },
    err: (text) => {
      clear();
      process.stderr.write(text);
    },
    style: (style, text) => (colored && !process.env.NO_COLOR ? styleText(style, text) : text),
    progress: (text) => {
      if (!showsProgress) return;
      clear();
      process.stderr.write(text);
      drawn = text !== '';
    },
  };
}
