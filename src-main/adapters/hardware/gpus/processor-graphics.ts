/** The graphics that a processor's name ends with: "AMD RYZEN AI MAX+ 395 w/ Radeon 8060S". */
import type { Door } from '../door.ts';

export async function processorGraphics(door: Door): Promise<string | null> {
  if (door.platform !== 'linux') return null;
  const cpuinfo = (await door.readFile('/proc/cpuinfo')) ?? '';
  const name = /^model name\s*:\s*(.{1,200})$/m.exec(cpuinfo)?.[1] ?? (await lscpuName(door)) ?? '';
  return graphicsIn(name);
}

async function lscpuName(door: Door): Promise<string | null> {
  if (await door.exists('/proc/cpuinfo')) return null;
  const answer = await door.run('lscpu', [], { timeoutMs: 1000 }).catch(() => null);
  return /^\s*Model name:\s*(.{1,200})$/m.exec(answer?.stdout ?? '')?.[1] ?? null;
}

/** Null for names like "Radeon Graphics", which say no more than the vendor. */
export function graphicsIn(name: string): string | null {
  const graphics = /\s(?:w\/|with)\s+(Radeon .*\d\w*.*?)\s*$/i.exec(name)?.[1];
  return graphics?.replace(/\s+(?:Graphics|Gfx)$/i, '') ?? null;
}
