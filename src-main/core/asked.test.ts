import { describe, expect, test } from 'vitest';
import { capabilitiesAsked, lackingSentence } from './asked.ts';
import { completeProfile } from './classify.ts';
import { desktopFacts, gpu } from './host.test-kit.ts';
import { matches } from './labels.ts';
import { makePool } from './testing/make.ts';
import { noPoolSentence } from './why.ts';

const reserve = { cores: 2, memoryMiB: 4096 };
const withCard = completeProfile(desktopFacts({ gpus: [gpu()] }), reserve);
const without = completeProfile(desktopFacts({}), reserve);

test.each([
  [[], ['build']],
  [['linux', 'x64'], ['build']],
  [['gpu', 'Inference'], ['inference']],
  [
    ['training', 'docker'],
    ['training', 'container'],
  ],
  [['arm64-emulated'], ['build-emulated']],
] as const)('the labels %j ask for %j', (labels, capabilities) => {
  expect(capabilitiesAsked(labels)).toEqual(capabilities);
});

test.each([
  ['vram-16gb', true],
  ['vram-24gb', true],
  ['VRAM-8GB', true],
  ['vram-32gb', false],
  ['vram-16', false],
] as const)('a card of 24 GB for a job that asks for %s: %s', (label, taken) => {
  expect(matches([label], 'x64', ['gpu', 'vram-24gb'], 'x64')).toBe(taken);
});

describe('why no pool takes a job', () => {
  const pools = [{ pool: makePool({ id: 'p', arch: 'x64' }), labels: ['self-hosted', 'linux', 'x64'] }];
  const sentence = (labels: readonly string[], host: typeof withCard | null): string =>
    noPoolSentence({ labels, arch: null, pool: null, forge: 'local', scope: null }, pools, 'x64', host);

  test('the machine could, with a pool that carries them', () => {
    expect(sentence(['gpu', 'vram-16gb'], withCard)).toBe(
      'No pool has the labels gpu, vram-16gb, and this machine does: give them to a pool with `homerunner pool edit POOL --label gpu --label vram-16gb`.',
    );
  });

  test('the largest card is smaller', () => {
    expect(sentence(['gpu', 'vram-48gb'], withCard)).toBe(
      'The job asks for a graphics card with 48 GB, and the largest here has 24 GB.',
    );
  });

  test('there is no card, and none can be used', () => {
    expect(sentence(['gpu'], without)).toBe(
      'The job asks for a graphics card (gpu), and this machine has none that jobs can use.',
    );
    expect(sentence(['gpu', 'blue', 'tall'], without)).toBe(
      'The job asks for a graphics card (gpu), and this machine has none that jobs can use. No pool has the labels blue, tall either.',
    );
    const problem = {
      code: 'driver-mismatch' as const,
      message: 'The NVIDIA driver in memory is older or newer than the programs that were installed for it.',
      hint: 'Restart the machine: the driver was updated while it ran.',
    };
    const broken = completeProfile(desktopFacts({ gpus: [gpu({ ready: false, problem })] }), reserve);
    expect(sentence(['gpu'], broken)).toBe(
      `The job asks for a graphics card, and GeForce RTX 4090 cannot be used: ${problem.message}`,
    );
    expect(sentence(['training'], broken)).toContain(
      'for which this machine is not ready: Restart the machine',
    );
  });

  test('another maker', () => {
    expect(sentence(['rocm'], withCard)).toBe(
      'The job asks for the label rocm, which no graphics card of this machine has.',
    );
  });

  test('labels that no machine publishes, and a machine that is not known yet', () => {
    expect(sentence(['blue'], withCard)).toBe('No pool has the label blue.');
    expect(sentence(['gpu'], null)).toBe('No pool has the label gpu.');
    expect(lackingSentence(['blue'], withCard)).toBeNull();
  });
});
