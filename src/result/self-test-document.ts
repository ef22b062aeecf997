import type { GateVerdict } from './compare-document.js';

/** One document that a gate was held against, and what came of it. */
export interface SelfTestTrial {
  readonly what: 'inside' | 'outside' | 'missing' | 'empty' | 'other clock';
  readonly expected: GateVerdict;
  /** null: no document can stand there. */
  readonly verdict: GateVerdict | null;
  /** What the gate observed, in percent where it is relative. */
  readonly observed: number | null;
}

/** A gate on trial. */
export interface SelfTestedGate {
  readonly expression: string;
  readonly trials: readonly SelfTestTrial[];
  /** Whether every trial ended as expected: the gate can pass, can fail, and never passes for want of data. */
  readonly sound: boolean;
  readonly note: string;
}

/** The result of `compare --self-test`. */
export interface SelfTestDocument {
  readonly schema: 'tcebench.self-test/1';
  readonly gates: readonly SelfTestedGate[];
}
