import type { run } from './exec.ts';
import type { ProcessTable, Usage } from './processes.ts';

/** Asks PowerShell and taskkill. Windows shows no process's environment: what leaves the tree of a job is not found. */
export function windowsProcesses(bootId: string, exec: typeof run): ProcessTable {
  const ask = async (script: string) => {
    const args = ['-NoProfile', '-NonInteractive', '-Command', script];
    return (await exec('powershell.exe', args, { timeoutMs: 30_000 })).stdout.trim();
  };
  const startTimeOf = async (pid: number) => {
    const answer = await ask(
      `(Get-Process -Id ${pid} -ErrorAction SilentlyContinue).StartTime.ToFileTimeUtc()`,
    );
    return /^\d+$/.test(answer) ? answer : null;
  };
  const isAlive: ProcessTable['isAlive'] = async (id) =>
    id.bootId === bootId && (await startTimeOf(id.pid)) === id.startTime;
  const signalGroup: ProcessTable['signalGroup'] = async (id, how) => {
    // Without /F only programs with a window are asked to end; taskkill says so and the others go on until 'kill'.
    const force = how === 'kill' ? ['/F'] : [];
    if (await isAlive(id)) await exec('taskkill.exe', ['/T', ...force, '/PID', String(id.pid)]);
  };
  return {
    startTimeOf,
    isAlive,
    signalGroup,
    interruptChildren: (id) => signalGroup(id, 'stop'),
    marked: () => Promise.resolve(new Map()),
    async named(programs) {
      const names = programs.map((program) => `Name='${program}.exe'`).join(' OR ');
      const answer = await ask(
        `Get-CimInstance Win32_Process -Filter "${names}" | ForEach-Object { "$($_.ProcessId) $($_.ExecutablePath)" }`,
      );
      return answer.split(/\r?\n/).flatMap((line) => {
        const [, pid, path] = /^(\d+) (.+)$/.exec(line) ?? [];
        return pid === undefined || path === undefined
          ? []
          : [{ pid: Number(pid), path, cwd: null, runner: null }];
      });
    },
    async usageOf(leaders) {
      const fields = 'ProcessId,ParentProcessId,WorkingSetSize,KernelModeTime,UserModeTime';
      const answer = await ask(
        `Get-CimInstance Win32_Process | Select-Object ${fields} | ConvertTo-Csv -NoTypeInformation`,
      );
      const rows = answer
        .split(/\r?\n/)
        .slice(1)
        .map((line) => line.split(',').map((field) => Number(field.replaceAll('"', ''))));
      return sumTrees(rows, leaders);
    },
  };
}

/** Rows of process, parent, bytes, and two times in units of 100 ns. */
function sumTrees(
  rows: readonly (readonly number[])[],
  leaders: ReadonlySet<number>,
): ReadonlyMap<number, Usage> {
  const parents = new Map(rows.map(([pid, parent]) => [pid, parent]));
  const found = new Map<number, Usage>();
  for (const [pid, , bytes = 0, kernel = 0, user = 0] of rows) {
    const leader = leaderOf(pid, parents, leaders);
    if (leader === undefined) continue;
    const sum = found.get(leader) ?? { cpuSeconds: 0, memoryMiB: 0 };
    found.set(leader, {
      cpuSeconds: sum.cpuSeconds + (kernel + user) / 1e7,
      memoryMiB: sum.memoryMiB + bytes / 1_048_576,
    });
  }
  return found;
}

function leaderOf(
  pid: number | undefined,
  parents: ReadonlyMap<number | undefined, number | undefined>,
  leaders: ReadonlySet<number>,
): number | undefined {
  let at = pid;
  // Parents may be reused numbers, even in a circle: a tree is never deeper than this.
  for (let depth = 0; at !== undefined && depth < 256; depth++) {
    if (leaders.has(at)) return at;
    at = parents.get(at);
  }
  return undefined;
}
