/** Recordings of processors and systems, for variants.test.ts. */
import { json, lines, says, type Variant } from './variant.test-kit.ts';

const hardware = 'system_profiler SPHardwareDataType -json';
const binfmt = (interpreter: string, magic: string, mask: string, flags: string): string =>
  `enabled\ninterpreter /usr/bin/${interpreter}\nflags: ${flags}\noffset 0\nmagic ${magic}\nmask ${mask}\n`;
const handlers = '/proc/sys/fs/binfmt_misc';

export const systems: readonly Variant[] = [
  {
    what: 'handlers of many architectures, and of none',
    recording: {
      files: {
        [`${handlers}/status`]: 'enabled\n',
        [`${handlers}/qemu-ppc64le`]: binfmt(
          'qemu-ppc64le-static',
          '7f454c4602010100000000000000000002001500',
          'ffffffffffffff00fffffffffffffffffeffff00',
          'PF',
        ),
        [`${handlers}/qemu-riscv64`]: binfmt(
          'qemu-riscv64-static',
          '7f454c460201010000000000000000000200f300',
          'ffffffffffffff00fffffffffffffffffeffffff',
          '',
        ),
        [`${handlers}/WSLInterop`]: 'enabled\ninterpreter /init\nflags: PF\noffset 0\nmagic 4d5a\n',
      },
    },
    expected: {
      emulation: [
        { arch: 'ppc64', method: 'binfmt', ready: true },
        { arch: 'riscv64', method: 'binfmt', ready: false },
      ],
    },
  },
  {
    what: 'a process that Rosetta translates',
    recording: {
      platform: 'darwin',
      commands: {
        'sysctl hw machdep': says(
          lines({
            ...{ 'hw.physicalcpu': 8, 'hw.logicalcpu': 8, 'hw.memsize': 2 ** 34, 'hw.optional.arm64': 1 },
            ...{ 'machdep.cpu.brand_string': 'VirtualApple @ 2.50GHz', 'machdep.cpu.vendor': 'GenuineIntel' },
          }),
        ),
        [hardware]: json({
          SPHardwareDataType: [{ chip_type: 'Apple M2', number_processors: 'proc 8:4:4' }],
        }),
      },
    },
    expected: {
      ...{ arch: 'arm64', memoryMiB: 16384, cpu: { vendor: 'Apple', model: 'M2', microarchitecture: null } },
      gpus: [{ vendor: 'Apple', model: 'M2', memoryKind: 'unified' }],
    },
  },
  {
    what: "one of Intel's Macs, by the numbers of its processor",
    recording: {
      platform: 'darwin',
      commands: {
        'sysctl hw machdep': says(
          lines({
            ...{ 'hw.physicalcpu': 8, 'hw.logicalcpu': 16, 'hw.packages': 1, 'hw.memsize': 2 ** 35 },
            ...{ 'machdep.cpu.vendor': 'GenuineIntel', 'machdep.cpu.family': 6, 'machdep.cpu.model': 158 },
            ...{ 'machdep.cpu.stepping': 13, 'hw.optional.avx2_0': 1 },
            'machdep.cpu.brand_string': 'Intel(R) Core(TM) i9-9980HK CPU @ 2.40GHz',
          }),
        ),
      },
    },
    expected: {
      ...{ arch: 'x64', memoryMiB: 32768 },
      cpu: {
        ...{ vendor: 'Intel', model: 'Core i9-9980HK', microarchitecture: 'Coffee Lake', packages: 1 },
        ...{ cores: 8, threads: 16, features: ['avx2'] },
      },
    },
  },
  {
    what: "one of Intel's Macs, by system_profiler",
    recording: {
      platform: 'darwin',
      commands: {
        [hardware]: json({
          SPHardwareDataType: [
            {
              ...{ cpu_type: '6-Core Intel Core i7', number_processors: 6, packages: 1 },
              ...{ physical_memory: '16 GB', platform_cpu_htt: 'htt_enabled' },
            },
          ],
        }),
      },
    },
    expected: { memoryMiB: 16384, cpu: { vendor: 'Intel', cores: 6, threads: 12, packages: 1 } },
  },
  {
    what: 'two kinds of core that lscpu only counts',
    recording: {
      commands: {
        lscpu: says(
          lines({
            ...{ 'CPU(s)': 32, 'Vendor ID': 'GenuineIntel', 'CPU family': 6, Model: 183, 'Socket(s)': 1 },
            ...{ 'Model name': '13th Gen Intel(R) Core(TM) i9-13900K', 'Core(s) per socket': 24 },
          }),
        ),
      },
    },
    expected: { cpu: { performanceCores: 8, efficiencyCores: 16, cores: 24, threads: 32 } },
  },
  {
    what: "a product by the firmware's word, where the core is of several",
    recording: {
      arch: 'arm64',
      commands: {
        lscpu: says(
          lines({
            ...{
              'CPU(s)': 80,
              'Vendor ID': 'ARM',
              'BIOS Vendor ID': 'Ampere(R)',
              'Model name': 'Neoverse-N1',
            },
            ...{ 'BIOS Model name': 'Ampere(R) Altra(R) Processor Q80-30 CPU @ 3.0GHz', 'Socket(s)': 1 },
            'Core(s) per socket': 80,
          }),
        ),
      },
    },
    expected: {
      cpu: { vendor: 'Ampere', model: 'Altra Q80-30', microarchitecture: 'Neoverse N1', packages: 1 },
    },
  },
  {
    what: 'clusters that an old lscpu takes for sockets',
    recording: {
      arch: 'arm64',
      commands: {
        lscpu: says(
          lines({
            ...{ 'CPU(s)': 6, 'Vendor ID': 'ARM', 'Model name': 'Cortex-A53', 'Core(s) per socket': 3 },
            'Socket(s)': 2,
          }),
        ),
      },
    },
    expected: { cpu: { packages: 1, cores: 6, threads: 6, microarchitecture: null } },
  },
];
