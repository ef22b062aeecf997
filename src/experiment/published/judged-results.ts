import type { PublishedRow, PublishedTally, PublishedVerdict } from '../../result/published-document.js';
import type { Interval, PublishedFigure, PublishedResult } from './published-result.js';

/** Runs the model for every figure of the results and puts both side by side. */
export function judgeResults(results: readonly PublishedResult[]): PublishedRow[] {
  return results.flatMap((result) => result.figures.map((figure) => rowOf(result, figure)));
}

/** Counts the rows that are evidence, and how they came out. */
export function tallyOf(rows: readonly PublishedRow[]): PublishedTally {
  const counted = (verdict: PublishedVerdict) => rows.filter((row) => row.verdict === verdict).length;
  const [inside, missed, notCounted] = [counted('inside'), counted('missed'), counted('told')];
  return { evidence: inside + missed, inside, missed, notCounted };
}

function rowOf(
  { id, name, source, mark, remark = '' }: PublishedResult,
  figure: PublishedFigure,
): PublishedRow {
  const { what, role, unit, published, how } = figure;
  const model = figure.model();
  const missedBy = role === 'limit' ? excess(published, model) : gap(published, model);
  const isTold = role === 'input' || role === 'calibrated';
  return {
    ...{ id, preset: name, figure: what, role, unit },
    publishedLow: published.low,
    publishedHigh: published.high,
    modelLow: model.low,
    modelHigh: model.high,
    verdict: isTold ? 'told' : missedBy === 1 ? 'inside' : 'missed',
    ...{ missedBy, how, mark, source, remark },
  };
}

/** Rounding of doubles, which is no miss. */
const ROUNDING = 1e-9;

/** A prediction that spans a range is right where the ranges meet: the factor between the intervals, 1 where they do. */
function gap(a: Interval, b: Interval): number {
  return factorAbove(a.low, b.high, factorAbove(b.low, a.high, 1));
}

/** A limit must be kept by all that the model gives: the factor by which it leaves the interval, 1 where it does not. */
function excess(limit: Interval, model: Interval): number {
  return Math.max(factorAbove(limit.low, model.low, 1), factorAbove(model.high, limit.high, 1));
}

function factorAbove(value: number, bound: number, otherwise: number): number {
  return value > bound * (1 + ROUNDING) ? value / bound : otherwise;
}
