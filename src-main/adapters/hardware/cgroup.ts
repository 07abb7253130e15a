/** Where this process stands in the control groups, of both versions: its folder and those above it, nearest first. */

export interface CgroupFolders {
  /** Empty where the hierarchy is not mounted. */
  readonly unified: readonly string[];
  readonly cpu: readonly string[];
  readonly memory: readonly string[];
  readonly cpuset: readonly string[];
}

type V1 = Exclude<keyof CgroupFolders, 'unified'>;

/** Where each controller of version 1 lies where no list of mounts says so. */
const usualFolders: Readonly<Record<V1, readonly string[]>> = {
  cpu: ['cpu', 'cpu,cpuacct'],
  memory: ['memory'],
  cpuset: ['cpuset'],
};

/** `mounts` is /proc/self/mounts, `self` /proc/self/cgroup; null where they cannot be read. */
export function cgroupFolders(mounts: string | null, self: string | null): CgroupFolders {
  const points = mountPoints(mounts ?? '');
  const paths = ownPaths(self ?? '');
  const v1 = (controller: V1): readonly string[] => {
    const mounted = points.get(controller);
    const usual = usualFolders[controller].map((name) => `/sys/fs/cgroup/${name}`);
    return (mounted === undefined ? usual : [mounted]).flatMap((mount) =>
      upwards(mount, paths.get(controller) ?? '/'),
    );
  };
  return {
    unified: upwards(points.get('unified') ?? '/sys/fs/cgroup', paths.get('unified') ?? '/'),
    cpu: v1('cpu'),
    memory: v1('memory'),
    cpuset: v1('cpuset'),
  };
}

/** The first mount of each hierarchy, by controller; spaces in paths are written as \040. */
function mountPoints(mounts: string): ReadonlyMap<string, string> {
  const points = new Map<string, string>();
  for (const line of mounts.split('\n')) {
    const [, escaped = '', type, options = ''] = line.split(' ');
    const point = escaped.replace(/\\([0-7]{3})/g, (_, code: string) =>
      String.fromCharCode(parseInt(code, 8)),
    );
    const names = type === 'cgroup2' ? ['unified'] : type === 'cgroup' ? options.split(',') : [];
    for (const name of names) if (!points.has(name)) points.set(name, point);
  }
  return points;
}

/** Lines "4:cpu,cpuacct:/path" and, for version 2, "0::/path". */
function ownPaths(self: string): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const line of self.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    // Outside of our namespace: we see nothing of it but the mount itself.
    const seen = path.split('/').includes('..') ? '/' : path;
    for (const name of controllers === '' ? ['unified'] : controllers.split(',')) paths.set(name, seen);
  }
  return paths;
}

function upwards(mount: string, path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.map((_, index) => [mount, ...parts.slice(0, parts.length - index)].join('/')).concat(mount);
}
