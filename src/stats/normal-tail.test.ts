import { describe, expect, it } from 'vitest';
import { normalTail } from './normal-tail.js';

describe('the tail of the normal distribution', () => {
  // Of the table in Abramowitz and Stegun, Handbook of Mathematical Functions, 26.1: Q(z).
  it.each([
    [0, 0.5],
    [0.5, 0.3085375387],
    [1, 0.1586552539],
    [1.5, 0.0668072013],
    [2, 0.0227501319],
    [2.5, 0.0062096653],
    [3, 0.001349898],
    [4, 0.0000316712],
    [Number.POSITIVE_INFINITY, 0],
  ])('above %d is %d, and as much below its opposite', (z, share) => {
    expect(Math.abs(normalTail(z) - share)).toBeLessThan(1.1e-7);
    expect(Math.abs(normalTail(-z) - (1 - share))).toBeLessThan(1.1e-7);
  });
});
