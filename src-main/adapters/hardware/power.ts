/** The battery, where there is one. */
import type { HostProfile } from '../../contract/host.ts';
import type { Door } from './door.ts';
import { parseCount } from './parse.ts';
import { readWindows } from './windows-cim.ts';

type Power = HostProfile['power'];

const readers = {
  linux: linuxPower,
  darwin: macPower,
  win32: async (door: Door): Promise<Power> => ({ battery: (await readWindows(door))?.battery ?? null }),
} as const;

export async function probePower(door: Door): Promise<Power> {
  return readers[door.platform](door);
}

async function linuxPower(door: Door): Promise<Power> {
  const root = '/sys/class/power_supply';
  const supplies = (await door.readDir(root)) ?? [];
  const batteries = await Promise.all(
    supplies.map(async (name) => {
      const [type, scope, capacity, status] = await Promise.all(
        ['type', 'scope', 'capacity', 'status'].map((file) => door.readFile(`${root}/${name}/${file}`)),
      );
      // Mice and headsets have batteries too; theirs is of scope "Device".
      if (type?.trim() !== 'Battery' || scope?.trim() === 'Device') return null;
      return { percent: percentOf(capacity), charging: isFed(status) };
    }),
  );
  return { battery: batteries.find((battery) => battery !== null) ?? null };
}

/** Full and "not charging" (kept at a limit) also mean that the mains feed the machine. */
function isFed(status: string | null | undefined): boolean {
  return ['charging', 'full', 'not charging'].includes(status?.trim().toLowerCase() ?? '');
}

function percentOf(text: string | null | undefined): number | null {
  const percent = parseCount(text);
  return percent === null || percent > 100 ? null : percent;
}

async function macPower(door: Door): Promise<Power> {
  const answer = await door.run('pmset', ['-g', 'batt'], { timeoutMs: 2000 }).catch(() => null);
  return parsePmset(answer?.stdout ?? '');
}

/** " -InternalBattery-0 (id=…)	85%; charging; 0:40 remaining present: true" below "Now drawing from 'AC Power'". */
export function parsePmset(text: string): Power {
  const percent = /InternalBattery[^\n]*?\s(\d{1,3})%;/.exec(text)?.[1];
  if (percent === undefined) return { battery: null };
  return { battery: { percent: percentOf(percent), charging: text.includes("'AC Power'") } };
}
