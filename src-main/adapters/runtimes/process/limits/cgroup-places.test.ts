import { expect, it } from 'vitest';
import { placesOf } from './cgroup-places.ts';

const v1 = (name: string, root = '/', point = `/sys/fs/cgroup/${name}`) =>
  `32 31 0:29 ${root} ${point} rw,relatime shared:9 - cgroup cgroup rw,${name}`;
const v2 = (root = '/', point = '/sys/fs/cgroup') =>
  `30 23 0:26 ${root} ${point} rw,nosuid - cgroup2 cgroup2 rw,nsdelegate`;

it.each([
  [
    'a unified system',
    [v2()],
    ['0::/user.slice/app.scope'],
    { v1: {}, v2: '/sys/fs/cgroup/user.slice/app.scope' },
  ],
  [
    'a hybrid system',
    [v1('cpu,cpuacct'), v1('memory'), v2('/', '/sys/fs/cgroup/unified')],
    ['5:memory:/a', '4:cpu,cpuacct:/', '1:name=systemd:/x', '0::/'],
    {
      v1: {
        cpu: '/sys/fs/cgroup/cpu,cpuacct',
        cpuacct: '/sys/fs/cgroup/cpu,cpuacct',
        memory: '/sys/fs/cgroup/memory/a',
      },
      v2: '/sys/fs/cgroup/unified',
    },
  ],
  [
    'a container that sees the host’s paths',
    [v1('memory', '/docker/abc')],
    ['5:memory:/docker/abc/job'],
    { v1: { memory: '/sys/fs/cgroup/memory/job' }, v2: null },
  ],
  [
    'a container of whose group only the top is mounted',
    [v2('/docker/abc')],
    ['0::/docker/other'],
    { v1: {}, v2: '/sys/fs/cgroup' },
  ],
  ['a group outside the namespace', [v2()], ['0::/../x'], { v1: {}, v2: '/sys/fs/cgroup' }],
  ['a mount point with blanks', [v2('/', '/my\\040cgroups')], ['0::/a'], { v1: {}, v2: '/my cgroups/a' }],
  [
    'a system without control groups',
    ['22 1 0:1 / / rw - ext4 /dev/vda rw'],
    ['rubbish', ''],
    { v1: {}, v2: null },
  ],
])('finds our groups on %s', (_, mounts, groups, expected) => {
  const places = placesOf(`${mounts.join('\n')}\n`, `${groups.join('\n')}\n`);
  expect({ v1: Object.fromEntries(places.v1), v2: places.v2 }).toEqual(expected);
});
