import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { inputError } from '../../errors.js';
import { checkNoSpecialFile, unreadable } from '../../input-text.js';
import type { SweepPlan } from '../../result/sweep-document.js';
import { valueAt } from '../../scenario/scenario-key.js';

/** The paths of the files that scenarios name, each once. */
export function pathsNamedBy(scenarios: readonly unknown[]): readonly string[] {
  const paths = new Set<string>();
  for (const scenario of scenarios) {
    const pcap = valueAt(scenario, 'traffic.pcap');
    if (typeof pcap === 'string') paths.add(pcap);
    for (const key of ['nic.profile', 'host.cost']) {
      const name = valueAt(scenario, key);
      if (typeof name === 'string' && name.endsWith('.json')) paths.add(name);
    }
  }
  return [...paths].sort();
}

/** The files that scenarios name, each once, with the hashes of what they hold; unread ones are an input error. */
export async function filesOf(scenarios: readonly unknown[]): Promise<SweepPlan['files']> {
  const files: { path: string; sha256: string }[] = [];
  for (const path of pathsNamedBy(scenarios)) files.push({ path, sha256: await sha256Of(path) });
  return files;
}

/** Refuses a plan whose files hold something else here than where it was made. */
export async function checkFiles({ files }: SweepPlan): Promise<void> {
  for (const { path, sha256 } of files) {
    if ((await sha256Of(path)) === sha256) continue;
    throw inputError(`${path} is not the file that the plan was made with`, 'bring that one, or plan anew');
  }
}

async function sha256Of(path: string): Promise<string> {
  checkNoSpecialFile(path);
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch (error) {
    throw unreadable(path, error);
  }
  return hash.digest('hex');
}
