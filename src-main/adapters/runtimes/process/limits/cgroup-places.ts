/** Where this process stands in the control groups of the system. */
import { join } from 'node:path';

export interface CgroupPlaces {
  /** Our own group's folder by controller, of the hierarchies of version 1. */
  readonly v1: ReadonlyMap<string, string>;
  /** Our own group's folder in the unified hierarchy; a hybrid system has it too, often without controllers. */
  readonly v2: string | null;
}

/** Reads /proc/self/mountinfo and /proc/<pid>/cgroup. */
export function placesOf(mountinfo: string, cgroup: string): CgroupPlaces {
  const paths = pathsOf(cgroup);
  const v1 = new Map<string, string>();
  let v2: string | null = null;
  for (const { root, point, type, options } of mountsOf(mountinfo)) {
    if (type === 'cgroup2') v2 ??= folderOf(point, root, paths.get('') ?? '/');
    if (type !== 'cgroup') continue;
    for (const controller of options) {
      const path = paths.get(controller);
      if (path !== undefined && !v1.has(controller)) v1.set(controller, folderOf(point, root, path));
    }
  }
  return { v1, v2 };
}

/** `4:memory:/a/b` and `0::/a/b`, where the empty name is that of version 2. */
function pathsOf(cgroup: string): Map<string, string> {
  return new Map(
    cgroup.split('\n').flatMap((line): [string, string][] => {
      const [, names, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
      if (names === undefined || path === undefined) return [];
      return names.split(',').map((name) => [name, path]);
    }),
  );
}

/** A container sees its own group mounted as the top, while the path may still be counted from the host's. */
function folderOf(point: string, root: string, path: string): string {
  if (root === '/') return path === '/' || path.startsWith('/..') ? point : join(point, path);
  return path === root || path.startsWith(`${root}/`) ? join(point, path.slice(root.length)) : point;
}

function mountsOf(mountinfo: string) {
  return mountinfo.split('\n').flatMap((line) => {
    const [before, after] = line.split(' - ');
    const [, , , root, point] = before?.split(' ') ?? [];
    const [type, , options] = after?.split(' ') ?? [];
    if (root === undefined || point === undefined || type === undefined || options === undefined) return [];
    return [{ root: unescaped(root), point: unescaped(point), type, options: options.split(',') }];
  });
}

/** Blanks in paths are written as octal numbers. */
const unescaped = (text: string) =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
