import { explainArm } from '../../experiment/explain.js';
import { explainText } from '../../report/explain-text.js';
import { documentText } from '../../result/provenance.js';
import { programVersion } from '../host-facts.js';
import { resolvedInput, type ScenarioFlags } from '../scenario-input.js';
import { processTerminal } from '../terminal.js';
import { folderFiles, writeOutputs } from '../written-files.js';

/** Explains where the time of one arm goes; returns the files written. */
export async function explainCommand(
  scenario: string,
  flags: ScenarioFlags & { readonly arm: string },
): Promise<readonly string[]> {
  const terminal = processTerminal(flags);
  const document = explainArm(resolvedInput(scenario, flags), flags.arm, programVersion());
  const written = await writeOutputs(terminal, [], await folderFiles(flags.out, 'explain', document));
  terminal.out(flags.json === true ? documentText(document) : explainText(document, terminal.style));
  return written;
}
