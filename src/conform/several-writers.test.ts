import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { assert } from '../errors.js';
import type { HostPages } from '../host/host-pages.js';
import { EXCHANGE_FAILED } from '../host/iommu-table.js';
import { type MmuMode, REAL_MODE } from '../host/mmu-mode.js';
import { SharedArena } from '../host/shared-arena.js';
import type { SharedBuffers } from '../host/shared-buffers.js';
import { SharedIommuTable } from '../host/shared-iommu-table.js';
import type { DmaWindow } from '../papr/dma-window.js';
import { REVISIONS } from '../path/revisions/revisions.js';
import { readScenario } from './scenario-format.js';
import { ScenarioRunner } from './scenario-runner.js';

const VECTORS = new URL('../../../shared/vectors/', import.meta.url);
const files = existsSync(VECTORS) ? readdirSync(VECTORS).filter((file) => file.endsWith('.jsonl')) : [];

/** The table of several writers with the counts of a scenario's tables. */
class SharedCountedTable extends SharedIommuTable {
  realModeExchanges = 0;
  virtualModeExchanges = 0;

  constructor(name: string, window: DmaWindow, pages: HostPages, buffers: SharedBuffers, leafShift?: number) {
    assert(buffers.atomics !== null, 'a table of several writers stands in an arena');
    super(name, window, pages, buffers, buffers.atomics, leafShift);
  }

  override exchange(entry: number, hpaHi: number, hpaLo: number, permissions: number, mode: MmuMode): number {
    const old = super.exchange(entry, hpaHi, hpaLo, permissions, mode);
    const exchanges = old === EXCHANGE_FAILED ? 2 : 1;
    if (mode === REAL_MODE) this.realModeExchanges += exchanges;
    else this.virtualModeExchanges += exchanges;
    return old;
  }
}

describe('the tables and counts of several writers', () => {
  it.skipIf(files.length === 0).each(files)('give what the real kernel code gave: %s', (file) => {
    const [first, ...rest] = readScenario(readFileSync(new URL(file, VECTORS), 'utf8'), file).lines;
    if (first?.operation.op !== 'config') throw new Error(`${file} has no config`);
    const { kernel } = first.operation;
    const revision = REVISIONS.find(({ scenarioKernel }) => scenarioKernel === kernel);
    if (revision === undefined) throw new Error(`no revision for ${kernel}`);
    const runner = new ScenarioRunner(first.operation, revision, {
      tableClass: SharedCountedTable,
      buffers: new SharedArena(),
    });
    const differing = rest.filter(({ operation, expect: given = {} }) => {
      const { info: _, ...expected } = given;
      const actual = runner.run(operation);
      return Object.keys(expected).length > 0 && !isDeepStrictEqual(expected, actual);
    });
    expect(differing.map(({ line }) => line)).toEqual([]);
  });

  it('are driven by the module that conform runs and bench:hot times', () => {
    const source = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
    expect(source('src/conform/scenario-runner.ts')).toContain("from '../path/in-kernel.js'");
    expect(source('bench/hot-host.ts')).toMatch(
      /\{ InKernelHandlers \} = await product<[^>]*>\(\s*'path\/in-kernel\.js'/,
    );
    expect(source('bench/hot-case.ts')).toContain("from './hot-host.js'");
  });
});
