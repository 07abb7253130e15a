import { expect, test } from 'vitest';
import type { HostProfile } from '../contract/host.ts';
import { completeProfile, type HostFacts } from '../core/classify.ts';
import { gpu, withoutDriver } from '../core/host.test-kit.ts';
import { detectTable, greeting } from './detect-format.ts';

const facts: HostFacts = {
  schema: 1,
  os: 'linux',
  arch: 'x64',
  cpu: {
    ...{
      vendor: 'Intel',
      model: 'Core i9-13900K',
      microarchitecture: 'Raptor Lake',
      packages: 1,
      cores: 24,
      threads: 32,
    },
    ...{ performanceCores: 8, efficiencyCores: 16, features: ['avx2'] },
    topology: [{ cpu: 0, core: 0, package: 0, node: 0, kind: 'performance' }],
  },
  memoryMiB: 64205,
  ...{ gpus: [], npus: [], gaps: [], installer: null, probes: [], tookMs: 12 },
  disks: [{ path: '/home', freeMiB: 204800, totalMiB: 953000, kind: 'ssd' }],
  power: { battery: { percent: 81, charging: false } },
  virtualization: { kvm: null, guest: null },
  engines: [
    {
      ...{ id: 'docker', version: '28.2.2', rootless: null, running: false, gpu: null },
      problem: { code: 'engine-down', message: 'It is down.', hint: 'Start docker.' },
    },
  ],
  emulation: [{ arch: 'arm64', method: 'binfmt', ready: true, proof: null, problem: null }],
};
const desktop = completeProfile(facts, { cores: 7, memoryMiB: 9631 });
const bare: HostProfile = completeProfile(
  {
    ...facts,
    cpu: {
      ...facts.cpu,
      vendor: 'AMD',
      model: 'EPYC',
      microarchitecture: 'Zen 3',
      cores: 2,
      threads: 2,
      performanceCores: null,
      efficiencyCores: null,
    },
    ...{ memoryMiB: 24105, disks: [], power: { battery: null }, engines: [], emulation: [] },
    virtualization: { kvm: null, guest: 'vm' },
  },
  { cores: 1, memoryMiB: 3616 },
);

test('the greeting of a desktop', () => {
  expect(greeting(desktop)).toBe(
    [
      'This machine: Core i9-13900K, 24 cores, 32 threads, 63 GiB, Linux x64.',
      'Good for: builds and tests (6 builds at once of 4 cores and 8.5 GiB); inference (14B in 4-bit on the processor).',
      'Not ready: emulated builds for arm64. No run has proved yet that programs for arm64 work here.',
      'Not ready: jobs in containers. Start docker.',
      'Jobs reach it by the labels self-hosted, linux, x64.',
    ].join('\n'),
  );
});

test('the greeting of a small guest says that it is small', () => {
  expect(greeting(bare)).toBe(
    [
      'This machine: AMD EPYC (Zen 3), 2 cores, 23.5 GiB, Linux x64.',
      'Good for: builds and tests (1 build at a time of 1 core and 16 GiB).',
      'The size standard asks for 4 cores, and this machine has 1 core to give.',
      'Jobs reach it by the labels self-hosted, linux, x64.',
    ].join('\n'),
  );
});

test('a machine of which nothing is known is greeted all the same', () => {
  const nothing = completeProfile(
    {
      ...facts,
      cpu: { ...facts.cpu, vendor: null, model: null, microarchitecture: null, cores: null, threads: 0 },
      ...{ memoryMiB: 0, disks: [], power: { battery: null }, engines: [], emulation: [] },
      gaps: [
        {
          probe: 'cpu',
          problem: { code: 'tool-unreadable', message: 'Nothing says it.', hint: 'Report it.' },
        },
      ],
    },
    { cores: 0, memoryMiB: 0 },
  );
  expect(greeting(nothing).split('\n').slice(0, 2)).toEqual([
    'This machine: unknown processor, number of cores unknown, memory unknown, Linux x64.',
    'Good for: nothing yet.',
  ]);
  expect(detectTable(nothing)).toContain('Unknown    cpu: Nothing says it. Report it.');
});

test('the table has two columns and names a thing once', () => {
  const lines = detectTable(desktop).split('\n');
  expect(lines).toContain('System     Linux x64');
  expect(lines).toContain('Processor  Core i9-13900K: 24 cores, 32 threads (8 performance, 16 efficiency)');
  expect(lines).toContain('Disk       /home: 200 GiB free of 931 GiB, SSD');
  expect(lines).toContain('Battery    81 %, discharging');
  expect(lines).toContain('Sizes      standard: 6 x 4 cores, 8.5 GiB');
  expect(lines).toContain('           large: 2 x 12 cores, 26.5 GiB');
  expect(lines.every((line) => /^.{9} {2}\S/.test(line))).toBe(true);
});

test('verbose adds what a bug report needs', () => {
  expect(detectTable(desktop)).not.toContain('avx2');
  expect(detectTable(desktop, true)).toContain('avx2');
  expect(detectTable(desktop, true)).toContain('0: core 0, package 0, node 0, performance');
});

test('cards that are the same share a line; one that is not ready says why', () => {
  const cards = [
    gpu(),
    gpu({ index: 1 }),
    withoutDriver(gpu({ index: 2, model: 'A100-SXM4-80GB', soldMiB: 81_920 })),
  ];
  const lines = detectTable(completeProfile({ ...facts, gpus: cards }, { cores: 7, memoryMiB: 9631 })).split(
    '\n',
  );
  expect(lines).toContain('Graphics   2 x GeForce RTX 4090, 24 GiB, driver 550.54.14, CUDA 12.4');
  expect(lines).toContain('           NVIDIA A100-SXM4-80GB, 80 GiB: The driver is missing');
  expect(lines).toContain('           gpu: 2 x 12 cores, 26.5 GiB, 1 card');
  expect(lines.find((line) => line.startsWith('Labels'))).toContain('gpu, nvidia, cuda, vram-24gb');
});

test('in a terminal lines end before its edge, between words', () => {
  const lines = detectTable(desktop, true, 60).split('\n');
  expect(lines.filter((line) => line.length > 60)).toEqual([]);
  expect(lines.join(' ').replace(/\s+/g, ' ')).toContain('6 builds at once of 4 cores and 8.5 GiB');
});

test('verbose names each card and how long each probe took', () => {
  const profile = completeProfile(
    { ...facts, gpus: [gpu()], probes: [{ probe: 'gpus', tookMs: 8.5 }] },
    { cores: 7, memoryMiB: 9631 },
  );
  const text = detectTable(profile, true);
  expect(text).toContain(
    '0: GeForce RTX 4090, Ada Lovelace, 10de:2684, 0000:01:00.0, compute capability 8.9, GPU-1',
  );
  expect(text).toContain('gpus: 8.5 ms');
});
