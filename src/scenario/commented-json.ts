import { inputError, TcebenchError } from '../errors.js';
import { checkNoSpecialFile, MAX_SCENARIO_BYTES, parseJson, readText } from '../input-text.js';
import { withoutComments } from '../json-comments.js';

/** The value of a JSON text that may have comments; `file` names it in the error where it is none. */
export function parseCommentedJson(text: string, file: string): unknown {
  const json = withoutComments(text);
  if (json.trim() === '') throw inputError(`${file} is empty`, 'write one JSON object into it');
  try {
    return parseJson(json);
  } catch (error) {
    throw inputError(`${file} is no JSON: ${(error as Error).message}`, 'mend it there');
  }
}

/**
 * The text of a file that a key of a scenario names; `place` says which key, and begins the error where it cannot be
 * read.
 */
export function namedText(file: string, place: string): string {
  try {
    checkNoSpecialFile(file);
    return readText(file, { maxBytes: MAX_SCENARIO_BYTES });
  } catch (error) {
    if (!(error instanceof TcebenchError)) throw error;
    throw inputError(`${place}: ${error.message}`, error.hint);
  }
}
