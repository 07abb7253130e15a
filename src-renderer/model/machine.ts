/** What detection found, in short facts. Unknown stays out rather than being guessed. */
import type { HostProfile } from '../../src-main/contract/host.ts';
import type { IconName } from '../components/icons.ts';
import type { Speech } from '../texts/speech.ts';
import { figures, memory } from './format.ts';

export interface Fact {
  readonly key: 'processor' | 'memory' | 'graphics' | 'containers' | 'disk' | 'system';
  readonly icon: IconName;
  readonly value: string;
  readonly more: string;
}

const osNames = { linux: 'Linux', macos: 'macOS', windows: 'Windows' } as const;
const engineNames = { docker: 'Docker', podman: 'Podman' } as const;
type Gpu = HostProfile['gpus'][number];

/** The six facts at the top of the page; `kept` is what the owner keeps of the memory. */
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
    {
      key: 'graphics',
      icon: 'gpu',
      value: profile.gpus.map(gpuName).join(', ') || t('machine.none'),
      more: profile.gpus
        .map((gpu) => gpuText(gpu, speech))
        .filter(Boolean)
        .join('; '),
    },
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

function gpuText(gpu: Gpu, { t, number }: Speech): string {
  const parts = [
    [gpu.vendor, gpu.architecture].filter((part) => part !== null).join(' '),
    // GPU memory is counted as its makers do.
    gpu.memoryMiB === null ? null : `${number(Math.round(gpu.memoryMiB / 1024), 0)}\u00a0GB`,
    gpu.driver === null ? null : t('machine.driver', { version: gpu.driver }),
    gpu.api === null ? null : [gpu.api.name, gpu.api.version].filter((part) => part !== null).join(' '),
  ];
  return parts.filter((part) => part !== null && part !== '').join(', ');
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
