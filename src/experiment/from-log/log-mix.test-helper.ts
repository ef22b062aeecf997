/** Test helper: calls per MB of payload, by kind. */
export interface LogMix {
  readonly calls: number;
  readonly put: number;
  readonly clear: number;
  readonly indirect: number;
  readonly stuff: number;
  /** TCEs of a call that maps, and of one that clears. */
  readonly tcesPerMap: number;
  readonly tcesPerClear: number;
}

/** The measures in the order of a table. */
const MEASURES = [...(['calls', 'put', 'clear', 'indirect', 'stuff', 'tcesPerMap', 'tcesPerClear'] as const)];

/** Test helper: counts lines of a log by the words of its format alone. */
export function mixOf(lines: readonly string[], payloadBytes: number): LogMix {
  const calls = { put: 0, clear: 0, indirect: 0, stuff: 0 };
  const tces = { ...calls };
  for (const line of lines) {
    const last = /iobaN=0x([0-9a-f]+)/.exec(line)?.[1];
    const npages = /npages=(\d+)/.exec(line)?.[1];
    const put = /_put .*tce=0x([0-9a-f]+)/.exec(line)?.[1];
    const kind = last ? 'indirect' : npages ? 'stuff' : put === '0' ? 'clear' : 'put';
    if (kind === 'put' && put === undefined) continue;
    calls[kind]++;
    tces[kind] += last ? Number.parseInt(last, 16) + 1 : Number(npages ?? 1);
  }
  const perMB = (count: number) => (count * 1e6) / payloadBytes;
  const each = (a: 'put' | 'clear', b: 'indirect' | 'stuff') =>
    (tces[a] + tces[b]) / Math.max(calls[a] + calls[b], 1);
  return {
    calls: perMB(calls.put + calls.clear + calls.indirect + calls.stuff),
    put: perMB(calls.put),
    clear: perMB(calls.clear),
    indirect: perMB(calls.indirect),
    stuff: perMB(calls.stuff),
    tcesPerMap: each('put', 'indirect'),
    tcesPerClear: each('clear', 'stuff'),
  };
}

/** Test helper: how far the model is from the log in the measure that is worst, as a share of the log's. */
export function worstOf(logged: LogMix, modelled: LogMix): number {
  return Math.max(
    ...MEASURES.map((key) => {
      if (logged[key] === 0) return modelled[key] === 0 ? 0 : Number.POSITIVE_INFINITY;
      return Math.abs(modelled[key] / logged[key] - 1);
    }),
  );
}

/** Test helper: the row of docs/CARDS.md; each cell: logged, modelled. */
export function rowOf(name: string, logged: LogMix, modelled: LogMix): string {
  const cells = MEASURES.map((key) => {
    if (logged[key] === 0 && modelled[key] === 0) return '-';
    const digits = key.startsWith('tces') ? 2 : logged[key] < 10_000 ? 1 : 0;
    return `${logged[key].toFixed(digits)}, ${modelled[key].toFixed(digits)}`;
  });
  return `| ${[name, ...cells, worstOf(logged, modelled).toFixed(3)].join(' | ')} |`;
}
