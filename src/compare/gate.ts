import { inputError, type TcebenchError } from '../errors.js';
import type { MetricUnit } from '../result/compare-document.js';
import { parseBytesPerSec, parseNs } from '../units.js';

const OPERATORS = ['>=', '<=', '==', '>', '<'] as const;

/** How a gate holds what it observes against its bound. */
export type GateOperator = (typeof OPERATORS)[number];

/** A gate as it was written, `METRIC OPERATOR BOUND`. */
export interface Gate {
  readonly expression: string;
  readonly metric: string;
  readonly operator: GateOperator;
  /** A change in percent against the document before, not a value. */
  readonly isRelative: boolean;
  readonly boundText: string;
  /** Where the bound begins, from 1. */
  readonly boundAt: number;
}

const EXAMPLE = "for example --gate 'multi-real.rateBytesPerSec>=-2%'";

/** Reads an expression; an input error names the character where it stops being one. */
export function parseGate(expression: string): Gate {
  const found = /[<>=!]+/.exec(expression);
  if (found === null) {
    const why = 'an unquoted > or < is taken by the shell';
    throw gateError(
      expression,
      expression.length + 1,
      `there is no operator (${OPERATORS.join(' ')}): ${why}`,
    );
  }
  const { 0: written, index: begin } = found;
  const metric = expression.slice(0, begin).trim();
  if (metric === '') throw gateError(expression, begin + 1, 'there is no metric before the operator');
  const operator = OPERATORS.find((one) => one === written);
  if (operator === undefined) {
    throw gateError(expression, begin + 1, `${written} is no operator, known: ${OPERATORS.join(' ')}`);
  }
  const rest = expression.slice(begin + operator.length);
  const boundText = rest.trim();
  const boundAt = begin + operator.length + 1 + (rest.length - rest.trimStart().length);
  if (boundText === '') throw gateError(expression, boundAt, 'there is no bound behind the operator');
  const second = boundText.search(/[<>=!]/);
  if (second >= 0)
    throw gateError(expression, boundAt + second, 'there is a second operator: one gate has one bound');
  const isRelative = boundText.endsWith('%');
  return { expression, metric, operator, isRelative, boundText, boundAt };
}

/** The bound of a gate as a number: percent where it is relative, else in the base unit of its metric. */
export function boundOf(gate: Gate, unit: MetricUnit): number {
  const { expression, boundText, boundAt, isRelative } = gate;
  if (isRelative) return signedNumber(gate, boundText.slice(0, -1).trim(), 'a percentage like -2%');
  const isBare = unit === 's' && !/[a-z]$/i.test(boundText);
  if (isBare || (unit !== 'B/s' && unit !== 'ns' && unit !== 's')) {
    const what = isBare ? 'a duration like 0.5 or 300ms' : 'a plain number, for this metric has no unit';
    return signedNumber(gate, unit === 'ratio' ? boundText.replace(/x$/, '') : boundText, what);
  }
  const place = placeOf(expression, boundAt);
  if (unit === 'B/s') return parseBytesPerSec(boundText, place);
  return parseNs(boundText, place) / (unit === 's' ? 1e9 : 1);
}

function signedNumber({ expression, boundText, boundAt }: Gate, text: string, what: string): number {
  const isNumber = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?$/i.test(text);
  const value = Number(text);
  if (isNumber && Number.isFinite(value)) return value;
  throw gateError(expression, boundAt, `"${boundText}" is not ${what}`);
}

function gateError(expression: string, at: number, what: string): TcebenchError {
  return inputError(`${placeOf(expression, at)}: ${what}`, EXAMPLE);
}

function placeOf(expression: string, at: number): string {
  return `--gate "${expression}", character ${at}`;
}

/** Whether a value keeps a bound. */
export function keeps(operator: GateOperator, value: number, bound: number): boolean {
  switch (operator) {
    case '>=':
      return value >= bound;
    case '<=':
      return value <= bound;
    case '==':
      return value === bound;
    case '>':
      return value > bound;
    case '<':
      return value < bound;
  }
}
