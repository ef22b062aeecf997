import { inputError } from '../errors.js';
import { readDocument } from '../result/read-document.js';
import type { ComparedDocument } from './compared-input.js';

/** Reads a document that can be compared; `place` names it in errors. */
export function readCompared(text: string, place: string): ComparedDocument {
  const { kind, document } = readDocument(text, place);
  switch (kind) {
    case 'run':
    case 'measure':
    case 'replay':
    case 'sweep':
      return document;
    default:
      throw inputError(
        `${place}: a result of ${kind} cannot be compared`,
        'known: run, measure, replay, sweep',
      );
  }
}
