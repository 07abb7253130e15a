import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { problem } from '../../contract/problem.ts';
import { type Capture } from './capture.ts';
import { detect } from './detect.ts';
import { type Door, onceDoor } from './door.ts';
import { replayDoor } from './replay-door.ts';

const options = {
  reserve: { cpu: 20, memory: 15 },
  engines: { dockerElsewhere: false, runtimeFolder: '/run/user/1000', homeFolder: '/home/user' },
  monotonic: () => 0,
};
const capture: Capture = {
  ...{ schema: 1, name: '', source: '', platform: 'linux', arch: 'x64' },
  ...{ commands: {}, dirs: {}, links: {}, volumes: {}, denied: [] },
  files: { '/proc/cpuinfo': 'processor\t: 0\n\nprocessor\t: 1\n', '/proc/meminfo': 'MemTotal: 8388608 kB\n' },
};
const docker = 'docker version --format {{json .}}';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a probe that fails or never answers is a gap; the others answer', async () => {
  const door = replayDoor(capture);
  const broken: Door = {
    ...door,
    readFile: (path) => (path === '/proc/meminfo' ? new Promise(() => undefined) : door.readFile(path)),
    volumes: () => Promise.reject(problem('tool-unreadable', 'The disk is odd.', 'Look at it.')),
    readDir: () => Promise.reject(new TypeError('broken')),
  };
  const asked = detect(broken, options);
  await vi.advanceTimersByTimeAsync(3000);
  const profile = await asked;
  expect(profile.gaps.map(({ probe, problem: { code } }) => [probe, code])).toEqual([
    ['disks', 'tool-unreadable'],
    ['emulation', 'unexpected'],
    ['gpus', 'unexpected'],
    ['memory', 'tool-timeout'],
    ['npus', 'unexpected'],
    ['power', 'unexpected'],
  ]);
  expect(profile).toMatchObject({ cpu: { threads: 2 }, memoryMiB: 0, disks: [], emulation: [] });
});

test('an engine without a socket gets 100 ms, one with a socket two seconds', async () => {
  const limitOf = async (files: Capture['files']): Promise<number> => {
    const door = replayDoor({ ...capture, files: { ...capture.files, ...files } });
    let limit = 0;
    await detect(
      {
        ...door,
        run: (command, args, { timeoutMs }) => {
          if (command === 'docker') limit = timeoutMs;
          return door.run(command, args, { timeoutMs });
        },
      },
      options,
    );
    return limit;
  };
  expect(await limitOf({})).toBe(100);
  expect(await limitOf({ '/run/user/1000/docker.sock': '' })).toBe(2000);
});

test.each([
  ['', 'Cannot connect to the Docker daemon', 'engine-down'],
  ['{"Client":{"Version":"28.2.2"},"Server":null}', 'Cannot connect', 'engine-down'],
  [
    '{"Client":{"Version":"28.2.2"},"Server":null}',
    'permission denied while trying to connect',
    'engine-denied',
  ],
] as const)('docker that answers %j, %j: %s', async (stdout, stderr, code) => {
  const { engines } = await detect(
    replayDoor({ ...capture, commands: { [docker]: { code: 1, stdout, stderr } } }),
    options,
  );
  expect(engines).toMatchObject([{ id: 'docker', running: false, problem: { code } }]);
});

test('an engine that is too slow is there, and does not run', async () => {
  const { engines, gaps } = await detect(
    replayDoor({ ...capture, commands: { [docker]: { code: null, stdout: '', stderr: '' } } }),
    options,
  );
  expect(engines).toMatchObject([
    { id: 'docker', version: null, running: false, problem: { code: 'engine-down' } },
  ]);
  expect(gaps).toEqual([]);
});

const guestOf = async (files: Capture['files']) =>
  (await detect(replayDoor({ ...capture, files: { ...capture.files, ...files } }), options)).virtualization
    .guest;
const dmi = (maker: string, product: string) => ({
  '/sys/class/dmi/id/sys_vendor': `${maker}\n`,
  '/sys/class/dmi/id/product_name': `${product}\n`,
});

