import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { POWER8_2017 } from '../../cost/profiles/power8-2017.js';
import { INTERIM, INTERIM_FIXED } from '../../path/revisions/interim.js';
import { V3 } from '../../path/revisions/v3.js';
import { V3_C13 } from '../../path/revisions/v3-review.js';
import { V4_12 } from '../../path/revisions/v4-12.js';
import { V4_20, V5_4, V5_19 } from '../../path/revisions/v4-20.js';
import type { ReplayedArm, ReplayedLog } from '../../result/replay-document.js';
import { type ReplayOptions, replayLogs } from './replay.js';

const SHARED = fileURLToPath(new URL('../../../../shared/traces/', import.meta.url));
const OWN = fileURLToPath(new URL('../../../results/traces/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tcebench-replay-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function replay(path: string, options: Partial<ReplayOptions> = {}): Promise<ReplayedLog> {
  const { logs } = await replayLogs([path], {
    revision: V3,
    profile: POWER8_2017,
    windows: [],
    seed: 1,
    run: 1,
    draws: 20,
    version: 'test',
    stdin: Readable.from([]),
    ...options,
  });
  return logs[0] as ReplayedLog;
}

async function replayLines(
  lines: readonly string[],
  options: Partial<ReplayOptions> = {},
): Promise<ReplayedLog> {
  const path = join(folder, 'hand.log');
  writeFileSync(path, lines.map((line) => `1@2.3:spapr_iommu_${line}\n`).join(''));
  return replay(path, options);
}

function arm({ arms }: ReplayedLog, id: string): ReplayedArm {
  const found = arms.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no arm ${id}`);
  return found;
}

/** Which LIOBNs of each log are ever mapped, by the table of the logs' own description. */
const MAPPED_LIOBNS = [
  [`${OWN}e1000-64k.log.gz`, 1],
  [`${OWN}e1000e-ddw-on.log.gz`, 1],
  [`${SHARED}8139cp-4kpages-smp2.log.gz`, 1],
  [`${SHARED}pcnet32-multitce-off.log.gz`, 1],
] as const;

/** Each kind of policy once on every log; what is left differs in codes and groups, which no log shows. */
const REPLAYED = [V3, V3_C13, INTERIM_FIXED, V4_12, V4_20, V5_4, V5_19];

describe.each(MAPPED_LIOBNS)('%s', (path, mappedLiobns) => {
  it.skipIf(!existsSync(path)).each(REPLAYED)(
    'gives on $id the codes of the log, agreeing tables, and the first maps that its userspace views ask for',
    async (revision) => {
      const log = await replay(path, { revision });
      expect(log.arms.map((replayed) => replayed.revision)).toEqual(log.arms.map(() => revision.id));
      for (const replayed of log.arms) expect(replayed.agreesWithLog, replayed.id).toBe(true);
      const { calls } = log.whole;
      const firstMaps = revision.vfio.createsUserspaceView === 'with-table' ? 0 : mappedLiobns;
      const virtual = arm(log, 'virtual');
      expect(virtual.endedIn).toEqual({ real: 0, virtual: calls - firstMaps, userspace: firstMaps });
      expect(arm(log, 'userspace').endedIn).toEqual({ real: 0, virtual: 0, userspace: calls });
      expect(arm(log, 'userspace').modelledNs).toBeGreaterThan(virtual.modelledNs);
      expect(log.arms.some(({ id }) => id === 'real')).toBe(revision.real !== null);
      if (revision.real === null) return;
      const real = arm(log, 'real');
      expect(real.endedIn.userspace).toBe(firstMaps);
      // Pages of a guest view that come on demand are virtual mode's to make.
      if (revision.guestView.pages === 'at-creation') expect(real.endedIn.virtual).toBe(0);
      else expect(real.endedIn.virtual).toBeGreaterThan(0);
      expect(virtual.modelledNs).toBeGreaterThan(real.modelledNs);
    },
  );

  it.skipIf(!existsSync(path))('ends boot where the user says, and says that the phases differ', async () => {
    const asked = await replay(path, { bootLines: 10 });
    expect(asked.bootEnd).toEqual({ line: 10, by: 'boot-lines' });
    const { bootEnd, warnings } = await replay(path);
    expect(bootEnd.by).toBe('phases');
    const difference = asked.warnings.filter((warning) => !warnings.includes(warning));
    expect(difference).toEqual([
      expect.stringMatching(`line 10, as --boot-lines.* line ${bootEnd.line}, as`),
    ]);
  });

  it.skipIf(!existsSync(path))('has phases and a rest that add up to the whole', async () => {
    const log = await replay(path);
    for (const { modelledNs, afterBoot, phases } of log.arms) {
      const boot = phases.find(({ name }) => name === 'boot')?.modelledNs ?? 0;
      expect(boot + afterBoot.modelledNs).toBeCloseTo(modelledNs, 3);
    }
  });
});

describe('the interim revision', () => {
  it('is found out by a real log: its list handler maps the first entry all over', async () => {
    const log = await replay(`${OWN}e1000-64k.log.gz`, { revision: INTERIM });
    expect(log.arms.map(({ id, agreesWithLog }) => [id, agreesWithLog])).toEqual([
      ['userspace', true],
      ['virtual', false],
      ['real', false],
    ]);
  });
});

const TABLE = 'new_table liobn=0x80000000 table=0x55 fd=-1';
const WINDOW = { liobn: 0x80000000, start: 0, bytes: 2 ** 20, pageShift: 12 };

describe('a log that is replayed', () => {
  it('starts every table anew where the machine was reset, and pays for its first map again', async () => {
    const map = 'pci_put liobn=0x80000000 ioba=0x1000 tce=0x5003 ret=0';
    const log = await replayLines([TABLE, map, map, TABLE, map], { windows: [WINDOW] });
    expect(arm(log, 'real').endedIn).toEqual({ real: 1, virtual: 0, userspace: 2 });
    expect(log.whole.liveAtEnd).toBe(1);
    for (const replayed of log.arms) expect(replayed.agreesWithLog).toBe(true);
  });

  it('names the line, the code of the log and the modelled one where they differ', async () => {
    const log = await replayLines(
      [
        TABLE,
        'pci_put liobn=0x80000000 ioba=0x1000 tce=0x5003 ret=0',
        'pci_put liobn=0x80000000 ioba=0x2000 tce=0x5003 ret=-4',
      ],
      { windows: [WINDOW] },
    );
    const real = arm(log, 'real');
    expect(real).toMatchObject({ returnCodesEqual: false, returnCodeDifferences: 1 });
    expect(real.firstDifferences).toEqual([{ line: 3, expected: 'H_PARAMETER', actual: 'H_SUCCESS' }]);
    expect(log.comparison).toBeNull();
  });

  it('compares what H_GET_TCE read with the guest view', async () => {
    const put = 'pci_put liobn=0x80000000 ioba=0x1000 tce=0x5003 ret=0';
    const get = (value: string) => `pci_get liobn=0x80000000 ioba=0x1000 ret=0 tce=${value}`;
    expect(
      arm(await replayLines([TABLE, put, get('0x5003')], { windows: [WINDOW] }), 'virtual').returnCodesEqual,
    ).toBe(true);
    const wrong = await replayLines([TABLE, put, get('0x6003')], { windows: [WINDOW] });
    expect(arm(wrong, 'virtual').firstDifferences).toEqual([
      { line: 3, expected: '0x6003', actual: '0x5003' },
    ]);
  });

  it('gives an unknown LIOBN to user space, which refuses it on every path', async () => {
    const log = await replayLines(
      [
        TABLE,
        'put liobn=0x71000002 ioba=0x1000 tce=0x5003 ret=-4',
        'pci_put liobn=0x80000000 ioba=0x0 tce=0x0 ret=0',
      ],
      { windows: [WINDOW] },
    );
    for (const replayed of log.arms) expect(replayed.agreesWithLog, replayed.id).toBe(true);
    expect(arm(log, 'real').endedIn).toEqual({ real: 1, virtual: 0, userspace: 1 });
  });
});
