import { type LimitSettings, type Limits, nothingRead, prefixOf } from './limits.ts';

/** Where no control group can be used: affinity (Linux, with taskset) and niceness alone. */
export function noGroups(settings: LimitSettings, affinity: boolean, why: string): Limits {
  const cpusOf = new Map<string, readonly number[]>();
  const close = (name: string) => {
    cpusOf.delete(name);
    return Promise.resolve();
  };
  const use = { ...settings, cpuAffinity: settings.cpuAffinity && affinity };
  return {
    can: { cpuset: use.cpuAffinity, limits: false },
    notEnforced: [
      `Memory is not limited: ${why}`,
      `CPU time is not limited: ${why}`,
      `The number of processes is not limited: ${why}`,
      ...(use.cpuAffinity || !settings.cpuAffinity
        ? []
        : ['Runners are not kept to their CPUs: this system has no taskset.']),
    ],
    open(name, { cpus }) {
      const list = typeof cpus === 'number' || !use.cpuAffinity ? null : cpus;
      if (list === null) cpusOf.delete(name);
      else cpusOf.set(name, list);
      return Promise.resolve({ groups: [], prefix: prefixOf(use, list) });
    },
    adopt: () => Promise.resolve(),
    processes: () => Promise.resolve(null),
    kill: () => Promise.resolve(),
    usage: () => Promise.resolve(null),
    oomKills: () => Promise.resolve(0),
    readBack(name) {
      const cpus = cpusOf.get(name);
      return cpus === undefined ? nothingRead : { ...nothingRead, cpus };
    },
    rest: close,
    close,
    tidy: () => undefined,
  };
}
