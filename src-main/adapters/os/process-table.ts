import { run } from './exec.ts';
import { linuxProcesses } from './process-table-linux.ts';
import { macProcesses } from './process-table-mac.ts';
import { windowsProcesses } from './process-table-windows.ts';
import type { ProcessTable } from './processes.ts';

/** The process table of `platform`; `bootId` is that of this boot. */
export function processTable(platform: NodeJS.Platform, bootId: string): ProcessTable {
  if (platform === 'linux') return linuxProcesses(bootId);
  return platform === 'win32' ? windowsProcesses(bootId, run) : macProcesses(bootId, run);
}
