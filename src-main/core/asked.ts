/** What a job's labels ask a machine for, and in which words it lacks it. */
import type { CapabilityId, HostProfile } from '../contract/host.ts';
import { acceleratorOf } from './accelerators.ts';
import { isGpuLabel, normalise, offersLabel, vramOf } from './labels.ts';

export type AskedHost = Pick<HostProfile, 'capabilities' | 'gpus' | 'labels'>;

/** The capabilities that these labels need; a job that asks for nothing builds. */
export function capabilitiesAsked(labels: readonly string[]): readonly CapabilityId[] {
  const asked = new Set(labels.map(normalise));
  const has = (label: string) => asked.has(label);
  const ids: CapabilityId[] = [
    ...(has('training') ? ['training' as const] : []),
    ...(has('inference') ? ['inference' as const] : []),
    ...(has('docker') ? ['container' as const] : []),
    ...([...asked].some((label) => label.endsWith('-emulated')) ? ['build-emulated' as const] : []),
  ];
  return ids.length > 0 ? ids : ['build'];
}

/**
 * Why no pool has these labels, from what the machine is; null where the machine has nothing to say about them. Where
 * it has them, it says how a pool gets them.
 */
export function lackingSentence(missing: readonly string[], host: AskedHost): string | null {
  if (!missing.some(isGpuLabel)) return capabilityLacks(missing, host);
  if (missing.every((label) => offersLabel(host.labels, label)))
    return `No pool has ${labelsText(missing)}, and this machine does: give ${missing.length === 1 ? 'it' : 'them'} to a pool with \`homerunner pool edit POOL ${missing.map((label) => `--label ${label}`).join(' ')}\`.`;
  const size = missing.map(vramOf).find((gigabytes) => gigabytes !== null) ?? null;
  const largest = Math.max(0, ...host.labels.map((label) => vramOf(label) ?? 0));
  if (size !== null && largest > 0 && size > largest)
    return `The job asks for a graphics card with ${size} GB, and the largest here has ${largest} GB.`;
  return capabilityLacks(missing, host) ?? `${cardLacks(missing.filter(isGpuLabel), host)}${beside(missing)}`;
}

/** What is missing too, and no matter of cards. */
function beside(missing: readonly string[]): string {
  const others = missing.filter((label) => !isGpuLabel(label));
  return others.length === 0 ? '' : ` No pool has ${labelsText(others)} either.`;
}

function capabilityLacks(missing: readonly string[], { capabilities }: AskedHost): string | null {
  for (const id of capabilitiesAsked(missing)) {
    const capability =
      id === 'build' ? undefined : capabilities.find((c) => c.id === id && c.missing !== null);
    if (capability !== undefined)
      return `The job asks for ${words[id]}, for which this machine is not ready: ${capability.missing ?? ''}`;
  }
  return null;
}

const words: Readonly<Record<CapabilityId, string>> = {
  build: 'a build',
  'build-emulated': 'a foreign architecture',
  container: 'containers',
  vm: 'a virtual machine',
  inference: 'inference',
  training: 'training',
};

function cardLacks(missing: readonly string[], { gpus }: AskedHost): string {
  const broken = gpus.map(acceleratorOf).find((a) => a.missing !== null);
  if (broken !== undefined)
    return `The job asks for a graphics card, and ${broken.name} cannot be used: ${broken.gpu.problem?.message ?? broken.missing ?? ''}`;
  return gpus.length === 0
    ? `The job asks for a graphics card (${missing.join(', ')}), and this machine has none that jobs can use.`
    : `The job asks for ${labelsText(missing)}, which no graphics card of this machine has.`;
}

function labelsText(labels: readonly string[]): string {
  return `the label${labels.length === 1 ? '' : 's'} ${labels.join(', ')}`;
}
