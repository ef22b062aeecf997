/** One block of a document. */
export interface DocumentExample {
  readonly place: string;
  readonly command: string;
  readonly shown: string;
}
export function documentNames(): readonly string[];
export function documentExamples(): readonly DocumentExample[];
export function withOutputs(text: string, render: (command: string, shown: string) => string): string;
export function wordsOf(command: string): readonly string[];
export function isShortened(shown: string): boolean;
export function isShown(shown: string, output: string): boolean;
