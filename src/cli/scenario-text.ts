import { readFile } from 'node:fs/promises';
import { inputError } from '../errors.js';
import { inflate, isGzip } from '../trace/inflate.js';

/** Text of an input file. */
export interface InputText {
  readonly text: string;
  /** Whether it is a gzip file that stops before its end; the text then stops too. */
  readonly isCut: boolean;
}

/** The text of a file, plain or gzip, whatever its name, `-` for stdin; an input error where it cannot be read. */
export async function readInputText(path: string): Promise<InputText> {
  const bytes = await (path === '-' ? readStdin() : readFile(path)).catch((error: NodeJS.ErrnoException) => {
    throw inputError(`cannot read ${path}: ${error.message}`, 'name a file that is there');
  });
  if (!isGzip(bytes)) return { text: bytes.toString(), isCut: false };
  const chunks: Buffer[] = [];
  try {
    const isCut = await inflate(onePiece(bytes), (chunk) => chunks.push(Buffer.from(chunk)));
    return { text: Buffer.concat(chunks).toString(), isCut };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw inputError(`${path} is a corrupt gzip file: ${reason}`, 'compress it again');
  }
}

async function readStdin(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* onePiece(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
