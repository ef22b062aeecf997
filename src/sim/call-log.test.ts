import { describe, expect, it } from 'vitest';
import { CALL, CallLog, KIND_BITS, LOCK, type LockCoverage, UNLOCK } from './call-log.js';

/** A map in pool 0 with two calls, an unmap of pool 1 with one, and one of pool 0. */
function logged(): CallLog {
  const log = new CallLog();
  log.noteSearch(0);
  log.noteCall(5, false, 1, 0);
  log.noteCall(6, false, 1, 0);
  log.noteCall(7, true, 1, -4);
  log.noteFree(1);
  log.noteCall(8, true, 3, 0);
  log.noteFree(0);
  return log;
}

const NAMES = { [CALL]: 'call', [LOCK]: 'lock', [UNLOCK]: 'unlock' } as const;

function listOf(log: CallLog, coverage: LockCoverage): { list: string; locks: number } {
  const entries: string[] = [];
  const locks = log.list(coverage, {
    push: (entry) => void entries.push(`${NAMES[(entry & 3) as keyof typeof NAMES]} ${entry >> KIND_BITS}`),
  });
  return { list: entries.join(', '), locks };
}

describe('the calls of a unit', () => {
  it('stand alone where no lock can be waited for', () => {
    expect(listOf(logged(), 'none')).toEqual({ list: 'call 5, call 6, call 7, call 8', locks: 0 });
  });

  it('stand outside a lock that covers the search', () => {
    expect(listOf(logged(), 'search')).toEqual({
      list: 'lock 0, unlock 0, call 5, call 6, call 7, lock 1, unlock 1, call 8, lock 0, unlock 0',
      locks: 3,
    });
  });

  it('stand inside a lock that covers the table update: searched before a map, freed after an unmap', () => {
    expect(listOf(logged(), 'table-update')).toEqual({
      list: 'lock 0, call 5, call 6, unlock 0, lock 1, call 7, unlock 1, lock 0, call 8, unlock 0',
      locks: 3,
    });
  });

  it('that clear without a free take no lock', () => {
    const log = new CallLog();
    log.noteSearch(2);
    log.noteCall(1, false, 1, 0);
    log.noteCall(2, true, 1, 0);
    log.noteSearch(2);
    expect(listOf(log, 'table-update').list).toBe('lock 2, call 1, unlock 2, call 2, lock 2, unlock 2');
  });

  it('are counted, and forgotten with the next unit', () => {
    const log = logged();
    expect([log.tceOps, log.failedHcalls]).toEqual([6, 1]);
    log.clear();
    expect([log.tceOps, log.failedHcalls, listOf(log, 'search').list]).toEqual([0, 0, '']);
  });
});
