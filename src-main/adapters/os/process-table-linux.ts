import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type NamedProcess, runnerMark, type ProcessTable, type Usage } from './processes.ts';
import { signalPid } from './signal.ts';

/** Ticks a second in /proc/<pid>/stat: USER_HZ, 100 on every Linux (proc(5)). */
const ticksPerSecond = 100;
/** Processes looked at before the event loop gets its turn: about a millisecond. */
const perTurn = 64;

interface Stat {
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly startTime: string;
  readonly cpuTicks: number;
}

/** Reads /proc: plain reads of memory, faster done at once than handed to a thread. */
export function linuxProcesses(bootId: string, proc = '/proc'): ProcessTable {
  const statOf = (pid: number) => parseStat(read(`${proc}/${pid}/stat`));
  const startTimeOf = (pid: number) => {
    const stat = statOf(pid);
    return stat === null || hasEnded(stat) ? null : stat.startTime;
  };
  return {
    startTimeOf: (pid) => Promise.resolve(startTimeOf(pid)),
    isAlive: (id) => Promise.resolve(id.bootId === bootId && startTimeOf(id.pid) === id.startTime),
    signalGroup(id, how) {
      // A group outlives its leader and keeps the number taken: another start time means that the group has gone.
      const leader = statOf(id.pid);
      const ours = id.bootId === bootId && (leader === null || leader.startTime === id.startTime);
      if (ours && how === 'stop') signalPid(-id.pid, 'SIGCONT');
      if (ours) signalPid(-id.pid, how === 'stop' ? 'SIGTERM' : 'SIGKILL');
      return Promise.resolve();
    },
    async interruptChildren(id) {
      if (id.bootId !== bootId || startTimeOf(id.pid) !== id.startTime) return;
      for await (const pid of pids(proc)) if (statOf(pid)?.parent === id.pid) signalPid(pid, 'SIGINT');
    },
    async marked() {
      const found = new Map<string, number[]>();
      for await (const pid of pids(proc)) {
        const name = nameIn(read(`${proc}/${pid}/environ`));
        if (name === null || !isOurs(`${proc}/${pid}`)) continue;
        const stat = statOf(pid);
        if (stat !== null && !hasEnded(stat)) found.set(name, [...(found.get(name) ?? []), pid]);
      }
      return found;
    },
    async named(programs) {
      const found: NamedProcess[] = [];
      for await (const pid of pids(proc)) {
        const path = programOf(read(`${proc}/${pid}/cmdline`), programs);
        if (path === null || startTimeOf(pid) === null) continue;
        const runner = nameIn(read(`${proc}/${pid}/environ`));
        found.push({ pid, path, cwd: linkOf(`${proc}/${pid}/cwd`), runner });
      }
      return found;
    },
    async usageOf(leaders) {
      const found = new Map<number, Usage>();
      for await (const pid of pids(proc)) {
        const stat = statOf(pid);
        if (stat === null || !leaders.has(stat.session)) continue;
        const sum = found.get(stat.session) ?? { cpuSeconds: 0, memoryMiB: 0 };
        found.set(stat.session, {
          cpuSeconds: sum.cpuSeconds + stat.cpuTicks / ticksPerSecond,
          memoryMiB: sum.memoryMiB + residentMiB(read(`${proc}/${pid}/status`)),
        });
      }
      return found;
    },
  };
}

/** What a wrapper reads of itself, so that both sides name a start time alike: field 22 of /proc/<pid>/stat. */
function parseStat(text: string | null): Stat | null {
  // The name in parentheses may itself hold spaces and parentheses.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group, session] = fields ?? [];
  const startTime = fields?.[19];
  if (state === undefined || startTime === undefined) return null;
  // Its own time in user and kernel mode, and that of the children it has waited for.
  const cpuTicks = [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields?.[i]), 0);
  return {
    state,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    startTime,
    cpuTicks,
  };
}

const hasEnded = (stat: Stat) => stat.state === 'Z' || stat.state === 'X';

const mark = `${runnerMark}=`;

/** The whole value, so that no name matches by its beginning. */
function nameIn(environ: string | null): string | null {
  if (environ === null) return null;
  const at = environ.startsWith(mark) ? 0 : environ.indexOf(`\0${mark}`) + 1;
  if (at === 0 && !environ.startsWith(mark)) return null;
  const end = environ.indexOf('\0', at);
  return environ.slice(at + mark.length, end < 0 ? undefined : end);
}

/** An interpreter and a flag of it may stand before the program. */
function programOf(cmdline: string | null, programs: readonly string[]): string | null {
  if (cmdline === null || !programs.some((program) => cmdline.includes(program))) return null;
  const words = cmdline.split('\0', 3);
  return words.find((word) => programs.includes(basename(word))) ?? null;
}

function linkOf(link: string): string | null {
  try {
    return readlinkSync(link);
  } catch {
    return null;
  }
}

function residentMiB(status: string | null): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status ?? '')?.[1];
  return kib === undefined ? 0 : Number(kib) / 1024;
}

async function* pids(proc: string): AsyncGenerator<number> {
  let seen = 0;
  for (const entry of readdirSync(proc)) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    if (++seen % perTurn === 0) await nextTurn();
    yield pid;
  }
}

function isOurs(folder: string): boolean {
  try {
    return statSync(folder).uid === process.getuid?.();
  } catch {
    return false;
  }
}

/** Null when the process has gone or is not ours to read. */
function read(file: string): string | null {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return null;
  }
}
