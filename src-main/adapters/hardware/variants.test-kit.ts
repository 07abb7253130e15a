/** The recordings of variants.test.ts: each holds what one source prints, in the spelling of one version. */

import { systems } from './variant-systems.test-kit.ts';
import { json, says, type Variant } from './variant.test-kit.ts';

const list = 'nvidia-smi -L';
const csv =
  'nvidia-smi --query-gpu=index,uuid,pci.bus_id,pci.device_id,name,memory.total,driver_version,compute_cap,mig.mode.current --format=csv,noheader,nounits';
const rocm = 'rocm-smi --showproductname --showmeminfo vram --json';

const graphics: readonly Variant[] = [
  {
    what: 'slices of a card that only the list names',
    recording: {
      commands: {
        [csv]: says('0, GPU-1, [N/A], [N/A], NVIDIA A100-SXM4-40GB, 40960, 535.54.03, 8.0, Enabled\n'),
        [list]: says(
          'GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-1)\n' +
            '  MIG 1g.5gb+me   Device  0: (UUID: MIG-aaa1)\n  MIG 3g.20gb     Device  1: (UUID: MIG-aaa2)\n',
        ),
      },
    },
    expected: {
      gpus: [
        {
          ...{ model: 'A100-SXM4-40GB', memoryMiB: 40960, ready: true },
          slices: [
            { profile: '1g.5gb+me', memoryMiB: 5120, id: 'MIG-aaa1' },
            { profile: '3g.20gb', memoryMiB: 20480, id: 'MIG-aaa2' },
          ],
        },
      ],
    },
  },
  {
    what: 'one card of two that fell off the bus',
    recording: {
      commands: {
        [csv]: says(
          '0, GPU-1, 00000000:01:00.0, 0x268410DE, NVIDIA GeForce RTX 4090, 24564, 550.54.14, 8.9, [N/A]\n' +
            'Unable to determine the device handle for gpu 0000:02:00.0: GPU is lost.\n',
        ),
      },
    },
    expected: { gpus: [{ model: 'GeForce RTX 4090', memoryMiB: 24564, ready: true }] },
  },
  {
    what: 'a card whose driver runs and whose tool is missing',
    recording: {
      files: {
        '/proc/driver/nvidia/version':
          'NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.54.03  Tue Jun  6 22:20:39 UTC 2023\n',
        '/proc/driver/nvidia/gpus/0000:01:00.0/information':
          'Model: \t\t NVIDIA GeForce RTX 3090\nIRQ:   \t\t 146\nGPU UUID: \t GPU-1\nBus Location: \t 0000:01:00.0\n',
      },
    },
    expected: {
      gpus: [
        {
          ...{ model: 'GeForce RTX 3090', architecture: 'Ampere', driver: '535.54.03', uuid: 'GPU-1' },
          ...{ ready: false, problem: { code: 'tool-missing' } },
        },
      ],
    },
  },
  {
    what: 'a Jetson whose table tells no bus',
    recording: {
      arch: 'arm64',
      files: {
        '/proc/meminfo': 'MemTotal:       64356624 kB\n',
        '/proc/device-tree/compatible': 'nvidia,p3737-0000+p3701-0005\0nvidia,p3701-0005\0nvidia,tegra234\0',
      },
      commands: {
        'nvidia-smi': says(
          '| NVIDIA-SMI 540.3.0                Driver Version: N/A          CUDA Version: 12.6     |\n' +
            '|   0  Orin (nvgpu)                  N/A  | N/A              N/A |                  N/A |\n' +
            '| N/A   N/A  N/A               N/A /  N/A | Not Supported        |     N/A          N/A |\n',
        ),
      },
    },
    expected: {
      gpus: [
        {
          ...{ model: 'Jetson AGX Orin', computeCapability: '8.7', memoryKind: 'unified', ready: true },
          api: { version: '12.6' },
        },
      ],
    },
  },
  {
    what: "a subsystem's id is no device's, in the words of ROCm 5",
    recording: {
      commands: {
        [rocm]: json({
          card0: {
            'VRAM Total Memory (B)': '68702699520',
            'Card series': 'AMD INSTINCT MI250 (MCM) OAM AC MBA',
            'Card model': '0x0b0c',
          },
        }),
      },
    },
    expected: {
      gpus: [{ model: 'Instinct MI250', pciId: null, gfxTarget: 'gfx90a', memoryMiB: 65520, ready: true }],
    },
  },
  {
    what: 'a card that is cut into eight is one card',
    recording: {
      commands: {
        'amd-smi static --json': json(
          Array.from({ length: 8 }, (_, i) => ({
            asic: { market_name: 'AMD Instinct MI300X OAM', device_id: '0x74a1' },
            bus: { bdf: `0000:05:00.${i}` },
            vram: { size: { value: 24536, unit: 'MB' } },
            partition: { accelerator_partition: 'CPX', memory_partition: 'NPS4' },
          })),
        ),
      },
    },
    expected: { gpus: [{ model: 'Instinct MI300X', memoryMiB: 196288, architecture: 'CDNA 3' }] },
  },
  ...(
    [
      [
        'rocm-smi without a driver',
        rocm,
        says('ERROR:root:Driver not initialized (amdgpu not found in modules)\n'),
        'amd',
        'driver-missing',
      ],
      [
        'amd-smi that prints an error and ends with 0',
        'amd-smi static --json',
        says('Traceback: something broke\n'),
        'amd',
        'tool-unreadable',
      ],
      [
        'xpu-smi that prints an error and ends with 0',
        'xpu-smi discovery -j',
        json({ error: 'Level Zero initialization error', errno: 2 }),
        'intel',
        'driver-missing',
      ],
      [
        'nvidia-smi that prints an error and ends with 0',
        'nvidia-smi -q -x',
        says('Failed to initialize NVML: Driver/library version mismatch\n'),
        'nvidia',
        'driver-mismatch',
      ],
    ] as const
  ).map(([what, command, answer, vendor, code]): Variant => ({
    what,
    recording: {
      commands: { [command]: answer },
      files: { '/proc/cpuinfo': 'processor : 0\n', '/proc/meminfo': 'MemTotal: 1024000 kB\n' },
    },
    expected: { gpus: [], gaps: [{ probe: `gpu-${vendor}`, problem: { code } }] },
  })),
];

