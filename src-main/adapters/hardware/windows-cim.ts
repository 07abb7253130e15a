/** Windows: one PowerShell call for everything, since each start costs half a second. */
import type { Door } from './door.ts';
import { asCount, asList, asObject, asText, parseJsonObject } from './parse.ts';

/** A display adapter that is present. */
export interface WindowsDisplay {
  readonly name: string | null;
  /** "PCI\\VEN_10DE&DEV_2782&SUBSYS_…" */
  readonly device: string | null;
}

export interface WindowsFacts {
  /** One per socket. */
  readonly processors: readonly {
    readonly name: string | null;
    readonly vendorId: string | null;
    readonly cores: number | null;
    readonly threads: number | null;
    /** 0 x86, 5 Arm, 9 x64, 12 Arm64: the machine's, also for a process that is translated. */
    readonly architecture: number | null;
  }[];
  readonly memoryBytes: number | null;
  readonly maker: string | null;
  readonly model: string | null;
  readonly displays: readonly WindowsDisplay[];
  readonly battery: { readonly percent: number | null; readonly charging: boolean } | null;
}

const query = [
  '[Console]::OutputEncoding=[Text.Encoding]::UTF8;',
  '$c=Get-CimInstance Win32_ComputerSystem;',
  '@{cpus=@(Get-CimInstance Win32_Processor|Select-Object Name,Manufacturer,Architecture,NumberOfCores,NumberOfLogicalProcessors);',
  'memory=$c.TotalPhysicalMemory;maker=$c.Manufacturer;model=$c.Model;',
  'displays=@(Get-CimInstance Win32_VideoController|Select-Object Name,PNPDeviceID);',
  'battery=@(Get-CimInstance Win32_Battery|Select-Object EstimatedChargeRemaining,BatteryStatus)}',
  '|ConvertTo-Json -Compress -Depth 3',
].join('');

/** Null where PowerShell is missing, too slow, or its answer is not understood. */
export async function readWindows(door: Door): Promise<WindowsFacts | null> {
  const args = ['-NoProfile', '-NonInteractive', '-Command', query];
  const answer = await door.run('powershell', args, { timeoutMs: 10_000 }).catch(() => null);
  return answer === null ? null : parseWindows(answer.stdout);
}

/** Pure, so that it can be fed any text. */
export function parseWindows(text: string): WindowsFacts | null {
  const json = parseJsonObject(text);
  if (json === null) return null;
  return {
    processors: asList(json['cpus'])
      .map(asObject)
      .filter((cpu) => cpu !== null)
      .map((cpu) => ({
        name: asText(cpu['Name']),
        vendorId: asText(cpu['Manufacturer']),
        cores: positive(cpu['NumberOfCores']),
        threads: positive(cpu['NumberOfLogicalProcessors']),
        architecture: asCount(cpu['Architecture']),
      })),
    memoryBytes: positive(json['memory']),
    maker: asText(json['maker']),
    model: asText(json['model']),
    displays: asList(json['displays'])
      .slice(0, 64)
      .map(asObject)
      .filter((display) => display !== null)
      .map((display) => ({ name: asText(display['Name']), device: asText(display['PNPDeviceID']) })),
    battery: batteryOf(asObject(asList(json['battery'])[0])),
  };
}

function positive(value: unknown): number | null {
  const count = asCount(value);
  return count === 0 ? null : count;
}

/** BatteryStatus: 1 is discharging, 4 and 5 discharging and low; all others mean that it is fed. */
function batteryOf(battery: Readonly<Record<string, unknown>> | null): WindowsFacts['battery'] {
  if (battery === null) return null;
  const percent = asCount(battery['EstimatedChargeRemaining']);
  const status = asCount(battery['BatteryStatus']);
  return {
    percent: percent === null || percent > 100 ? null : percent,
    charging: status !== null && ![1, 4, 5].includes(status),
  };
}
