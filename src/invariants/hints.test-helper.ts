import type { StepWeights } from './plan.test-helper.js';

/** For rules that few kinds of steps can break: which ones, and how often they come. Every other rule sees all kinds. */
export const HINTS: Readonly<Partial<Record<string, StepWeights>>> = {
  I2: { indirect: 1 },
  I3: { indirect: 2, put: 2, vfioMap: 1, unregisterBegin: 2 },
  I4: { put: 2, stuff: 1, vfioMap: 1, rmView: 2 },
  I6: { put: 1, vfioMap: 1 },
  I8: { put: 1, indirect: 2, stuff: 1, unregisterBegin: 1 },
  I8r: { put: 3, indirect: 2, stuff: 2, unregisterBegin: 1, rmPage: 1 },
  I9: { indirect: 1 },
  I10: { put: 1, indirect: 3 },
  I11: { put: 1, indirect: 2, stuff: 1 },
  I12: { put: 2, indirect: 2, stuff: 1, get: 1 },
  I14: { put: 2, indirect: 2, stuff: 1 },
  I15: { put: 2, indirect: 2, rmPage: 1 },
  I17: { put: 2, indirect: 2 },
  I18: { put: 2, indirect: 2, stuff: 1 },
  I19: { attach: 3, groupDel: 1, destroyTable: 1, teardown: 2 },
  I20: { attach: 2, groupDel: 3, createTable: 1, destroyTable: 1 },
  I22r: { vfioMap: 2, put: 2, indirect: 1, register: 2, unregister: 2, destroyTable: 1, teardown: 2 },
  I22: { vfioMap: 2, put: 2, indirect: 1, register: 2, unregister: 2, destroyTable: 1, teardown: 2 },
};
