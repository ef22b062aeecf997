import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { E1000 } from '../nic/profiles/e1000.js';
import { parseCostProfile } from './cost-profile-file.js';
import { nicProfile } from './nic-file.js';

const folder = mkdtempSync(join(tmpdir(), 'tcebench-comments-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('comments', () => {
  it('may stand in a card', () => {
    const file = join(folder, 'card.json');
    const text = JSON.stringify({ ...E1000, id: 'mine' }, null, 2).replace(
      '"limits"',
      '// of the data sheet\n"limits"',
    );
    writeFileSync(file, text);
    expect(nicProfile(file, 'the test')).toEqual({ ...E1000, id: 'mine' });
  });

  it('may stand in a cost profile, and leave the place of a mistake where it is', () => {
    const text =
      '{ "id": "mine", /* all others */ "base": "zero",\n  // none of its own\n  "constants": {} }';
    expect(parseCostProfile(text, 'mine.json').id).toBe('mine');
    const broken = '{ // a\n  "id": "mine" /* b */ "base": 1 }';
    const column = (broken.split('\n')[1] ?? '').indexOf('"base"') + 1;
    expect(() => parseCostProfile(broken, 'mine.json')).toThrow(
      new RegExp(`mine\\.json is no JSON: .* at line 2, column ${column}$`),
    );
  });
});
