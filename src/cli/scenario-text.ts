import { inputName, MAX_TEXT_BYTES, readBytes, readStream, tooLong } from '../input-text.js';
import { inflate, isGzip, readFailure } from '../trace/inflate.js';

/** Text of an input file. */
export interface InputText {
  readonly text: string;
  /** Whether it is a gzip file that stops before its end; the text then stops too. */
  readonly isCut: boolean;
}

/**
 * The text of a file, plain or gzip, whatever its name, `-` for stdin; an input error where it cannot be read or is
 * longer than `maxBytes`, inflated or not.
 */
export async function readInputText(path: string, maxBytes = MAX_TEXT_BYTES): Promise<InputText> {
  const name = inputName(path);
  const bytes =
    path === '-' ? await readStream(process.stdin, name, maxBytes) : readBytes(path, { maxBytes });
  if (!isGzip(bytes)) return { text: bytes.toString(), isCut: false };
  const chunks: Buffer[] = [];
  let inflated = 0;
  try {
    const isCut = await inflate(inParts(bytes), (chunk) => {
      inflated += chunk.length;
      if (inflated > maxBytes) throw tooLong(name, maxBytes);
      chunks.push(Buffer.from(chunk));
    });
    return { text: Buffer.concat(chunks).toString(), isCut };
  } catch (error) {
    throw readFailure(name, error);
  }
}

/** In parts, so that a bomb is seen before all of it is inflated. */
async function* inParts(bytes: Buffer): AsyncGenerator<Buffer> {
  const part = 2 ** 16;
  for (let at = 0; at < bytes.length; at += part) yield bytes.subarray(at, at + part);
}
