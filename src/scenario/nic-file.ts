import { inputError, TcebenchError } from '../errors.js';
import { checkNoSpecialFile, MAX_SCENARIO_BYTES, parseJson, readText } from '../input-text.js';
import { withoutComments } from '../json-comments.js';
import { knownHint } from '../nearest.js';
import type { NicProfile } from '../nic/nic-profile.js';
import { checkedProfile } from '../nic/profile-check.js';
import { NIC_PROFILES } from '../nic/profiles/profiles.js';

/** The card of that name, or of that JSON file. `place` says where the name stands, for the error. */
export function nicProfile(nameOrFile: string, place: string): NicProfile {
  const found = NIC_PROFILES.find(({ id }) => id === nameOrFile);
  if (found !== undefined) return found;
  if (nameOrFile.endsWith('.json')) return checkedProfile(readJson(nameOrFile, place), nameOrFile);
  throw inputError(
    `${place}: nic.profile "${nameOrFile}" is unknown`,
    `${knownHint(
      nameOrFile,
      NIC_PROFILES.map(({ id }) => id),
    )}, or a file that ends in .json`,
  );
}

function readJson(file: string, place: string): unknown {
  let text: string;
  try {
    checkNoSpecialFile(file);
    text = readText(file, MAX_SCENARIO_BYTES);
  } catch (error) {
    if (error instanceof TcebenchError)
      throw inputError(`${place}: nic.profile: ${error.message}`, error.hint);
    const { code } = error as NodeJS.ErrnoException;
    throw inputError(`${place}: nic.profile: cannot read ${file} (${code})`, 'name a JSON file with a card');
  }
  try {
    return parseJson(withoutComments(text));
  } catch (error) {
    throw inputError(
      `${place}: nic.profile: ${file} is no JSON: ${(error as Error).message}`,
      'mend it there',
    );
  }
}
