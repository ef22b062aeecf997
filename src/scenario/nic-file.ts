import { inputError } from '../errors.js';
import { knownHint } from '../nearest.js';
import type { NicProfile } from '../nic/nic-profile.js';
import { checkedProfile } from '../nic/profile-check.js';
import { NIC_PROFILES } from '../nic/profiles/profiles.js';
import { namedText, parseCommentedJson } from './commented-json.js';

/** The card of that name, or of that JSON file. `place` says where the name stands, for the error. */
export function nicProfile(nameOrFile: string, place: string): NicProfile {
  const found = NIC_PROFILES.find(({ id }) => id === nameOrFile);
  if (found !== undefined) return found;
  if (nameOrFile.endsWith('.json')) {
    const text = namedText(nameOrFile, `${place}: nic.profile`);
    return checkedProfile(parseCommentedJson(text, nameOrFile), nameOrFile);
  }
  throw inputError(
    `${place}: nic.profile "${nameOrFile}" is unknown, and no name of a file that ends in .json`,
    knownHint(
      nameOrFile,
      NIC_PROFILES.map(({ id }) => id),
    ),
  );
}
