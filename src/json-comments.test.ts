import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutComments } from './json-comments.js';

const read = (text: string) => JSON.parse(withoutComments(text));

describe('comments in JSON', () => {
  it('are blanks, of either kind, and keep every place of the rest', () => {
    const text = '// top\n{ /* a\n b */ "a": 1, // one, "b": 2\r\n  "c": [1, /**/ 2] }//end';
    expect(read(text)).toEqual({ a: 1, c: [1, 2] });
    const blank = withoutComments(text);
    expect(blank.length).toBe(text.length);
    for (const rest of ['"a"', '"c"', '[1,']) expect(blank.indexOf(rest)).toBe(text.indexOf(rest));
    expect(blank.split('\n').length).toBe(text.split('\n').length);
  });

  it('are none within a string', () => {
    expect(read('{"a": "http://x", "b": "/* no */", "c": "\\"// no", "d": "\\\\" /* yes */}')).toEqual({
      a: 'http://x',
      b: '/* no */',
      c: '"// no',
      d: '\\',
    });
  });

  it('leave a byte order mark out where one begins the text, and nowhere else', () => {
    expect(withoutComments('\uFEFF{} // a')).toBe('{}     ');
    expect(withoutComments('\uFEFF\uFEFF1')).toBe('\uFEFF1');
    expect(read('{"a": "\uFEFF"}')).toEqual({ a: '\uFEFF' });
  });

  it('that do not end, and slashes alone, are left for the parser to refuse', () => {
    for (const text of ['{} /* no end', '{} / {}', '{"a": 1 /}'])
      expect(() => read(text)).toThrow(SyntaxError);
  });

  it('a text without any is the same text, whatever it holds', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(withoutComments(json)).toBe(json);
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, words) => {
        const remark = `// ${words.replace(/[\r\n]/g, ' ')}\n`;
        expect(read(remark + JSON.stringify(value, null, 1).replace(/^/gm, '/* x */'))).toEqual(
          JSON.parse(JSON.stringify(value)),
        );
      }),
    );
  });
});
