/** How much memory the machine has, in MiB, before limits. */
import { problem } from '../../contract/problem.ts';
import type { Door } from './door.ts';
import { parseCount, parseFields } from './parse.ts';
import { readSysctl } from './sysctl.ts';
import { readMacHardware } from './system-profiler.ts';
import { readWindows } from './windows-cim.ts';

const readers = { linux: linuxMemory, darwin: macMemory, win32: windowsMemory } as const;

/** 256 TiB, what 48 address bits reach: more is a damaged answer. */
const mostMiB = 2 ** 28;

/** Throws the problem `tool-unreadable` where nothing answers. */
export async function probeMemory(door: Door): Promise<number> {
  const memoryMiB = await readers[door.platform](door);
  if (memoryMiB !== null && memoryMiB > 0 && memoryMiB <= mostMiB) return memoryMiB;
  throw problem(
    'tool-unreadable',
    'Nothing on this machine says how much memory it has.',
    'Record what detection sees with `homerunner detect --record FILE` and attach it to a report.',
  );
}

async function linuxMemory(door: Door): Promise<number | null> {
  return parseMeminfo((await door.readFile('/proc/meminfo')) ?? '');
}

/** MemTotal, which the kernel gives in KiB though it writes kB. */
export function parseMeminfo(text: string): number | null {
  const total = /^(\d{1,15}) kB$/.exec(parseFields(text).get('MemTotal') ?? '')?.[1];
  return total === undefined ? null : Math.floor(Number(total) / 1024);
}

async function macMemory(door: Door): Promise<number | null> {
  const fields = await readSysctl(door);
  if (fields === null) return (await readMacHardware(door))?.memoryMiB ?? null;
  return mebibytes(parseCount(fields.get('hw.memsize')));
}

async function windowsMemory(door: Door): Promise<number | null> {
  return mebibytes((await readWindows(door))?.memoryBytes ?? null);
}

function mebibytes(bytes: number | null): number | null {
  return bytes === null ? null : Math.floor(bytes / (1024 * 1024));
}