const cpuinfo = Array.from(
  { length: 8 },
  (_, i) =>
    `processor\t: ${i}\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 1\n` +
    `model name\t: AMD EPYC 7763 64-Core Processor\nphysical id\t: 0\ncore id\t\t: ${i >> 1}\nflags\t\t: avx2\n`,
).join('\n');
const host = { '/proc/cpuinfo': cpuinfo, '/proc/meminfo': 'MemTotal:       65536000 kB\n' };

const limits: readonly Variant[] = [
  {
    what: 'control groups of version 2 at a place of their own',
    recording: {
      files: {
        ...host,
        '/proc/mounts': 'cgroup2 /cgroup/unified cgroup2 rw 0 0\n',
        '/proc/self/cgroup': '0::/job\n',
        '/cgroup/unified/job/memory.max': '1073741824\n',
        '/cgroup/unified/job/cpu.max': '250000 100000\n',
      },
    },
    expected: {
      memoryMiB: 1024,
      cpu: { threads: 2, cores: 4, model: 'EPYC 7763', microarchitecture: 'Zen 3' },
    },
  },
  {
    what: 'control groups of version 1 that two controllers share',
    recording: {
      files: {
        ...host,
        '/proc/self/cgroup': '5:cpuacct,cpu:/\n4:memory:/docker/a\n',
        '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '300000\n',
        '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
        '/sys/fs/cgroup/memory/memory.limit_in_bytes': '2147483648\n',
      },
    },
    expected: { memoryMiB: 2048, cpu: { threads: 3 } },
  },
  {
    what: "version 1's number for no limit",
    recording: {
      files: { ...host, '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n' },
    },
    expected: { memoryMiB: 64000, cpu: { threads: 8 } },
  },
];

export const variants: readonly Variant[] = [...graphics, ...limits, ...systems];
