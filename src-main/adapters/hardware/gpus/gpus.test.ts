import { expect, test } from 'vitest';
import type { HostProfile } from '../../../contract/host.ts';
import type { Capture } from '../capture.ts';
import { detect } from '../detect.ts';
import { replayDoor } from '../replay-door.ts';
import { gfxTargetOf } from './kfd.ts';
import { parseNvidiaCsv, queryColumns } from './nvidia-text.ts';
import { addressOf } from './sighting.ts';
import { sampleCaptures } from './samples.test-kit.ts';
import { driverOf } from './windows.ts';

const profileOf = (capture: Capture): Promise<HostProfile> =>
  detect(replayDoor(capture), {
    reserve: { cpu: 20, memory: 15 },
    engines: { dockerElsewhere: false, runtimeFolder: null, homeFolder: null },
    monotonic: () => 0,
  });
const sample = (name: string): Capture => {
  const found = sampleCaptures.find((capture) => capture.name === name);
  if (found === undefined) throw new Error(`no sample ${name}`);
  return found;
};
const gpusOf = async (name: string, more: Partial<Capture> = {}) =>
  (await profileOf({ ...sample(name), ...more })).gpus;

test('NVIDIA by XML: cards, and the slices by the names that the list gives them', async () => {
  const [a100, l4] = await gpusOf('nvidia');
  expect(a100).toMatchObject({
    ...{ model: 'A100-SXM4-40GB', memoryMiB: 40_960, computeCapability: '8.0', ready: true, index: 0 },
    slices: [
      { profile: '3g.20gb', memoryMiB: 19_968, id: 'MIG-00000000-0000-0000-0000-00000000000a' },
      { profile: '1g.5gb+me', memoryMiB: 4864, id: 'MIG-00000000-0000-0000-0000-00000000000b' },
    ],
  });
  expect(l4).toMatchObject({ model: 'L4', pciId: '10de:27b8', soldMiB: 24_576, slices: [], index: 1 });
});

test('NVIDIA by text: the memory of the card is not that of its slices; without a list slices are named by their cut', async () => {
  const [card] = await gpusOf('nvidia-text');
  expect(card).toMatchObject({
    ...{ model: 'A100-SXM4-40GB', memoryMiB: 40_960, pciId: '10de:20b0', driver: '570.86.10' },
    slices: [{ profile: '3g.20gb', memoryMiB: 19_968 }],
  });
});

test('NVIDIA by table: what is cut off is not known', async () => {
  expect(await gpusOf('nvidia-table')).toMatchObject([
    { model: 'GeForce RTX 3090', memoryMiB: 24_576, computeCapability: '8.6', memoryKind: 'dedicated' },
    { model: null, memoryMiB: null, address: '0000:02:00.0' },
  ]);
});

test('a name may hold commas', () => {
  const line = '0, GPU-1, 00000000:01:00.0, 0x268410DE, NVIDIA, the card, 24564, 550.54.14, 8.9, [N/A]';
  expect(parseNvidiaCsv(line, queryColumns)).toMatchObject([
    { name: 'NVIDIA, the card', memoryMiB: 24_564, computeCapability: '8.9', pciId: '10de:2684' },
  ]);
});

test.each([
  [18, 'Failed to initialize NVML: Driver/library version mismatch', 'driver-mismatch', /Restart/],
  [0, 'Failed to initialize NVML: Driver/library version mismatch', 'driver-mismatch', /Restart/],
  [
    9,
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
    'driver-missing',
    /dmesg/,
  ],
  [15, 'Unable to determine the device handle: GPU is lost.', 'tool-unreadable', /Restart/],
  [255, 'Bien sûr que non', 'tool-unreadable', /by hand/],
  [null, '', 'tool-timeout', /by hand/],
] as const)('nvidia-smi that ends with %j and says %j', async (code, stdout, expected, hint) => {
  const commands = { ...sample('lspci').commands, 'nvidia-smi -q -x': { code, stdout, stderr: '' } };
  const { gpus, labels } = await profileOf({ ...sample('lspci'), commands });
  expect(gpus).toMatchObject([
    { model: 'GeForce RTX 4050 Laptop GPU', ready: false, problem: { code: expected } },
  ]);
  expect(gpus[0]?.problem?.hint).toMatch(hint);
  expect(labels).toEqual(['self-hosted', 'linux', 'x64']);
  // Of a card that nothing else shows the failure is a gap.
  const alone = await profileOf({
    ...sample('lspci'),
    commands: { 'nvidia-smi -q -x': { code, stdout, stderr: '' } },
  });
  expect(alone.gaps.map(({ probe }) => probe)).toContain('gpu-nvidia');
});

test('without a tool the card is what the bus shows, with the command that installs its driver here', async () => {
  const { gpus, npus } = await profileOf(sample('lspci'));
  expect(gpus).toMatchObject([{ pciId: '10de:28a1', memoryMiB: null, soldMiB: 6144, ready: false }]);
  expect(gpus[0]?.problem?.message).toContain('nouveau');
  expect(gpus[0]?.problem?.hint).toContain('sudo dnf install akmod-nvidia');
  expect(npus).toEqual([{ model: 'Intel AI Boost (Meteor Lake)' }]);
});

