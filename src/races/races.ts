import { R1 } from './r1-double-fetch.js';
import { R2_CLEAR } from './r2-clear.js';
import { R2 } from './r2-same-entry.js';
import { R3 } from './r3-unregister.js';
import { R6 } from './r6-dying-table.js';
import { R7 } from './r7-replay.js';
import type { Race } from './race.js';

/** Every race that can be explored; adding one is adding a file and its name here. */
export const RACES: readonly Race[] = [R1, R2, R2_CLEAR, R3, R6, R7];
