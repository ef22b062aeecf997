import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { inputError } from '../errors.js';
import { phasesPathOf, phasesText } from '../trace/phases.js';
import { Recording } from '../trace/recording.js';
import type { OutputFile } from './output-files.js';
import type { Terminal } from './terminal.js';

/**
 * Where `--record` goes: the log, gzip if its name ends in `.gz`, and its phases beside it. Until all results are
 * written the log is in a nameless temporary file, which the operating system removes however the process ends.
 */
export class RecordingFile {
  readonly recording: Recording;
  readonly #path: string;
  readonly #isGzip: boolean;
  readonly #fd: number;

  /** @throws TcebenchError where there is no room for a temporary file */
  constructor(path: string) {
    this.#path = path;
    this.#isGzip = path.endsWith('.gz');
    this.#fd = failing(namelessFile);
    this.recording = new Recording((bytes) => failing(() => this.#write(bytes)));
  }

  /** The files to be written with the other results; none where the log goes to stdout. */
  get files(): readonly OutputFile[] {
    if (this.#path === '-') return [];
    const log = { path: this.#path, text: this.#content() };
    const [, phasesPath] = recordingPaths(this.#path);
    const { phases } = this.recording;
    if (phasesPath === undefined || phases.length === 0) return [log];
    return [log, { path: phasesPath, text: phasesText(phases) }];
  }

  /** Prints the log where it goes to stdout. */
  async print(terminal: Terminal): Promise<void> {
    if (this.#path !== '-') return;
    for await (const chunk of this.#content()) terminal.out(chunk.toString('latin1'));
  }

  /** Lets go of the temporary file. */
  close(): void {
    closeSync(this.#fd);
  }

  #content(): AsyncIterable<Buffer> {
    return createReadStream('', { fd: this.#fd, start: 0, autoClose: false });
  }

  #write(bytes: Uint8Array): void {
    // A gzip file of several members is one file to every reader.
    const out = this.#isGzip ? gzipSync(bytes) : bytes;
    for (let written = 0; written < out.length; ) written += writeSync(this.#fd, out, written);
  }
}

/** Where a recording goes: its log, and its phases where there can be a file beside it. */
export function recordingPaths(path: string | undefined): readonly string[] {
  if (path === undefined || path === '-') return [];
  const phasesPath = phasesPathOf(path);
  return phasesPath === null || isDevice(path) ? [path] : [path, phasesPath];
}

function namelessFile(): number {
  const folder = mkdtempSync(join(tmpdir(), 'tcebench-'));
  try {
    return openSync(join(folder, 'log'), 'wx+', 0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isDevice(path: string): boolean {
  try {
    return !statSync(path).isFile();
  } catch {
    // What cannot be looked at is refused where it is written, with its path.
    return false;
  }
}

function failing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw inputError(`cannot keep the recording in ${tmpdir()}: ${reason}`, 'make room there, or set TMPDIR');
  }
}
