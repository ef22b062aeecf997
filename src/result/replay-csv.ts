import { type CsvRow, csvText } from './csv-text.js';
import type { ReplayDocument, ReplayedArm, ReplayedPart } from './replay-document.js';

/** One row per log, path and part of the log: the whole of it, what comes after boot, and each phase. */
export function replayCsv(document: ReplayDocument): string {
  return csvText(
    document.logs.flatMap((log) =>
      log.arms.flatMap((arm) =>
        partsOf(arm, log.whole.calls).map(
          (part): CsvRow => ({
            clock: document.clock,
            file: log.file,
            path: arm.id,
            revision: arm.revision,
            part: part.name,
            calls: part.calls,
            ended_in_real: part.endedIn.real,
            ended_in_virtual: part.endedIn.virtual,
            ended_in_userspace: part.endedIn.userspace,
            modelled_ns: part.modelledNs,
            return_codes_equal: arm.returnCodesEqual,
            tables_agree: arm.tablesAgree,
            host_faults: arm.hostFaults,
            cost_profile: document.cost.profile,
          }),
        ),
      ),
    ),
  );
}

function partsOf(arm: ReplayedArm, calls: number): readonly ReplayedPart[] {
  const whole = { name: 'whole', calls, modelledNs: arm.modelledNs, endedIn: arm.endedIn };
  return [whole, arm.afterBoot, ...arm.phases];
}
