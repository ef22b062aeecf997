import { inputError } from '../errors.js';
import type { Host } from '../host/host.js';
import type { Revision } from '../path/revisions/revision.js';
import type { CountedTable } from './counted-table.js';
import type { OperationOf } from './scenario-operation.js';

/** Operations that put memory of the host out of the reach of real mode, or back. */
type ReachOperation = OperationOf<'rmPage' | 'rmRegion' | 'rmView'>;

/**
 * Executes one of them: `rmPage` on the descriptor of a host page, so that an exchange that must mark it dirty fails;
 * `rmRegion` on a region's list of host addresses, so that none of its pages is translated; `rmView` on the userspace
 * view of a hardware table. An input error where the scenario names what is not there.
 */
export function setReachable(
  operation: ReachOperation,
  host: Host,
  tables: readonly CountedTable[],
  revision: Revision,
): void {
  const { available } = operation;
  if (operation.op === 'rmView') setUserspaceView(operation.table, available, tables, revision);
  else if (operation.op === 'rmRegion') setRegion(operation.ua, available, host);
  else host.pages.setReachableInRealMode(operation.ua, available);
}

function setRegion(ua: number, available: boolean, { preregistered }: Host): void {
  const region = preregistered.regions.find((candidate) => candidate.ua === ua);
  if (region === undefined) {
    throw inputError(`no region begins at 0x${ua.toString(16)}`, 'give the ua of its registration');
  }
  preregistered.setReachableInRealMode(region, available);
}

/** A userspace view that does not exist yet cannot be out of reach, nor one that is part of its table (from 4.20 on). */
function setUserspaceView(
  name: string,
  available: boolean,
  tables: readonly CountedTable[],
  { vfio }: Revision,
): void {
  const table = tables.find((candidate) => candidate.name === name);
  if (table === undefined) throw inputError(`no hardware table ${name}`, 'give the name of a table');
  if (vfio.createsUserspaceView === 'first-map') table.setUserspaceViewReachable(available);
}
