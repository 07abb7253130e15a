import { expect, test } from 'vitest';
import type { Capability, Gpu } from '../contract/host.ts';
import { completeProfile } from './classify.ts';
import { desktopFacts, gpu, withoutDriver } from './host.test-kit.ts';

const GiB = 1024;
const reserve = { cores: 7, memoryMiB: 10 * GiB };
const profileWith = (...gpus: Gpu[]) => completeProfile(desktopFacts({ gpus }), reserve);
const of = (id: Capability['id'], ...gpus: Gpu[]) =>
  profileWith(...gpus).capabilities.filter((capability) => capability.id === id);

const sized = (gib: number, more: Partial<Gpu> = {}) =>
  gpu({ memoryMiB: gib * GiB, usableMiB: gib * GiB, soldMiB: gib * GiB, ...more });
const apple = (gib: number) =>
  gpu({
    ...{ vendor: 'Apple', model: 'M4 Max', computeCapability: null, driver: null, bandwidthGBs: 546 },
    ...{ memoryKind: 'unified', memoryMiB: gib * GiB, usableMiB: gib * GiB * 0.75, soldMiB: null },
    api: { name: 'Metal', version: '3' },
  });
const amd = (gfxTarget: string, gib = 16) =>
  sized(gib, {
    ...{ vendor: 'AMD', model: 'Radeon', gfxTarget, computeCapability: null, driver: null },
    api: { name: 'ROCm', version: null },
  });

test('a card of 24 GB', () => {
  expect(of('inference', gpu())).toMatchObject([
    { tier: 'high', ready: true, limit: '34B in 4-bit; 8B in 16-bit', devices: [0], missing: null },
  ]);
  expect(of('training', gpu())).toMatchObject([
    { tier: 'high', ready: true, limit: 'LoRA up to 7B; QLoRA up to 30B' },
  ]);
  expect(profileWith(gpu()).labels).toEqual([
    ...['self-hosted', 'linux', 'x64', 'gpu', 'nvidia', 'cuda', 'vram-24gb', 'inference', 'training'],
  ]);
  expect(of('inference', gpu())[0]?.why).toMatch(
    /^GeForce RTX 4090: 24 GiB, 1008 GB\/s \(34B in 4-bit: at most 49 tokens a second\), compute capability 8.9, driver 550/,
  );
});

test.each([
  ['a small card', sized(6, { computeCapability: '7.5' }), 'entry', undefined],
  ['8 GiB', sized(8), 'entry', 'entry'],
  ['12 GiB', sized(12), 'standard', 'entry'],
  ['16 GiB', sized(16), 'standard', 'standard'],
  ['a T4, which has no bfloat16', sized(15, { computeCapability: '7.5' }), 'standard', 'entry'],
  ['a P40, too old for training', sized(24, { computeCapability: '6.1' }), 'high', undefined],
  ['32 GiB', sized(32), 'high', 'high'],
  ['80 GiB', sized(79.6), 'datacenter', 'datacenter'],
  ['a Mac with 16 GiB', apple(16), 'standard', 'entry'],
  ['a Mac with 64 GiB', apple(64), 'high', 'standard'],
  ['a Mac with 512 GiB', apple(512), 'high', 'standard'],
  ['an RX 9070', amd('gfx1201'), 'standard', 'standard'],
  ['an RX 6700 XT, which ROCm does not list', amd('gfx1031', 12), 'standard', undefined],
  ['an MI300X', amd('gfx942', 192), 'datacenter', 'datacenter'],
] as const)('%s: inference %s, training %s', (_, card, inference, training) => {
  expect(of('inference', card)[0]?.tier).toBe(inference);
  expect(of('training', card)[0]?.tier).toBe(training);
});

test('graphics that share the memory of the machine are for small things, unless they are fast', () => {
  const shared = (gfx: string, bandwidthGBs: number | null, gib: number) =>
    ({ ...amd(gfx, gib), memoryKind: 'shared', soldMiB: null, bandwidthGBs }) as const;
  expect(of('inference', shared('gfx1103', 90, 32))).toMatchObject([{ tier: 'entry', devices: [0] }]);
  expect(of('inference', shared('gfx1151', 256, 110))).toMatchObject([{ tier: 'high' }]);
  expect(of('training', shared('gfx1151', 256, 110))).toMatchObject([{ tier: 'entry' }]);
  // Two compute units for a desktop: the processor is better.
  expect(of('inference', shared('gfx1036', null, 32))).toMatchObject([{ devices: [] }]);
});

