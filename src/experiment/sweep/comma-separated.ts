import { inputError } from '../../errors.js';

const OPENING = '[{';
const CLOSING = ']}';

/** The parts of a list between commas that stand outside of brackets and quotes, without blanks around them. */
export function commaSeparated(text: string, place: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let isQuoted = false;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i] as string;
    if (isQuoted) {
      if (character === '\\') i++;
      else if (character === '"') isQuoted = false;
    } else if (character === '"') isQuoted = true;
    else if (OPENING.includes(character)) depth++;
    else if (CLOSING.includes(character)) depth--;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  if (isQuoted || depth !== 0) {
    throw inputError(`${place}: a ${isQuoted ? 'quote' : 'bracket'} is left open`, 'close it');
  }
  return [...parts, text.slice(start).trim()];
}
