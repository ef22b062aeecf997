import { inputError } from '../errors.js';
import { makePlan } from '../experiment/sweep/plan.js';
import { isPlanText, parsePlan } from '../experiment/sweep/plan-file.js';
import { SWEEP_PRESETS } from '../experiment/sweep/presets.js';
import { parseVary } from '../experiment/sweep/vary.js';
import { readText } from '../input-text.js';
import { named } from '../nearest.js';
import type { SettingObject, SweepPlan } from '../result/sweep-document.js';
import { type ScenarioFlags, scenarioInput } from './scenario-input.js';

/** The flags that make the plan of a sweep. */
export interface PlanFlags extends ScenarioFlags {
  readonly vary: readonly string[];
  readonly zip?: boolean;
  readonly preset?: string;
}

/** A plan, and what is read to make it and to run it. */
export interface PlanInput {
  readonly plan: SweepPlan;
  readonly files: readonly string[];
}

function pathsOf({ files }: SweepPlan): readonly string[] {
  return files.map(({ path }) => path);
}

/**
 * The plan that flags ask for. An axis of a preset gives way to one of the same key; the preset's scenario lies under
 * that of the file, and settings over both.
 */
async function planFromFlags(
  scenario: string | undefined,
  flags: PlanFlags,
  version: string,
): Promise<PlanInput> {
  const preset =
    flags.preset === undefined ? null : named(`--preset ${flags.preset}`, flags.preset, SWEEP_PRESETS);
  const input = scenarioInput(scenario ?? 'claim', flags, preset?.base);
  const given = flags.vary.map(parseVary);
  const ofPreset = (preset?.vary ?? []).map(parseVary);
  const axes = [...ofPreset.map((axis) => given.find(({ key }) => key === axis.key) ?? axis)];
  axes.push(...given.filter((axis) => !axes.includes(axis)));
  const plan = await makePlan({
    ...{ axes, version, mode: flags.zip === true ? 'zip' : 'cartesian' },
    name: scenario === undefined && preset !== null ? preset.id : input.name,
    base: input.value as SettingObject,
  });
  return { plan, files: [...input.files, ...pathsOf(plan)] };
}

/** The plan in a file, or the one that flags ask for. A plan says all: flags that would change it are refused. */
export async function planFor(
  scenario: string | undefined,
  flags: PlanFlags,
  version: string,
): Promise<PlanInput> {
  const text =
    scenario?.endsWith('.json') === true ? readText(scenario, { hint: 'name a scenario or a plan' }) : '';
  if (scenario === undefined || !isPlanText(text)) return planFromFlags(scenario, flags, version);
  for (const [name, isGiven] of [
    ['--vary', flags.vary.length > 0],
    ['--set', flags.set.length > 0],
    ['--preset', flags.preset !== undefined],
    ['--seed', flags.seed !== undefined],
    ['--zip', flags.zip === true],
  ] as const) {
    if (isGiven)
      throw inputError(`${scenario} is a plan, which says all, and ${name} is given`, 'leave it out');
  }
  const plan = parsePlan(text, scenario);
  if (plan.version === version) return { plan, files: [scenario, ...pathsOf(plan)] };
  throw inputError(
    `${scenario} is of tcebench ${plan.version}, this is ${version}`,
    'use that version, or write the plan anew',
  );
}
