import { C7 } from './c07-packet-mapping.js';
import { C11 } from './c11-window-fill.js';
import { C12 } from './c12-empty-walk.js';
import { C13 } from './c13-null-hcall.js';
import { C14 } from './c14-busy-core.js';
import { C16 } from './c16-rare-hcalls.js';
import { C18 } from './c18-cycles-per-packet.js';
import { C26 } from './c26-no-hcalls.js';
import type { PublishedResult } from './published-result.js';

/** Every published result that the model is held to; adding one is adding a file and its line here. */
export const PUBLISHED_RESULTS: readonly PublishedResult[] = [C7, C11, C12, C13, C14, C16, C18, C26];
