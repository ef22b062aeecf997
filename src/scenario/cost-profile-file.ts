import { z } from 'zod';
import { type Constant, middleOf } from '../cost/constant.js';
import { COST_KEYS, COST_UNITS, type CostKey, type CostProfile } from '../cost/cost-profile.js';
import { COST_PROFILES } from '../cost/profiles/profiles.js';
import { inputError } from '../errors.js';
import { checkedInput } from '../input-issue.js';
import { named } from '../nearest.js';
import { namedText, parseCommentedJson } from './commented-json.js';

/** How far the value of an assumed constant may stand from the middle of its range: rounding in a text. */
const ROUNDING = 1e-3;

const number = z.number().min(0).max(1e12);

const constantSchema = z.strictObject({
  value: number.optional(),
  low: number,
  high: number,
  unit: z.string(),
  origin: z.enum(['measured', 'cited', 'derived', 'assumed']),
  source: z.string(),
});

type ConstantInput = z.output<typeof constantSchema>;

/** A cost profile in a file: its own constants over those of `base`, or all of them. */
export const costProfileSchema = z.strictObject({
  $schema: z.string().optional(),
  id: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be a name of letters, digits, dots and dashes'),
  title: z.string().max(200).default('a profile from a file'),
  base: z.string().optional(),
  hasRealMode: z.boolean().optional(),
  threadsLeaveTogether: z.boolean().optional(),
  constants: z.partialRecord(z.enum(COST_KEYS), constantSchema),
});

/** The profile of that name, or the one in a JSON file; `subject` begins the error where there is none. */
export function costProfile(nameOrFile: string, subject: string): CostProfile {
  if (!nameOrFile.endsWith('.json')) return named(subject, nameOrFile, COST_PROFILES);
  return parseCostProfile(namedText(nameOrFile, subject), nameOrFile);
}

/** Reads a profile from the text of its file: an input error names the first key that is wrong, and why. */
export function parseCostProfile(text: string, file: string): CostProfile {
  const place = { place: file, whole: 'the cost profile', hint: 'see docs/COSTS.md' };
  const profile = checkedInput(costProfileSchema, parseCommentedJson(text, file), place);
  const { id, title, base: baseName, constants: given, ...machine } = profile;
  const base =
    baseName === undefined ? undefined : named(`${file}: base "${baseName}"`, baseName, COST_PROFILES);
  if (COST_PROFILES.some((profile) => profile.id === id)) {
    throw inputError(`${file}: id "${id}" is a profile that ships`, 'give it a name of its own');
  }
  const constants: Partial<Record<CostKey, Constant>> = {};
  for (const key of COST_KEYS) {
    const input = given[key];
    const constant = input === undefined ? base?.constants[key] : checked(input, key, file);
    if (constant === undefined) {
      throw inputError(`${file}: constants.${key} is missing`, 'state it, or name a base that has it');
    }
    constants[key] = constant;
  }
  return {
    id,
    title,
    hasRealMode: machine.hasRealMode ?? base?.hasRealMode ?? true,
    threadsLeaveTogether: machine.threadsLeaveTogether ?? base?.threadsLeaveTogether ?? true,
    constants: constants as Record<CostKey, Constant>,
  };
}

function checked(input: ConstantInput, key: CostKey, file: string): Constant {
  const { low, high, unit, origin, source } = input;
  const refuse = (field: string, message: string, hint: string): never => {
    throw inputError(`${file}: constants.${key}.${field} ${message}`, hint);
  };
  if (unit !== COST_UNITS[key]) refuse('unit', `is "${unit}"`, `it is counted in ${COST_UNITS[key]}`);
  if (low > high) refuse('low', `is ${low}, above high (${high})`, 'exchange them');
  if (unit === 'share' && high > 1) refuse('high', `is ${high}`, 'a share is 1 at most');
  if (source.trim() === '') refuse('source', 'is empty', 'say where the number comes from');
  const middle = middleOf(low, high);
  const value = input.value ?? middle;
  if (origin === 'assumed' && Math.abs(value - middle) > ROUNDING * middle) {
    refuse('value', `is ${value}, but nobody measured it`, 'leave it out: it is the middle of its range');
  }
  if (value < low || value > high) refuse('value', `is ${value}, outside ${low}..${high}`, 'widen the range');
  return { value: origin === 'assumed' ? middle : value, low, high, unit: COST_UNITS[key], origin, source };
}
