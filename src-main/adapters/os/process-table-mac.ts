import type { run } from './exec.ts';
import { type NamedProcess, runnerMark, type ProcessTable, type Usage } from './processes.ts';
import { signalPid } from './signal.ts';

/** `lstart` is local time in the user's language: both fixed, so that a start time stays the same text. */
const inEnglishUtc = { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC0' };

/** Asks `ps`, as macOS has no /proc; start times have a resolution of a second. */
export function macProcesses(bootId: string, exec: typeof run): ProcessTable {
  const mark = new RegExp(` ${runnerMark}=(\\S+)`);
  const ps = async (...args: string[]) => {
    const { stdout } = await exec('ps', args, { env: inEnglishUtc, timeoutMs: 10_000 });
    return stdout.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
  };
  const find = async (pid: number) => {
    const [line] = await ps('-o', 'state=,lstart=', '-p', String(pid));
    const [, state, startTime] = /^(\S+)\s+(.+)$/.exec(line ?? '') ?? [];
    return state === undefined || startTime === undefined ? null : { state, startTime };
  };
  const startTimeOf = async (pid: number) => {
    const found = await find(pid);
    return found === null || found.state.startsWith('Z') ? null : found.startTime;
  };
  return {
    startTimeOf,
    isAlive: async (id) => id.bootId === bootId && (await startTimeOf(id.pid)) === id.startTime,
    async signalGroup(id, how) {
      const leader = await find(id.pid);
      if (id.bootId !== bootId || (leader !== null && leader.startTime !== id.startTime)) return;
      if (how === 'stop') signalPid(-id.pid, 'SIGCONT');
      signalPid(-id.pid, how === 'stop' ? 'SIGTERM' : 'SIGKILL');
    },
    async interruptChildren(id) {
      if (id.bootId !== bootId || (await startTimeOf(id.pid)) !== id.startTime) return;
      for (const line of await ps('-axo', 'pid=,ppid=')) {
        const [pid, parent] = line.split(/\s+/).map(Number);
        if (pid !== undefined && parent === id.pid) signalPid(pid, 'SIGINT');
      }
    },
    async marked() {
      const found = new Map<string, number[]>();
      // -E shows the environment behind the command, of this user's processes only; a name holds no space.
      for (const line of await ps('-axwwE', '-U', String(process.getuid?.()), '-o', 'pid=,state=,command=')) {
        const [, pid, state, words] = /^(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
        const name = mark.exec(` ${words}`)?.[1];
        if (pid === undefined || name === undefined || state?.startsWith('Z') === true) continue;
        if (Number(pid) !== process.pid) found.set(name, [...(found.get(name) ?? []), Number(pid)]);
      }
      return found;
    },
    async named(programs) {
      const lines = await ps('-axwwE', '-o', 'pid=,state=,command=');
      return lines.flatMap((line) => namedIn(line, programs, mark) ?? []);
    },
    async usageOf(leaders) {
      const found = new Map<number, Usage>();
      for (const line of await ps('-axo', 'pgid=,rss=,time=')) {
        const [group, rss, time] = line.split(/\s+/);
        if (!leaders.has(Number(group))) continue;
        const sum = found.get(Number(group)) ?? { cpuSeconds: 0, memoryMiB: 0 };
        found.set(Number(group), {
          cpuSeconds: sum.cpuSeconds + secondsOf(time ?? ''),
          memoryMiB: sum.memoryMiB + Number(rss) / 1024,
        });
      }
      return found;
    },
  };
}

/** Words are not told apart here, and our own folder has a space in its name: the path is all before the name. */
function namedIn(line: string, programs: readonly string[], mark: RegExp): NamedProcess | null {
  const program = new RegExp(`^(?:.*?/)?(?:${programs.map(literally).join('|')})(?=\\s|$)`);
  const [, pid, state, words = ''] = /^(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
  const path = program.exec(words)?.[0];
  if (pid === undefined || path === undefined || state?.startsWith('Z') === true) return null;
  return { pid: Number(pid), path, cwd: null, runner: mark.exec(` ${words}`)?.[1] ?? null };
}

const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** `[[days-]hours:]minutes:seconds.hundredths` */
function secondsOf(time: string): number {
  const [days, clock] = time.includes('-') ? time.split('-') : ['0', time];
  return (
    Number(days) * 86_400 + (clock ?? '').split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0)
  );
}
