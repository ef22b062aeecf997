import fc from 'fast-check';

/** What breaks readers: put in anywhere, or in place of a number or a text. */
const TOKENS: readonly string[] = [
  ...['\0', '\uFEFF', '\r\n', '\r', '\n\n', '\t', ' '.repeat(3000), 'a'.repeat(20_000), '0'.repeat(5000)],
  ...['-1', '-0', '1e999', '1e-999', '0x', '0xffffffffffffffff', '0x10000000000000000', 'NaN', 'Infinity'],
  ...['9007199254740993', '18446744073709551616', '4611686018427387904', `${'9'.repeat(400)}.5`, '1.5'],
  ...[
    '"__proto__"',
    '"constructor"',
    '{"__proto__":{"a":1}}',
    '"toString"',
    'null',
    'true',
    '""',
    '[]',
    '{}',
  ],
  ...['\u202e\u{1f600}', '\\u0000', '\u2028', '"', '\\', '[', '{', ']', '}', ',', ':', '=', '@', '/', '%n%s'],
  ...['../../../etc/passwd', '/dev/zero', '[['.repeat(4000), '{"a":'.repeat(4000), '"\ud800"'],
];
const NUMBER = /-?(?:0x[0-9a-f]+|\d+(?:\.\d+)?)/gi;
const TEXT = /"(?:[^"\\]|\\.)*"/g;

/** One change, in few and small numbers, so that what fails shrinks; places are shares of the length. */
interface Change {
  readonly kind: 'flip' | 'delete' | 'repeat' | 'splice' | 'insert' | 'number' | 'text' | 'cut' | 'swap';
  readonly at: number;
  readonly length: number;
  readonly value: number;
}

const WHOLE = 2 ** 16;

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom(
    'flip',
    'delete',
    'repeat',
    'splice',
    'insert',
    'number',
    'number',
    'text',
    'cut',
    'swap',
  ),
  at: fc.nat(WHOLE - 1),
  length: fc.oneof({ weight: 4, arbitrary: fc.nat(16) }, { weight: 1, arbitrary: fc.nat(400) }),
  value: fc.nat(255),
});

/** Inputs of a reader: valid ones with a few changes, sometimes with none, and bytes that mean nothing. */
export function mutationsOf(seeds: readonly (string | Uint8Array)[]): fc.Arbitrary<Buffer> {
  const valid = seeds.map((seed) => (typeof seed === 'string' ? Buffer.from(seed) : Buffer.from(seed)));
  const changed = fc
    .tuple(fc.nat(valid.length - 1), fc.array(change, { maxLength: 5 }))
    .map(([seed, changes]) =>
      changes.reduce((bytes, one) => changedBy(bytes, one, valid), valid[seed] as Buffer),
    );
  const noise = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
  return fc.oneof({ weight: 12, arbitrary: changed }, { weight: 1, arbitrary: noise });
}

function changedBy(bytes: Buffer, { kind, at, length, value }: Change, seeds: readonly Buffer[]): Buffer {
  const from = Math.floor((at / WHOLE) * (bytes.length + 1));
  const to = Math.min(from + length, bytes.length);
  const [before, middle, after] = [bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)];
  const token = TOKENS[(value + length) % TOKENS.length] as string;
  switch (kind) {
    case 'flip':
      return Buffer.concat([before, Buffer.from([value]), bytes.subarray(from + 1)]);
    case 'delete':
      return Buffer.concat([before, after]);
    case 'repeat':
      return Buffer.concat([before, ...Array.from({ length: 2 + (value % 30) }, () => middle), after]);
    case 'splice': {
      const other = seeds[value % seeds.length] as Buffer;
      const start = Math.floor((at / WHOLE) * other.length);
      return Buffer.concat([before, other.subarray(start, start + length * 8), after]);
    }
    case 'insert':
      return Buffer.concat([before, Buffer.from(token), after]);
    case 'number':
      return replaced(bytes, NUMBER, at, token);
    case 'text':
      return replaced(bytes, TEXT, at, value % 2 === 0 ? JSON.stringify(token) : token);
    case 'cut':
      return before;
    case 'swap':
      return Buffer.concat([after, middle, before]);
  }
}

/** With one of the places that a pattern finds replaced; seeds that are no text come out as they are. */
function replaced(bytes: Buffer, pattern: RegExp, at: number, token: string): Buffer {
  const text = bytes.toString('latin1');
  const places = [...text.matchAll(pattern)];
  const place = places[Math.floor((at / WHOLE) * places.length)];
  if (place === undefined) return bytes;
  const end = place.index + place[0].length;
  return Buffer.concat([bytes.subarray(0, place.index), Buffer.from(token), bytes.subarray(end)]);
}
