import type { RunDocument } from '../result/run-document.js';

/** A value of the resolved scenario, as text. */
export function scenarioField({ scenario }: RunDocument, group: string, key: string): string {
  const values = scenario[group];
  const value =
    typeof values === 'object' && values !== null ? (values as Record<string, unknown>)[key] : undefined;
  return String(value);
}

/** The card of a run: the name of one that ships, or of its file without folders. */
export function cardName(document: RunDocument): string {
  return scenarioField(document, 'nic', 'profile').replace(/^.*[\\/]/, '');
}
