/** What the whole machine uses: counters of the kernel, read at once, since they lie in memory. */
import { readFileSync } from 'node:fs';
import os, { type CpuInfo } from 'node:os';
import { openGpus } from './gpu-load.ts';
import type { MachineLoad, MachineReading } from '../../core/ports.ts';

/** Ticks a second in /proc/stat: USER_HZ, 100 on every Linux (proc(5)). */
const ticksPerSecond = 100;
const bytesPerMiB = 1024 * 1024;

/** What is asked where there is no /proc. */
export interface SystemCounters {
  /** Of node:os. */
  cpus(): readonly Pick<CpuInfo, 'times'>[];
  /** Bytes. `available`: what a new program could get. */
  memory(): Promise<{ readonly total: number; readonly available: number }>;
}

/** Node counts as free on macOS what nobody ever used: the greater part of what can be given up at once is missing. */
async function macMemory(): Promise<{ total: number; available: number }> {
  const { mem } = await import('systeminformation');
  return mem();
}

/** Node's counters, but for the memory of macOS. */
export function systemCounters(platform: NodeJS.Platform): SystemCounters {
  const ofNode = () => Promise.resolve({ total: os.totalmem(), available: os.freemem() });
  return { cpus: () => os.cpus(), memory: platform === 'darwin' ? macMemory : ofNode };
}

/**
 * Of `platform`; on Linux from `proc`: two files take 0.1 ms, where systeminformation starts three programs for each
 * reading (10 to 30 ms, measured) and Node asks for far more than is needed.
 */
export function machineLoad(
  platform: NodeJS.Platform,
  system: SystemCounters = systemCounters(platform),
  proc = '/proc',
): MachineLoad {
  const ofLinux = (): MachineReading => ({
    cpuSeconds: busySeconds(text(`${proc}/stat`)),
    memoryMiB: usedMiB(text(`${proc}/meminfo`)),
  });
  return { openGpus, read: () => (platform === 'linux' ? Promise.resolve(ofLinux()) : readOf(system)) };
}

async function readOf(system: SystemCounters): Promise<MachineReading> {
  const memory = await system.memory().catch(() => null);
  const busy = system
    .cpus()
    .reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
  return {
    // Where a system tells of no CPU, or never counts, there is nothing to measure by.
    cpuSeconds: busy > 0 ? busy / 1000 : null,
    memoryMiB: memory === null ? null : (memory.total - memory.available) / bytesPerMiB,
  };
}

/** `cpu user nice system idle iowait irq softirq steal guest guest_nice`: guests are part of user. */
function busySeconds(stat: string): number | null {
  const fields = /^cpu +(.+)$/m.exec(stat)?.[1]?.split(' ').map(Number) ?? [];
  const [user, nice, system, , , irq = 0, softirq = 0] = fields;
  if (user === undefined || nice === undefined || system === undefined) return null;
  const ticks = user + nice + system + irq + softirq;
  return Number.isFinite(ticks) && ticks > 0 ? ticks / ticksPerSecond : null;
}

/** What the kernel could not give to a new program: caches are not in use. */
function usedMiB(meminfo: string): number | null {
  const kib = (name: string) => {
    const found = new RegExp(`^${name}: +(\\d{1,15}) kB$`, 'm').exec(meminfo)?.[1];
    return found === undefined ? null : Number(found);
  };
  const [total, available] = [kib('MemTotal'), kib('MemAvailable')];
  return total === null || available === null ? null : Math.max(0, total - available) / 1024;
}

function text(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
