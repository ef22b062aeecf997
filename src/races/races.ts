import { R1 } from './catalogue/r1-double-fetch.js';
import { R2_CLEAR } from './catalogue/r2-clear.js';
import { R2 } from './catalogue/r2-same-entry.js';
import { R3 } from './catalogue/r3-unregister.js';
import { R6 } from './catalogue/r6-dying-table.js';
import { R7 } from './catalogue/r7-replay.js';
import type { Race } from './race.js';

/** Every race that can be explored; adding one is adding a file to catalogue/ and its name here. */
export const RACES: readonly Race[] = [R1, R2, R2_CLEAR, R3, R6, R7];