test('a card whose driver is missing is able, not ready, and publishes nothing', () => {
  const broken = withoutDriver(gpu(), 'Restart the machine.');
  expect(of('inference', broken)).toMatchObject([
    { tier: 'high', ready: false, missing: 'Restart the machine.', devices: [0] },
  ]);
  expect(of('inference', broken)[0]?.limit).toBe('34B in 4-bit; 8B in 16-bit; 14B in 4-bit on the processor');
  expect(of('training', broken)).toMatchObject([{ ready: false, missing: 'Restart the machine.' }]);
  expect(profileWith(broken).labels).toEqual(['self-hosted', 'linux', 'x64']);
});

test('a driver that is too old for programs of today is worth an update', () => {
  const [inference] = of('inference', gpu({ driver: '470.256.02' }));
  expect(inference).toMatchObject({ ready: false });
  expect(inference?.missing).toContain('older than 525');
  expect(of('inference', gpu({ architecture: 'Blackwell', driver: '565.57' }))[0]?.ready).toBe(false);
  expect(profileWith(gpu({ driver: '470.256.02' })).labels).not.toContain('cuda');
});

test('several cards: each and together; one that is ready counts before a larger one that is not', () => {
  const two = [sized(24), sized(24, { index: 1 })] as const;
  expect(of('inference', ...two)).toMatchObject([
    {
      limit: '34B in 4-bit; 8B in 16-bit on one card; 70B in 4-bit; 14B in 16-bit on 2 cards together',
      devices: [0, 1],
    },
  ]);
  expect(of('training', ...two)[0]?.limit).toBe('LoRA up to 7B; QLoRA up to 30B on each of 2 cards');
  const mixed = of('inference', sized(12), withoutDriver(sized(80, { index: 1 })));
  expect(mixed).toMatchObject([{ ready: true, tier: 'standard', devices: [0] }]);
});

test('of a card that is cut into slices a job gets one', () => {
  const slice = (gib: number) => ({ profile: '1g', memoryMiB: gib * GiB, id: 'MIG' });
  const cut = sized(80, { slices: [slice(20), slice(40)] });
  expect(of('inference', cut)).toMatchObject([{ tier: 'high' }]);
  expect(of('inference', cut)[0]?.why).toContain('40 GiB in its largest slice');
  const { labels, sizes } = profileWith(cut);
  expect(labels.filter((label) => label.startsWith('vram'))).toEqual(['vram-20gb', 'vram-40gb']);
  expect(sizes.gpu).toMatchObject({ runners: 2, gpus: 1 });
});

test('the label of the memory says what was sold, else the next size up; of unified memory what can be filled', () => {
  const vram = (card: Gpu) => profileWith(card).labels.find((label) => label.startsWith('vram'));
  expect(vram(sized(79.6, { soldMiB: 80 * GiB }))).toBe('vram-80gb');
  expect(vram(sized(22, { soldMiB: null }))).toBe('vram-24gb');
  expect(vram(apple(64))).toBe('vram-48gb');
});

test('a runner for each card, with four cores or a note', () => {
  expect(profileWith(gpu()).sizes.gpu).toEqual({
    ...{ cores: 25, memoryMiB: 54 * GiB, runners: 1, gpus: 1, note: null },
  });
  const eight = Array.from({ length: 8 }, (_, index) => gpu({ index }));
  expect(profileWith(...eight).sizes.gpu).toMatchObject({ runners: 6, cores: 4 });
  expect(profileWith(...eight).sizes.gpu?.note).toContain('for 8 cards');
  expect(profileWith(withoutDriver(gpu())).sizes.gpu).toBeNull();
});

test('processors without a card: by instructions, threads and memory', () => {
  const on = (features: readonly string[], threads: number, gib: number) => {
    const facts = desktopFacts({ memoryMiB: gib * GiB });
    const cpu = { ...facts.cpu, features, threads };
    return completeProfile({ ...facts, cpu }, { cores: 1, memoryMiB: 2 * GiB }).capabilities.find(
      (c) => c.id === 'inference',
    );
  };
  expect(on(['avx2'], 8, 16)).toMatchObject({ tier: 'entry', limit: '14B in 4-bit on the processor' });
  expect(on(['avx2', 'amx_int8'], 32, 256)).toMatchObject({ tier: 'standard' });
  expect(on(['asimddp'], 4, 8)).toMatchObject({ limit: '7B in 4-bit on the processor' });
  expect(on(['avx'], 8, 64)).toBeUndefined();
  expect(on(['avx2'], 2, 64)).toBeUndefined();
  expect(on(['avx2'], 8, 4)).toBeUndefined();
});
