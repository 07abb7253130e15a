/** Machines for tests: a desktop, and graphics cards for it. */
import type { Gpu } from '../contract/host.ts';
import type { HostFacts } from './classify.ts';

const GiB = 1024;

export function desktopFacts(more: Partial<HostFacts> = {}): HostFacts {
  return {
    schema: 1,
    os: 'linux',
    arch: 'x64',
    cpu: {
      ...{ vendor: 'AMD', model: 'Ryzen 9 5950X', microarchitecture: 'Zen 3', packages: 1, cores: 16 },
      ...{ threads: 32, performanceCores: null, efficiencyCores: null, features: ['avx2'], topology: [] },
    },
    memoryMiB: 64 * GiB,
    ...{ gpus: [], npus: [], disks: [], power: { battery: null }, engines: [], emulation: [] },
    ...{ gaps: [], installer: null, probes: [], tookMs: 1 },
    virtualization: { kvm: null, guest: null },
    ...more,
  };
}

/** An RTX 4090 that is ready, unless told otherwise. */
export function gpu(more: Partial<Gpu> = {}): Gpu {
  return {
    ...{ vendor: 'NVIDIA', model: 'GeForce RTX 4090', architecture: 'Ada Lovelace' },
    ...{ memoryMiB: 24_564, soldMiB: 24 * GiB, usableMiB: 24_564, memoryKind: 'dedicated' },
    ...{ bandwidthGBs: 1008, computeCapability: '8.9', gfxTarget: null, pciId: '10de:2684' },
    ...{ index: 0, address: '0000:01:00.0', uuid: 'GPU-1', driver: '550.54.14' },
    ...{ api: { name: 'CUDA', version: '12.4' }, slices: [], ready: true, problem: null },
    ...more,
  };
}

/** Without its driver nothing of it was measured. */
export function withoutDriver(card: Gpu, hint = 'Run `install it`.'): Gpu {
  return {
    ...card,
    ...{ memoryMiB: null, usableMiB: null, driver: null, api: null, ready: false },
    problem: { code: 'driver-missing', message: 'The driver is missing.', hint },
  };
}
