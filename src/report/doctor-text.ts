import type { DoctorDocument } from '../result/doctor-document.js';
import type { Painter } from './painter.js';
import { wrap } from './wrap.js';

const COLOURS = { good: 'green', poor: 'yellow', bad: 'red' } as const;

/** What the doctor found, for the terminal; its last line is the answer. */
export function doctorText({ findings, canMeasure }: DoctorDocument, paint: Painter): string {
  const lines = findings.map(({ level, what, text }) =>
    wrap(`${paint(COLOURS[level], level.padEnd(4))} ${what}: ${text}`, '     '),
  );
  const answer = canMeasure
    ? 'This machine can measure now'
    : 'Undecided: this machine cannot measure well enough now; see what is bad above';
  return [...lines, paint('bold', answer), ''].join('\n');
}
