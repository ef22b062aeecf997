import { inputError } from '../../errors.js';
import { named } from '../../nearest.js';
import { LogTraits } from '../../trace/log-traits.js';
import { BOOT_PHASE, isWhole, type Phase, phasesBeside } from '../../trace/phases.js';
import { replayLog } from '../../trace/replay.js';
import { type Survey, surveyLog } from '../../trace/survey.js';
import { TraceLog } from '../../trace/trace-log.js';
import { type DerivedKey, Findings, type MissingKey } from './findings.js';
import { trafficFromLog } from './traffic-from-log.js';

/** What a log says of a scenario, and what it cannot say. */
export interface LogScenario {
  readonly keys: readonly DerivedKey[];
  readonly notShown: readonly MissingKey[];
  readonly warnings: readonly string[];
}

/**
 * Derives the keys of a scenario from a log and the phases file beside it; nothing is guessed that neither shows.
 * `phaseName`: which phase the traffic is taken from; without it the one that moved most.
 */
export async function scenarioFromLog(
  path: string,
  phaseName: string | undefined,
  stdin: AsyncIterable<Uint8Array>,
): Promise<LogScenario> {
  const phases = await phasesBeside(path);
  const log = await TraceLog.open(path, stdin);
  try {
    const survey = await surveyLog(log, { phases });
    const phase = chosenPhase(path, phases, phaseName, survey.lines);
    const after = { name: 'after boot', lineFrom: survey.bootEnd.line + 1, lineTo: survey.lines };
    const traits = new LogTraits(phase ?? after);
    await replayLog(log, survey, [traits]);
    traits.finish();
    const findings = new Findings();
    guestFromLog(findings, traits, survey);
    trafficFromLog(findings, traits, phase, findings.valueOf('guest.pageSize'));
    return { keys: findings.keys, notShown: findings.notShown, warnings: survey.warnings };
  } finally {
    await log.close();
  }
}

function chosenPhase(
  path: string,
  phases: readonly Phase[] | null,
  name: string | undefined,
  lines: number,
): Phase | null {
  const workload = phases?.filter((phase) => phase.name !== BOOT_PHASE) ?? [];
  if (name === undefined) {
    return workload
      .filter((phase) => isWhole(phase, lines))
      .reduce<Phase | null>(
        (most, phase) => (most === null || phase.payloadBytes > most.payloadBytes ? phase : most),
        null,
      );
  }
  if (workload.length === 0) {
    throw inputError(`${path} has no phases beside it, so none is ${name}`, 'leave out --phase');
  }
  const phase = named(
    `--phase ${name}`,
    name,
    workload.map((candidate) => ({ ...candidate, id: candidate.name })),
  );
  if (isWhole(phase, lines)) return phase;
  throw inputError(
    `${path}: the log is cut before the end of phase ${name}: it has ${lines} lines, and the phase ends at line ${phase.lineTo}`,
    'name a phase that is whole, or use the whole log',
  );
}

function guestFromLog(findings: Findings, traits: LogTraits, { tables }: Survey): void {
  const { lists, largePageMaps, indirects, stuffs, putClears } = traits;
  const usual = tables.find(({ by }) => by !== 'ddw');
  if (usual === undefined || usual.by === 'default') {
    findings.missing('guest.window', 'the log does not clear a window at boot, so its size is not in it');
  } else {
    const { liobn, window } = usual;
    const shown = `LIOBN 0x${liobn.toString(16)} is cleared whole at boot`;
    findings.found('guest.window.start', window.iobaOf(0), `${shown}, from this address on`);
    findings.found('guest.window.bytes', window.bytes, `${shown}, so far`);
    findings.found('guest.window.pageShift', window.pageShift, 'no ddw_create gives that window other pages');
  }
  const direct = tables.find(({ by }) => by === 'ddw');
  if (direct !== undefined) {
    findings.found('guest.ddw', true, `LIOBN 0x${direct.liobn.toString(16)} is made by ddw_create`);
    findings.found('guest.ramBytes', direct.window.bytes, 'the direct window is as long');
  } else if (tables.length > 0) {
    findings.found('guest.ddw', false, 'no ddw_create: all traffic goes through the usual window');
  }
  if (indirects + stuffs > 0) {
    const calls = `${indirects} H_PUT_TCE_INDIRECT and ${stuffs} H_STUFF_TCE`;
    if (direct === undefined) findings.found('guest.multiTce', true, `the log has ${calls}`);
    else findings.missing('guest.multiTce', 'an arm with ddw has no other kind');
  } else if (putClears > 0) {
    findings.found(
      'guest.multiTce',
      false,
      `all ${traits.calls} calls are single, ${putClears} of them clears`,
    );
  } else {
    findings.missing('guest.multiTce', 'nothing is cleared, so both kinds could look so');
  }
  if (lists.off64k > 0) {
    const where = `${lists.off64k} of ${lists.all} list pages are on no boundary of 64 KiB`;
    findings.found('guest.pageSize', 4096, where);
  } else if (largePageMaps > 0) {
    const where = `${largePageMaps} maps are of whole pages of 64 KiB, such as descriptor rings rounded up`;
    findings.found('guest.pageSize', 65536, where);
  } else if (usual !== undefined && usual.by !== 'default' && traits.maps > 0) {
    const where = `the log begins at boot, and none of ${traits.maps} maps is of whole pages of 64 KiB, as rings would be`;
    findings.found('guest.pageSize', 4096, where);
  } else {
    findings.missing('guest.pageSize', 'neither list pages nor whole pages that are mapped tell it');
  }
}
