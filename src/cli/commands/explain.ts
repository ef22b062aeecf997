import { explainArm } from '../../experiment/explain.js';
import { named } from '../../nearest.js';
import { REVISIONS } from '../../path/revisions/revisions.js';
import { programVersion } from '../../program-version.js';
import { explainText } from '../../report/explain-text.js';
import { revisionsText } from '../../report/revisions-text.js';
import type { ExplainDocument } from '../../result/explain-document.js';
import { documentText } from '../../result/provenance.js';
import { checkInputsKept } from '../input-guard.js';
import { resolvedInput, type ScenarioFlags } from '../scenario-input.js';
import { processTerminal } from '../terminal.js';
import { folderFiles, folderPaths, writeOutputs } from '../written-files.js';

/** The flags of `explain`, as parsed. */
export interface ExplainFlags extends ScenarioFlags {
  readonly arm: string;
  readonly revisions?: string;
}

/** Explains where the time of one arm goes, or how revisions differ in it; returns the files written. */
export async function explainCommand(scenario: string, flags: ExplainFlags): Promise<readonly string[]> {
  const terminal = processTerminal(flags);
  if (flags.revisions !== undefined) return explainRevisions(scenario, flags, flags.revisions.split(','));
  const { resolved, files } = await resolvedInput(scenario, flags);
  await checkInputsKept(files, folderPaths(flags.out, 'explain'));
  const document = explainArm(resolved, flags.arm, programVersion());
  const folder = await folderFiles(flags.out, 'explain', document);
  const written = await writeOutputs(terminal, [], folder, files);
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
  const files: string[] = [];
  for (const name of revisions) {
    const { id } = named(`--revisions: "${name}"`, name, REVISIONS);
    const set = [...flags.set, `host.revision=${id}`];
    const input = await resolvedInput(scenario, { ...flags, set });
    await checkInputsKept(input.files, folderPaths(flags.out, 'explain'));
    files.push(...input.files);
    arms.push(explainArm(input.resolved, flags.arm, programVersion()));
  }
  const document = { schema: 'tcebench.explain-revisions/1', clock: 'modelled', arms };
  const folder = await folderFiles(flags.out, 'explain', document);
  const written = await writeOutputs(terminal, [], folder, files);
  terminal.out(flags.json === true ? documentText(document) : revisionsText(arms, terminal.style));
  return written;
}
