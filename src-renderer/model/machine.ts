/** What detection found, in short facts. Unknown stays out rather than being guessed. */
import type { HostProfile } from '../../src-main/contract/host.ts';
import type { IconName } from '../components/icons.ts';
import type { Speech } from '../texts/speech.ts';
import { figures, memory } from './format.ts';

export interface Fact {
  readonly key: 'processor' | 'memory' | 'graphics' | 'neural' | 'containers' | 'disk' | 'system';
  readonly icon: IconName;
  readonly value: string;
  readonly more: string;
}

const osNames = { linux: 'Linux', macos: 'macOS', windows: 'Windows' } as const;
const engineNames = { docker: 'Docker', podman: 'Podman' } as const;
type Gpu = HostProfile['gpus'][number];

/** The facts at the top of the page, neural processors only where there are some; `kept` is what the owner keeps of the memory. */
export function factsOf(profile: HostProfile, keptMiB: number, speech: Speech): readonly Fact[] {
  const { t } = speech;
  const [disk] = profile.disks;
  const gib = (mib: number): string => t('unit.gib', { n: figures(mib / 1024, speech) });
  return [
    {
      key: 'processor',
      icon: 'machine',
      value: profile.cpu.model ?? t('unknown'),
      more: processor(profile.cpu, speech),
    },
    {
      key: 'memory',
      icon: 'memory',
      value: memory(profile.memoryMiB, speech),
      more: t('machine.memoryText', { memory: memory(Math.max(0, profile.memoryMiB - keptMiB), speech) }),
    },
    graphics(profile, speech),
    ...neural(profile),
    {
      key: 'containers',
      icon: 'container',
      value:
        profile.engines
          .map(({ id, version }) => [engineNames[id], version].filter(Boolean).join(' '))
          .join(', ') || t('machine.none'),
      more: profile.engines
        .map((engine) =>
          [
            engineNames[engine.id],
            engine.running ? t('machine.answers') : t('machine.noAnswer'),
            ...(engine.rootless === true ? [`(${t('machine.rootless')})`] : []),
          ].join(' '),
        )
        .join('; '),
    },
    {
      key: 'disk',
      icon: 'disk',
      value:
        disk === undefined
          ? t('unknown')
          : t('machine.freeOf', { free: gib(disk.freeMiB), total: gib(disk.totalMiB) }),
      more: disk === undefined ? '' : [disk.kind?.toUpperCase(), disk.path].filter(Boolean).join(', '),
    },
    {
      key: 'system',
      icon: 'screen',
      value: `${osNames[profile.os]} ${profile.arch}`,
      more: system(profile, speech),
    },
  ];
}

function processor(cpu: HostProfile['cpu'], { t }: Speech): string {
  const cores =
    cpu.performanceCores !== null && cpu.efficiencyCores !== null && cpu.efficiencyCores > 0
      ? t('machine.mixedCores', { p: cpu.performanceCores, e: cpu.efficiencyCores })
      : cpu.cores === null
        ? null
        : t('machine.cores', { n: cpu.cores });
  const name = [cpu.vendor, cpu.microarchitecture].filter((part) => part !== null).join(' ');
  const counts = [cores, t('machine.threads', { n: cpu.threads })].filter((part) => part !== null).join(', ');
  return name === '' ? counts : `${name}. ${counts}`;
}

function gpuName(gpu: Gpu): string {
  return gpu.model ?? gpu.vendor;
}

function gpuText(gpu: Gpu, speech: Speech): string {
  const { t, number } = speech;
  const parts = [
    [gpu.vendor, gpu.architecture].filter((part) => part !== null).join(' '),
    // GPU memory is counted as its makers do.
    gpu.memoryMiB === null ? null : `${number(Math.round(gpu.memoryMiB / 1024), 0)}\u00a0GB`,
    gpu.driver === null ? null : t('machine.driver', { version: gpu.driver }),
    gpu.api === null ? null : [gpu.api.name, gpu.api.version].filter((part) => part !== null).join(' '),
    slicesText(gpu.slices, speech),
    gpu.ready ? null : t('machine.notReady'),
  ];
  return parts.filter((part) => part !== null && part !== '').join(', ');
}

/** All cards, each with what is known of it. */
function graphics({ gpus }: HostProfile, speech: Speech): Fact {
  return {
    key: 'graphics',
    icon: 'gpu',
    value: gpus.map(gpuName).join(', ') || speech.t('machine.none'),
    more: gpus
      .map((gpu) => gpuText(gpu, speech))
      .filter(Boolean)
      .join('; '),
  };
}

function neural({ npus }: HostProfile): readonly Fact[] {
  if (npus.length === 0) return [];
  return [{ key: 'neural', icon: 'inference', value: npus.map((npu) => npu.model).join(', '), more: '' }];
}

/** How a card is cut: "2 × 3g.40gb, 1g.10gb". */
function slicesText(slices: Gpu['slices'], { t }: Speech): string | null {
  if (slices.length === 0) return null;
  const counts = new Map<string, number>();
  for (const { profile } of slices) counts.set(profile, (counts.get(profile) ?? 0) + 1);
  const list = [...counts].map(([profile, n]) => (n === 1 ? profile : `${n}\u00a0×\u00a0${profile}`));
  return t('machine.slices', { list: list.join(', ') });
}

/** What stands between backticks and is to be typed into a terminal: not the name of a file or an option. */
export function commandsIn(text: string): readonly string[] {
  const parts = text.split('`').filter((_, i, all) => i % 2 === 1 && i < all.length - 1);
  return [...new Set(parts.filter((part) => /^(?!-)\S+ \S/.test(part) && !part.startsWith('/')))];
}

function system(profile: HostProfile, speech: Speech): string {
  const { t } = speech;
  const { kvm, guest } = profile.virtualization;
  const { battery } = profile.power;
  return [
    kvm === null ? null : kvm ? t('machine.kvm') : t('machine.noKvm'),
    guest === null ? null : t('machine.guest', { guest }),
    battery === null
      ? null
      : [
          t('machine.battery', {
            n: battery.percent === null ? t('unknown') : t('unit.percent', { n: battery.percent }),
          }),
          ...(battery.charging ? [t('machine.charging')] : []),
        ].join(', '),
  ]
    .filter((part) => part !== null)
    .join(', ');
}