test.each([
  [dmi('LENOVO', '21ABCTO1WW'), null],
  [dmi('QEMU', 'Standard PC (Q35 + ICH9, 2009)'), 'qemu'],
  [dmi('Amazon EC2', 'm7g.xlarge'), 'aws'],
  [dmi('Amazon EC2', 'c7g.metal'), null],
  [dmi('Microsoft Corporation', 'Virtual Machine'), 'hyper-v'],
  [dmi('Microsoft Corporation', 'Surface Laptop'), null],
  [dmi('innotek GmbH', 'VirtualBox'), 'virtualbox'],
  [{ '/proc/sys/kernel/osrelease': '5.15.167.4-microsoft-standard-WSL2\n' }, 'wsl'],
  [{ '/run/.containerenv': '' }, 'podman'],
  [{ '/.dockerenv': '' }, 'docker'],
  [{ '/.dockerenv': '', '/proc/self/mountinfo': '27 1 254:0 / / rw - ext4 /dev/vda rw\n' }, null],
  [{ '/.dockerenv': '', '/proc/self/mountinfo': '27 1 0:50 / / rw - overlay overlay rw\n' }, 'docker'],
  [{ '/run/systemd/container': 'lxc\n' }, 'lxc'],
  [{ '/proc/cpuinfo': 'processor : 0\nflags : fpu hypervisor sse\n' }, 'vm'],
])('the guest of %j is %s', async (files, guest) => {
  expect(await guestOf(files)).toBe(guest);
});

test('each question is put to the machine once', async () => {
  const inner = replayDoor(capture);
  const readFile = vi.fn(inner.readFile);
  const door = onceDoor({ ...inner, readFile });
  await Promise.all([
    door.readFile('/proc/cpuinfo'),
    door.readFile('/proc/cpuinfo'),
    door.readFile('/proc/meminfo'),
  ]);
  expect(readFile).toHaveBeenCalledTimes(2);
});

const profileWith = (more: Partial<Capture>) =>
  detect(replayDoor({ ...capture, ...more, files: { ...capture.files, ...more.files } }), options);

test('of nested control groups the tightest limit counts', async () => {
  const { cpu, memoryMiB } = await profileWith({
    files: {
      '/proc/cpuinfo': Array.from({ length: 8 }, (_, cpu) => `processor\t: ${cpu}\n`).join('\n'),
      '/proc/self/cgroup': '0::/a.slice/b.scope\n',
      '/sys/fs/cgroup/a.slice/b.scope/memory.max': 'max\n',
      '/sys/fs/cgroup/a.slice/b.scope/memory.high': '2147483648\n',
      '/sys/fs/cgroup/a.slice/memory.max': '4294967296\n',
      '/sys/fs/cgroup/a.slice/b.scope/cpu.max': '600000 100000\n',
      '/sys/fs/cgroup/a.slice/cpu.max': '350000 100000\n',
      '/sys/fs/cgroup/a.slice/cpuset.cpus.effective': '0-6\n',
    },
  });
  expect([cpu.threads, cpu.cores, cpu.topology.length, memoryMiB]).toEqual([3, 8, 7, 2048]);
});

test('less than a core of quota is still one thread, and no limit is none', async () => {
  const low = await profileWith({ files: { '/sys/fs/cgroup/cpu.max': '20000 100000\n' } });
  expect(low.cpu.threads).toBe(1);
  const none = await profileWith({
    files: {
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
    },
  });
  expect([none.cpu.threads, none.memoryMiB]).toEqual([2, 8192]);
});

test('the battery of a mouse is not that of the machine', async () => {
  const root = '/sys/class/power_supply';
  const supply = (name: string, fields: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(fields).map(([file, text]) => [`${root}/${name}/${file}`, `${text}\n`]),
    );
  const mouse = supply('mouse', { type: 'Battery', scope: 'Device', capacity: '5', status: 'Discharging' });
  const own = supply('BAT1', { type: 'Battery', capacity: '101', status: 'Not charging' });
  expect((await profileWith({ dirs: { [root]: ['mouse'] }, files: mouse })).power.battery).toBeNull();
  const both = await profileWith({ dirs: { [root]: ['mouse', 'BAT1'] }, files: { ...mouse, ...own } });
  expect(both.power.battery).toEqual({ percent: null, charging: true });
});