test('AMD by its tools: the graphics of the processor are told from the card', async () => {
  const commands = { ...sample('amd').commands };
  delete commands['amd-smi static --json'];
  expect(await gpusOf('amd')).toMatchObject([
    { model: 'Radeon RX 7900 XTX', memoryMiB: 24_560, gfxTarget: 'gfx1100', driver: '6.12.12', ready: true },
  ]);
  expect(await gpusOf('amd', { commands })).toMatchObject([
    { model: 'Radeon RX 7900 XTX', memoryMiB: 24_560, memoryKind: 'dedicated' },
    // Its id stands for two models.
    { model: null, memoryKind: 'shared', gfxTarget: 'gfx1036' },
  ]);
});

test('AMD by files alone: ready where /dev/kfd may be opened', async () => {
  expect(await gpusOf('amd-files')).toMatchObject([
    {
      model: 'Radeon RX 7900 XTX',
      memoryMiB: 24_560,
      gfxTarget: 'gfx1100',
      ready: true,
      api: { name: 'ROCm' },
    },
  ]);
  const [denied] = await gpusOf('amd-files', { denied: ['/dev/kfd'] });
  expect(denied).toMatchObject({ ready: false, problem: { code: 'forbidden' } });
  expect(denied?.problem?.hint).toContain('usermod -aG render');
  const vfio = { [`/sys/bus/pci/devices/0000:03:00.0/driver`]: '../../../bus/pci/drivers/vfio-pci' };
  const away = await gpusOf('amd-files', { links: vfio, dirs: { '/sys/bus/pci/devices': ['0000:03:00.0'] } });
  expect(away).toMatchObject([
    { ready: false, problem: { message: expect.stringContaining('virtual machine') } },
  ]);
});

test('partitions of a card are one card', async () => {
  const node = (part: number) =>
    `simd_count 38\ncpu_cores_count 0\nvendor_id 4098\ndevice_id 29857\ngfx_target_version 90402\ndomain 0\nlocation_id ${part * 2 ** 28 + 0x0c00}\n`;
  const nodes = '/sys/class/kfd/kfd/topology/nodes';
  const files = Object.fromEntries(
    [1, 2, 3, 4].map((part) => [`${nodes}/${part}/properties`, node(part % 4)]),
  );
  const cards = await gpusOf('amd-files', { files, dirs: { [nodes]: ['1', '2', '3', '4'] }, links: {} });
  expect(cards).toMatchObject([{ model: 'Instinct MI300X', address: '0000:0c:00.0', gfxTarget: 'gfx942' }]);
});

test('Intel by xpu-smi', async () => {
  expect(await gpusOf('intel')).toMatchObject([
    { model: 'Arc Pro B50', memoryMiB: 16_288, pciId: '8086:e212', ready: true, api: { name: 'Level Zero' } },
  ]);
});

test('a Mac of Intel with two cards', async () => {
  expect(await gpusOf('mac')).toMatchObject([
    {
      vendor: 'AMD',
      model: 'Radeon Pro 5500M',
      memoryMiB: 8192,
      memoryKind: 'dedicated',
      api: { version: '3' },
    },
    { vendor: 'Intel', model: 'UHD Graphics 630', memoryKind: 'shared', memoryMiB: null },
  ]);
});

test('Windows by its registry: adapters of remote sessions are none', async () => {
  expect(await gpusOf('windows')).toMatchObject([
    { model: 'GeForce RTX 4080', memoryMiB: 16_368, pciId: '10de:2704', driver: '576.80', ready: false },
  ]);
});

test('a Jetson', async () => {
  expect(await gpusOf('jetson')).toMatchObject([
    {
      ...{ model: 'Jetson AGX Orin', computeCapability: '8.7', memoryKind: 'unified', memoryMiB: 64_000 },
      ...{ driver: '36.4.3', ready: true, usableMiB: 48_000 },
    },
  ]);
});

test.each([
  [90_010, 'gfx90a'],
  [90_402, 'gfx942'],
  [110_501, 'gfx1151'],
  [120_001, 'gfx1201'],
  [0, null],
  [99_999_999, null],
])('the target %i is %s', (version, name) => {
  expect(gfxTargetOf(version)).toBe(name);
});

test('addresses with and without a domain', () => {
  expect(['00000000:01:00.0', '0000000F:01:00.0', '0000:1E:00.0', '01:00.0', '1:0'].map(addressOf)).toEqual([
    ...['0000:01:00.0', '000f:01:00.0', '0000:1e:00.0', '0000:01:00.0', null],
  ]);
});

test("NVIDIA's versions on Windows are the last five digits", () => {
  expect(driverOf('NVIDIA', '32.0.15.7680')).toBe('576.80');
  expect(driverOf('Intel', '32.0.101.6651')).toBe('32.0.101.6651');
});
