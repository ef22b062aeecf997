import type { SolveDocument } from '../../result/solve-document.js';
import { html } from '../html.js';
import { solveAnswer } from '../solve-text.js';
import type { Part } from './part.js';

/** The value of a constant that gives a rate. */
export function solvePart(document: SolveDocument): Part {
  return {
    title: `Solved: ${document.key}`,
    clock: 'modelled',
    answers: [solveAnswer(document)],
    body: [html`<p>${solveAnswer(document)}.</p>`],
    warnings: [],
  };
}