test('numbers that cannot be are not believed', async () => {
  const sysctl = 'hw.memsize: 999999999999999\nhw.ncpu: 99999\n';
  const mac = await profileWith({
    platform: 'darwin',
    arch: 'arm64',
    commands: { 'sysctl hw machdep': { code: 0, stdout: sysctl, stderr: '' } },
  });
  expect([mac.cpu.threads, mac.memoryMiB]).toEqual([0, 0]);
  expect(mac.gaps.map((gap) => [gap.probe, gap.problem.code])).toEqual([
    ['cpu', 'tool-unreadable'],
    ['memory', 'tool-unreadable'],
  ]);
  const torn = 'hw.memsize: 8589934592\nhw.ncpu: 4\nhw.physicalcpu: 64\n';
  const odd = await profileWith({
    platform: 'darwin',
    commands: { 'sysctl hw machdep': { code: 0, stdout: torn, stderr: '' } },
  });
  expect(odd.cpu).toMatchObject({ threads: 4, cores: null });
});

test.each([
  ['x64', 'x86_64', '', 'x64', 0],
  ['arm', 'aarch64', '', 'arm', 1],
  ['x64', 'aarch64', '', 'arm64', 1],
  ['x64', 'x86_64', 'processor : 0\nCPU implementer : 0x41\n', 'arm64', 1],
  ['riscv64', 'loongarch64', '', 'riscv64', 0],
] as const)('built for %s on a kernel of %s, cpuinfo %j: %s', async (built, kernel, cpuinfo, arch, gaps) => {
  const profile = await profileWith({
    arch: built,
    commands: { 'uname -m': { code: 0, stdout: `${kernel}\n`, stderr: '' } },
    files: cpuinfo === '' ? {} : { '/proc/cpuinfo': cpuinfo },
  });
  expect(profile.arch).toBe(arch);
  expect(profile.gaps.filter((gap) => gap.probe === 'arch')).toHaveLength(gaps);
});

test('how docker gives graphics cards to containers, and whether it runs without root', async () => {
  const version = JSON.stringify({ Client: { Version: '28.2.2' }, Server: { Version: '28.2.2' } });
  const engineWith = async (info: unknown, files: Capture['files'] = {}) => {
    const commands = {
      [docker]: { code: 0, stdout: version, stderr: '' },
      'docker info --format {{json .}}': { code: 0, stdout: JSON.stringify(info), stderr: '' },
    };
    return (await profileWith({ commands, files, dirs: { '/etc/cdi': ['nvidia.yaml'] } })).engines[0];
  };
  expect(await engineWith({ DiscoveredDevices: [{ Source: 'cdi', ID: 'nvidia.com/gpu=0' }] })).toMatchObject({
    ...{ running: true, gpu: 'cdi', rootless: false },
  });
  expect(await engineWith({ Runtimes: { runc: {}, nvidia: {} } })).toMatchObject({ gpu: 'nvidia-runtime' });
  const spec = { '/etc/cdi/nvidia.yaml': 'cdiVersion: 0.5.0\nkind: nvidia.com/gpu\n' };
  expect(await engineWith({ CDISpecDirs: ['/etc/cdi'] }, spec)).toMatchObject({ gpu: 'cdi' });
  expect(await engineWith({ CDISpecDirs: ['/etc/cdi'] })).toMatchObject({ gpu: null });
  expect(await engineWith({ SecurityOptions: ['name=rootless'] })).toMatchObject({ rootless: true });
});

test('a machine that may not open /dev/kvm says who may', async () => {
  const { virtualization, capabilities } = await profileWith({
    files: { '/dev/kvm': '' },
    denied: ['/dev/kvm'],
  });
  expect(virtualization).toMatchObject({ kvm: false, problem: { code: 'forbidden' } });
  expect(capabilities.find((c) => c.id === 'vm')?.missing).toContain('usermod -aG kvm');
  expect((await profileWith({ files: { '/dev/kvm': '' } })).virtualization.kvm).toBeNull();
});
