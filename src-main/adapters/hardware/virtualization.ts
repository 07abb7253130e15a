/** Is this machine a guest, and of what? That it can host virtual machines only a boot proves; what forbids it shows at once. */
import type { HostProfile } from '../../contract/host.ts';
import { type Problem, problem } from '../../contract/problem.ts';
import type { Door } from './door.ts';
import { readSysctl } from './sysctl.ts';
import { readMacHardware } from './system-profiler.ts';
import { readWindows } from './windows-cim.ts';

type Virtualization = HostProfile['virtualization'];

const readers = { linux: linuxGuest, darwin: macGuest, win32: windowsGuest } as const;

export async function probeVirtualization(door: Door): Promise<Virtualization> {
  const [guest, access] = await Promise.all([
    readers[door.platform](door),
    door.platform === 'linux' ? door.access('/dev/kvm') : null,
  ]);
  return access === 'denied' ? { kvm: false, guest, problem: mayNotOpen() } : { kvm: null, guest };
}

function mayNotOpen(): Problem {
  return problem(
    'forbidden',
    'This user may not open /dev/kvm, through which virtual machines run.',
    'Run `sudo usermod -aG kvm $USER` and sign in again.',
    { subject: '/dev/kvm' },
  ).problem;
}

/** The nearest first: a container inside of a virtual machine is a container. */
async function linuxGuest(door: Door): Promise<string | null> {
  const [container, release, hypervisor, maker, product, treeHypervisor, cpuinfo] = await Promise.all([
    containerOf(door),
    door.readFile('/proc/sys/kernel/osrelease'),
    door.readFile('/sys/hypervisor/type'),
    door.readFile('/sys/class/dmi/id/sys_vendor'),
    door.readFile('/sys/class/dmi/id/product_name'),
    door.readFile('/proc/device-tree/hypervisor/compatible'),
    door.readFile('/proc/cpuinfo'),
  ]);
  if (container !== null) return container;
  if (/microsoft/i.test(release ?? '')) return 'wsl';
  if (hypervisor?.trim() === 'xen') return 'xen';
  const named = makerOf(maker ?? '', product ?? '');
  if (named !== null) return named;
  if (treeHypervisor !== null) return treeHypervisor.includes('xen') ? 'xen' : 'kvm';
  const flags = /^flags\s*:(.*)$/m.exec(cpuinfo ?? '')?.[1] ?? '';
  return /\shypervisor(?:\s|$)/.test(flags) ? 'vm' : null;
}

async function containerOf(door: Door): Promise<string | null> {
  const [docker, podman, name, mounts] = await Promise.all([
    door.exists('/.dockerenv'),
    door.exists('/run/.containerenv'),
    door.readFile('/run/systemd/container'),
    door.readFile('/proc/self/mountinfo'),
  ]);
  if (podman) return 'podman';
  if (docker && !isOwnRoot(mounts ?? '')) return 'docker';
  return /^[a-z-]{1,32}$/.exec(name?.trim() ?? '')?.[0] ?? null;
}

/** Is the root folder a whole file system on a disk? Virtual machines made from an image keep its /.dockerenv. */
function isOwnRoot(mountinfo: string): boolean {
  const root = mountinfo.split('\n').find((line) => line.split(' ')[4] === '/') ?? '';
  const [mount = '', source = ''] = root.split(' - ');
  return mount.split(' ')[3] === '/' && /^(?:ext[234]|xfs|f2fs) \/dev\//.test(source);
}

/** What firmware says of the machine. Cloud makers also sell bare metal: there the hypervisor flag is missing, and product names say "metal". */
const makers: readonly (readonly [RegExp, RegExp, string])[] = [
  [/^QEMU/, /./, 'qemu'],
  [/./, /^(?:KVM|Standard PC)/, 'kvm'],
  [/^Amazon EC2/, /^(?!.*metal)/, 'aws'],
  [/^Google/, /^Google Compute Engine/, 'google'],
  [/^Microsoft Corporation/, /^Virtual Machine/, 'hyper-v'],
  [/^VMware/, /./, 'vmware'],
  [/^innotek|^Oracle/, /^VirtualBox/, 'virtualbox'],
  [/^Xen/, /./, 'xen'],
  [/^Parallels/, /./, 'parallels'],
  [/^Apple Inc/, /Virtualization/, 'apple'],
];

function makerOf(maker: string, product: string): string | null {
  const found = makers.find(([by, of]) => by.test(maker.trim()) && of.test(product.trim()));
  return found?.[2] ?? null;
}

async function macGuest(door: Door): Promise<string | null> {
  const fields = await readSysctl(door);
  const model = fields === null ? (await readMacHardware(door))?.machine : fields.get('hw.model');
  const brand = fields?.get('machdep.cpu.brand_string') ?? '';
  return (model ?? '').startsWith('VirtualMac') || brand.includes('(Virtual)') ? 'apple' : null;
}

async function windowsGuest(door: Door): Promise<string | null> {
  const facts = await readWindows(door);
  return facts === null ? null : makerOf(facts.maker ?? '', facts.model ?? '');
}
