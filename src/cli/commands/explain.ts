import { explainArm } from '../../experiment/explain.js';
import { named } from '../../nearest.js';
import { REVISIONS } from '../../path/revisions/revisions.js';
import { programVersion } from '../../program-version.js';
import { explainText } from '../../report/explain-text.js';
import { revisionsText } from '../../report/revisions-text.js';
import type { ExplainDocument } from '../../result/explain-document.js';
import { documentText } from '../../result/provenance.js';
import { resolvedInput, type ScenarioFlags } from '../scenario-input.js';
import { processTerminal } from '../terminal.js';
import { folderFiles, writeOutputs } from '../written-files.js';

/** The flags of `explain`, as parsed. */
export interface ExplainFlags extends ScenarioFlags {
  readonly arm: string;
  readonly revisions?: string;
}

/** Explains where the time of one arm goes, or how revisions differ in it; returns the files written. */
export async function explainCommand(scenario: string, flags: ExplainFlags): Promise<readonly string[]> {
  const terminal = processTerminal(flags);
  if (flags.revisions !== undefined) return explainRevisions(scenario, flags, flags.revisions.split(','));
  const document = explainArm(await resolvedInput(scenario, flags), flags.arm, programVersion());
  const written = await writeOutputs(terminal, [], await folderFiles(flags.out, 'explain', document));
  terminal.out(flags.json === true ? documentText(document) : explainText(document, terminal.style));
  return written;
}

async function explainRevisions(
  scenario: string,
  flags: ExplainFlags,
  revisions: readonly string[],
): Promise<readonly string[]> {
  const terminal = processTerminal(flags);
  const arms: ExplainDocument[] = [];
  for (const name of revisions) {
    const { id } = named(`--revisions: "${name}"`, name, REVISIONS);
    const set = [...flags.set, `host.revision=${id}`];
    const resolved = await resolvedInput(scenario, { ...flags, set });
    arms.push(explainArm(resolved, flags.arm, programVersion()));
  }
  const document = { schema: 'tcebench.explain-revisions/1', clock: 'modelled', arms };
  const written = await writeOutputs(terminal, [], await folderFiles(flags.out, 'explain', document));
  terminal.out(flags.json === true ? documentText(document) : revisionsText(arms, terminal.style));
  return written;
}
