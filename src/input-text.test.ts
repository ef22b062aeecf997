import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inputError, TcebenchError } from './errors.js';
import {
  checkNoSpecialFile,
  linesOf,
  parseJson,
  readStream,
  readText,
  readTextIfThere,
  unreadable,
} from './input-text.js';
import { knownHint } from './nearest.js';
import { parseBytes } from './units.js';

const folder = mkdtempSync(join(tmpdir(), 'tcebench-input-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function* pieces(...texts: readonly string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

describe('a text that is read whole', () => {
  it('may be as long as its bound and no longer', () => {
    const path = file('ten', '0123456789');
    expect(readText(path, { maxBytes: 10 })).toBe('0123456789');
    expect(() => readText(path, { maxBytes: 9 })).toThrow(/ten holds more than .* MiB/);
  });

  it('may come in pieces, within the same bound', async () => {
    expect((await readStream(pieces('01', '23'), 'stdin', 4)).toString()).toBe('0123');
    await expect(readStream(pieces('01', '23'), 'stdin', 3)).rejects.toThrow(/^stdin holds more/);
  });

  it('is refused where it is a device without end', () => {
    expect(() => readText('/dev/zero', { maxBytes: 2 ** 20 })).toThrow(/^\/dev\/zero holds more than 1 MiB/);
  });

  it('is found behind a link', () => {
    const link = join(folder, 'link');
    symlinkSync(file('target', 'abc'), link);
    expect(readText(link)).toBe('abc');
  });

  it('has one line more than newlines', () => {
    for (const text of ['', 'a', 'a\n', '\n\n', 'a\r\nb', 'a\nb\n']) {
      expect([...linesOf(text)]).toEqual(text.split('\n'));
    }
  });
});

describe('a JSON text', () => {
  it('may be nested as deep as any document, not so deep that walking through it runs out of stack', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(() => parseJson(nested(200))).not.toThrow();
    for (const depth of [201, 1e6]) expect(() => parseJson(nested(depth))).toThrow(/nested deeper than 200/);
    expect(() => parseJson(`${'{"a":'.repeat(1e5)}1${'}'.repeat(1e5)}`)).toThrow(SyntaxError);
  });

  it('may have as many brackets in its texts and side by side as it likes', () => {
    const text = JSON.stringify([`${'[{\\"'.repeat(1000)}`, ...Array(1000).fill([[]])]);
    expect(parseJson(`\uFEFF${text}`)).toEqual(JSON.parse(text));
  });
});

describe('a file that a document names', () => {
  it.each(['/dev/zero', '/dev/null', '/dev/stdin-that-is-not', 'fifo'])(
    'is no device and no pipe: %s',
    (name) => {
      const path = name === 'fifo' ? join(folder, name) : name;
      if (name === 'fifo') execFileSync('mkfifo', [path]);
      const check = () => checkNoSpecialFile(path);
      if (name === '/dev/stdin-that-is-not') expect(check).not.toThrow();
      else expect(check).toThrow(/no regular file/);
    },
  );

  it('may be any regular file', () => {
    expect(() => checkNoSpecialFile(file('plain', ''))).not.toThrow();
  });
});

describe('what the user is told', () => {
  it('is one line without control characters, whatever names and values hold', () => {
    const { message, hint } = inputError('a\nb\u001b[2Jc\u2028d\0', 'e\tf');
    expect(message).toBe('a\\u000ab\\u001b[2Jc\\u2028d\\u0000');
    expect(hint).toBe('e\\u0009f');
  });

  it('is no longer than a screen, with the beginning and the end of what is long', () => {
    const { message } = inputError(`begin ${'x'.repeat(1e6)} end`);
    expect(message.length).toBeLessThan(1000);
    expect(message).toMatch(/^begin x+ \.\.\. x+ end$/);
    expect(inputError('\0'.repeat(700)).message.length).toBeLessThan(1000);
  });
});

describe('a word of a million characters', () => {
  it('is no quantity, and that is seen at once', () => {
    // Backtracking over so many digits would take hours.
    expect(() => parseBytes(`${'1'.repeat(1e6)}!`, 'key')).toThrow(TcebenchError);
  });

  it('is like no known word', () => {
    expect(knownHint('x'.repeat(1e6), ['abc', 'xyz'])).toBe('known: abc, xyz');
  });
});

describe('what is wrong with a JSON text', () => {
  it.each([
    ['{\n "a": 1,\n "b": 2x }', / at line 3, column 8$/],
    ['{"a": 1 "b"}', / at column 9$/],
    ['\uFEFF{"a": 1 "b"}', / at column 9$/],
  ])('has its place where the parser tells one: %j', (text, place) => {
    expect(() => parseJson(text)).toThrow(place);
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });
});

describe('a file that cannot be read', () => {
  const refusal = (read: () => unknown): string => {
    try {
      read();
    } catch (error) {
      if (error instanceof TcebenchError && error.kind === 'input') return `${error.message}; ${error.hint}`;
      throw error;
    }
    return 'read';
  };

  it('is an input error that says why in words', () => {
    const there = file('there', 'abc');
    for (const [path, words] of [
      [join(folder, 'none'), 'there is no such file'],
      [join(there, 'below'), 'a part of its path is no folder'],
      [folder, 'it is a folder'],
      [join(folder, 'x'.repeat(300)), 'its name is too long'],
      [`${there}\0`, 'its name has a character that no file name may have'],
    ] as const) {
      expect(refusal(() => readText(path, { hint: 'name a card' }))).toMatch(`: ${words}; name a card`);
    }
    expect(refusal(() => readText(join(folder, 'none')))).toMatch(/; name a file that is there$/);
  });

  it('is none at all where only a rule names it and there is none', () => {
    expect(readTextIfThere(join(folder, 'none'))).toBeNull();
    expect(readTextIfThere(join(file('there', 'abc'), 'below'))).toBeNull();
    expect(readTextIfThere(file('there', 'abc'))).toBe('abc');
    expect(refusal(() => readTextIfThere(folder))).toMatch(/it is a folder/);
    expect(refusal(() => readTextIfThere('/dev/null'))).toMatch(/no regular file/);
  });

  it('keeps an error that is not of the system', () => {
    const bug = new RangeError('a bug');
    expect(unreadable('x', bug)).toBe(bug);
  });
});
