/** The volumes that hold our files, and what kind of disk they lie on. */
import type { HostProfile } from '../../contract/host.ts';
import type { Door, Volume } from './door.ts';

type Disk = HostProfile['disks'][number];

export async function probeDisks(door: Door): Promise<readonly Disk[]> {
  const volumes = await door.volumes();
  const mounts = door.platform === 'linux' ? await door.readFile('/proc/self/mountinfo') : null;
  return Promise.all(
    volumes.map(async (volume: Volume): Promise<Disk> => {
      const device = deviceOf(mounts ?? '', volume.path);
      return { ...volume, kind: device === null ? null : await kindOf(door, device) };
    }),
  );
}

/** The device number of the mount that holds `path`: the longest mount point above it, the last where several are stacked. */
export function deviceOf(mountinfo: string, path: string): string | null {
  let best: { point: string; device: string } | null = null;
  for (const line of mountinfo.split('\n')) {
    const [, , device = '', , point = ''] = line.split(' ');
    const above = point === '/' || path === point || path.startsWith(`${point}/`);
    if (!/^\d{1,4}:\d{1,8}$/.test(device) || point === '' || !above) continue;
    if (best === null || point.length >= best.point.length) best = { point, device };
  }
  return best?.device ?? null;
}

/** A partition has no queue of its own: its disk's lies one folder up. Volumes without a device (0:N) have none. */
async function kindOf(door: Door, device: string): Promise<Disk['kind']> {
  if (device.startsWith('0:')) return null;
  const folder = `/sys/dev/block/${device}`;
  const own = await door.readFile(`${folder}/queue/rotational`);
  const rotational = (own ?? (await door.readFile(`${folder}/../queue/rotational`)))?.trim();
  return rotational === '0' ? 'ssd' : rotational === '1' ? 'hdd' : null;
}
