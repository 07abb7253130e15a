import { expect, test } from 'vitest';
import type { Emulation, Engine } from '../contract/host.ts';
import { completeProfile, type HostFacts } from './classify.ts';

const GiB = 1024;
const facts = (threads: number, gib: number, more: Partial<HostFacts> = {}): HostFacts => ({
  schema: 1,
  os: 'linux',
  arch: 'x64',
  cpu: {
    ...{
      vendor: 'AMD',
      model: 'Ryzen 9 5950X',
      microarchitecture: 'Zen 3',
      packages: 1,
      cores: threads / 2,
      threads,
    },
    ...{ performanceCores: null, efficiencyCores: null, features: [], topology: [] },
  },
  memoryMiB: gib * GiB,
  ...{
    gpus: [],
    npus: [],
    disks: [],
    power: { battery: null },
    engines: [],
    emulation: [],
    gaps: [],
    installer: null,
    probes: [],
    tookMs: 1,
  },
  virtualization: { kvm: null, guest: null },
  ...more,
});
const reserve = (cores: number, gib: number) => ({ cores, memoryMiB: gib * GiB });
const capability = (profile: ReturnType<typeof completeProfile>, id: string) =>
  profile.capabilities.find((c) => c.id === id);

test('a desktop builds, and says how much at once and on what that rests', () => {
  const profile = completeProfile(facts(32, 64), reserve(7, 10));
  expect(profile.capabilities).toEqual([
    {
      id: 'build',
      arch: 'x64',
      tier: 'high',
      ready: true,
      limit: '6 builds at once of 4 cores and 9 GiB',
      why: '16 cores, 32 threads, 64 GiB; 7 threads and 10 GiB are kept for you.',
      devices: [],
      missing: null,
    },
  ]);
  expect(profile.labels).toEqual(['self-hosted', 'linux', 'x64']);
});

test.each([
  [2, 8, 'entry'],
  [6, 12, 'standard'],
  [6, 9, 'entry'],
  [16, 32, 'high'],
  [128, 256, 'datacenter'],
  [128, 12, 'standard'],
] as const)('%i threads and %i GiB are of the tier %s', (threads, gib, tier) => {
  expect(capability(completeProfile(facts(threads, gib), reserve(1, 2)), 'build')?.tier).toBe(tier);
});

test('a machine with nothing left says what is missing', () => {
  const build = capability(completeProfile(facts(1, 2), reserve(1, 2)), 'build');
  expect(build).toMatchObject({ tier: 'none', ready: false });
  expect(build?.missing).not.toBeNull();
});

const emulation = (ready: boolean, proof: Emulation['proof']): Emulation => ({
  arch: 'arm64',
  method: 'binfmt',
  ready,
  proof,
  problem: ready ? null : { code: 'emulation-missing', message: 'It is disabled.', hint: 'Register it.' },
});

test('emulated builds are ready only after a proof, and their labels are not published before', () => {
  const of = (e: Emulation) => {
    const profile = completeProfile(facts(8, 32, { emulation: [e] }), reserve(2, 5));
    expect(profile.labels).not.toContain('arm64');
    return capability(profile, 'build-emulated');
  };
  expect(of(emulation(false, null))).toMatchObject({
    arch: 'arm64',
    ready: false,
    tier: 'none',
    missing: 'Register it.',
  });
  expect(of(emulation(true, null))).toMatchObject({ ready: false, tier: 'entry' });
  expect(of(emulation(true, null))?.missing).toContain('proved');
  const proved = of(emulation(true, { at: '2026-01-01T00:00:00Z', slowdown: 11.2 }));
  expect(proved).toMatchObject({ ready: true, missing: null });
  expect(proved?.limit).toContain('11.2 times slower');
});

test('containers need an engine that answers', () => {
  const engine = (running: boolean, id: Engine['id'] = 'docker'): Engine => ({
    ...{ id, version: '28.2.2', rootless: null, running, gpu: null },
    problem: running ? null : { code: 'engine-down', message: 'It is down.', hint: 'Start it.' },
  });
  const of = (...engines: Engine[]) =>
    capability(completeProfile(facts(8, 32, { engines }), reserve(2, 5)), 'container');
  expect(of()).toBeUndefined();
  expect(of(engine(false))).toMatchObject({ ready: false, missing: 'Start it.' });
  expect(of(engine(false), engine(true, 'podman'))).toMatchObject({
    ready: true,
    limit: 'jobs in podman containers',
  });
});

test('virtual machines are promised only on evidence; inference and training not without a processor or a card for it', () => {
  const ids = (kvm: boolean | null) =>
    completeProfile(facts(8, 32, { virtualization: { kvm, guest: null } }), reserve(2, 5)).capabilities.map(
      (c) => c.id,
    );
  expect(ids(null)).toEqual(['build']);
  expect(ids(true)).toEqual(['build', 'vm']);
});
