/** Boards whose graphics stand on no bus: NVIDIA's Jetsons. The cores of other boards draw, and do not compute. */
import type { Door } from '../door.ts';
import { type Sighting, sighting, versionOf } from './sighting.ts';

interface Chip {
  readonly compatible: string;
  readonly architecture: string;
  readonly computeCapability: string;
}

/** NVIDIA's list of compute capabilities, by the chip that the device tree names. */
const chips: readonly Chip[] = [
  { compatible: 'nvidia,tegra264', architecture: 'Blackwell', computeCapability: '11.0' },
  { compatible: 'nvidia,tegra234', architecture: 'Ampere', computeCapability: '8.7' },
  { compatible: 'nvidia,tegra194', architecture: 'Volta', computeCapability: '7.2' },
  { compatible: 'nvidia,tegra186', architecture: 'Pascal', computeCapability: '6.2' },
  { compatible: 'nvidia,tegra210', architecture: 'Maxwell', computeCapability: '5.3' },
];

/** Modules by the number that NVIDIA gives them, which stands in the list of compatible boards. */
const modules: readonly (readonly [RegExp, string])[] = [
  [/^nvidia,.*p3834-0008/, 'Jetson AGX Thor'],
  [/^nvidia,.*p3701/, 'Jetson AGX Orin'],
  [/^nvidia,.*p3767-000[012]/, 'Jetson Orin NX'],
  [/^nvidia,.*p3767/, 'Jetson Orin Nano'],
  [/^nvidia,.*p3668/, 'Jetson Xavier NX'],
  [/^nvidia,.*p2888/, 'Jetson AGX Xavier'],
  [/^nvidia,.*p3(?:310|489)/, 'Jetson TX2'],
  [/^nvidia,.*p3448/, 'Jetson Nano'],
  [/^nvidia,.*p2180/, 'Jetson TX1'],
];

/** The device tree's names of this board, the most specific first. */
export async function compatibleBoards(door: Door): Promise<readonly string[]> {
  const text = door.platform === 'linux' ? await door.readFile('/proc/device-tree/compatible') : null;
  return (text ?? '').split('\0').filter((name) => name !== '');
}

export async function boardSightings(door: Door): Promise<readonly Sighting[]> {
  const names = await compatibleBoards(door);
  const chip = chips.find(({ compatible }) => names.includes(compatible));
  if (chip === undefined) return [];
  const [release, cuda, ...nodes] = await Promise.all([
    door.readFile('/etc/nv_tegra_release'),
    door.readFile('/usr/local/cuda/version.json'),
    ...['/dev/nvhost-gpu', '/dev/nvgpu/igpu0', '/dev/nvmap'].map((path) => door.access(path)),
  ]);
  return [
    sighting('NVIDIA', {
      name: modules.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1] ?? null,
      architecture: chip.architecture,
      computeCapability: chip.computeCapability,
      memoryKind: 'unified',
      driver: releaseOf(release ?? ''),
      api: { name: 'CUDA', version: cudaOf(cuda ?? '') },
      works: nodes.includes('usable'),
    }),
  ];
}

/** "# R36 (release), REVISION: 4.3, …" is release 36.4.3 of Jetson Linux. */
function releaseOf(text: string): string | null {
  const [, major, rest] = /^# R(\d{1,3}) \(release\), REVISION: (\d{1,3}(?:\.\d{1,3}){0,2})/.exec(text) ?? [];
  return major === undefined || rest === undefined ? null : `${major}.${rest}`;
}

/** The first of `{"cuda": {"name": "CUDA SDK", "version": "12.6.68"}, …}`. */
function cudaOf(text: string): string | null {
  return versionOf(/"cuda" *: *\{[^}]{0,200}"version" *: *"(\d{1,2}\.\d{1,2})/.exec(text)?.[1]);
}
