/** What the host is good for: capabilities with a tier, the limit in a person's words, and the evidence. */
import type { Capability, Emulation, HostProfile, SizeOffer, Tier } from '../contract/host.ts';
import { acceleratorOf } from './accelerators.ts';
import { inferenceOf } from './inference.ts';
import { labelsOf } from './labels.ts';
import { coresText, memoryText, shapeOf, sizesOf, type CoresAndMemory } from './sizes.ts';
import { trainingOf } from './training.ts';

/** What the probes found; the rest of the profile follows from it and the owner's reserve. */
export type HostFacts = Omit<HostProfile, 'capabilities' | 'sizes' | 'labels'>;

/** The whole profile from the facts. `reserve` is what the owner keeps, in absolute numbers. */
export function completeProfile(facts: HostFacts, reserve: CoresAndMemory): HostProfile {
  const total = { cores: facts.cpu.threads, memoryMiB: facts.memoryMiB };
  const sizes = sizesOf(total, reserve, shapeOf(facts));
  const capabilities = classify(facts, sizes.standard, reserve);
  return { ...facts, capabilities, sizes, labels: labelsOf({ ...facts, capabilities }) };
}

/** The kinds of work this host can do. A kind without evidence is absent; one that lacks something says what. */
export function classify(
  facts: HostFacts,
  standard: SizeOffer | null,
  reserve: CoresAndMemory,
): readonly Capability[] {
  const build = buildOf(facts, standard, reserve);
  const accelerators = facts.gpus.map(acceleratorOf);
  return [
    build,
    ...facts.emulation.map((emulation) => emulatedOf(emulation, build)),
    ...containerOf(facts, build),
    ...vmOf(facts, build),
    ...inferenceOf(facts, accelerators, reserve),
    ...trainingOf(facts.arch, accelerators),
  ];
}

/** The least of a tier: cores and memory that are left after the reserve. The sizes of design 5, then a server's. */
const buildTiers: readonly (CoresAndMemory & { readonly tier: Tier })[] = [
  { tier: 'datacenter', cores: 48, memoryMiB: 128 * 1024 },
  { tier: 'high', cores: 10, memoryMiB: 16 * 1024 },
  { tier: 'standard', cores: 4, memoryMiB: 8 * 1024 },
];

function buildOf(facts: HostFacts, offer: SizeOffer | null, reserve: CoresAndMemory): Capability {
  const { threads, cores } = facts.cpu;
  const tier = buildTiers.find(
    (least) =>
      threads - reserve.cores >= least.cores && facts.memoryMiB - reserve.memoryMiB >= least.memoryMiB,
  );
  const has = [
    ...(cores === null ? [] : [coresText(cores)]),
    threadsText(threads),
    memoryText(facts.memoryMiB),
  ];
  const kept = `${threadsText(reserve.cores)} and ${memoryText(reserve.memoryMiB)} are kept for you`;
  return {
    id: 'build',
    arch: facts.arch,
    tier: offer === null ? 'none' : (tier?.tier ?? 'entry'),
    ready: offer !== null,
    limit: offer === null ? 'nothing is left for builds' : buildsText(offer),
    why: `${has.join(', ')}; ${kept}.`,
    devices: [],
    missing: offer === null ? lacking(facts) : null,
  };
}

function lacking({ cpu, memoryMiB }: HostFacts): string {
  return cpu.threads === 0 || memoryMiB === 0
    ? 'How many cores and how much memory there are, which no probe could tell.'
    : 'More cores or memory, or a smaller reserve in the settings.';
}

function threadsText(threads: number): string {
  return `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}

function buildsText(offer: SizeOffer): string {
  const builds = offer.runners === 1 ? '1 build at a time' : `${offer.runners} builds at once`;
  return `${builds} of ${coresText(offer.cores)} and ${memoryText(offer.memoryMiB)}`;
}

/** How many times slower emulated builds usually are, where this host has measured nothing. */
const usualSlowdown = '5 to 20';

function emulatedOf(emulation: Emulation, build: Capability): Capability {
  const { arch, method, ready, proof, problem } = emulation;
  const slowdown = proof?.slowdown ?? usualSlowdown;
  const unproved = proof === null ? `No run has proved yet that programs for ${arch} work here.` : null;
  return {
    id: 'build-emulated',
    arch,
    tier: build.ready && ready ? 'entry' : 'none',
    ready: build.ready && ready && proof !== null,
    limit: `builds for ${arch}, about ${slowdown} times slower than native ones`,
    why: `${method} ${ready ? 'starts' : 'does not start'} programs for ${arch} on this machine.`,
    devices: [],
    missing: ready ? unproved : (problem?.hint ?? `Install an emulator for ${arch}.`),
  };
}

function containerOf(facts: HostFacts, build: Capability): readonly Capability[] {
  const { engines } = facts;
  const engine = engines.find((e) => e.running) ?? engines[0];
  if (engine === undefined) return [];
  const name = `${engine.id}${engine.version === null ? '' : ` ${engine.version}`}`;
  const gpu = engine.gpu === null ? '' : ', also with the graphics card';
  return [
    {
      id: 'container',
      arch: build.arch,
      tier: build.tier,
      ready: build.ready && engine.running,
      limit: `jobs in ${engine.id} containers${gpu}`,
      why: `${name} ${engine.running ? 'answers' : 'is installed and does not answer'}.`,
      devices: [],
      missing: engine.running ? build.missing : (engine.problem?.hint ?? `Start ${engine.id}.`),
    },
  ];
}

/** Only what is proved is ready; a device that this user may not open is worth saying. */
function vmOf({ virtualization }: HostFacts, build: Capability): readonly Capability[] {
  const { kvm, problem } = virtualization;
  const vm = { ...build, id: 'vm', limit: 'jobs in virtual machines' } as const;
  if (kvm === true) return [{ ...vm, why: 'A virtual machine was started by KVM.' }];
  if (problem == null) return [];
  return [{ ...vm, ready: false, why: problem.message, missing: problem.hint }];
}
