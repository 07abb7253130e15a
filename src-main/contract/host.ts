/** The host profile (`detect --json`): what detection found on this machine. Unknown is null, never a guess. */
import type { Arch } from './job.ts';
import type { Size } from './pool.ts';
import type { Problem } from './problem.ts';

export type Os = 'linux' | 'macos' | 'windows';
export type CoreKind = 'performance' | 'efficiency' | null;

export interface LogicalCpu {
  readonly cpu: number;
  readonly core: number;
  readonly package: number;
  readonly node: number;
  readonly kind: CoreKind;
}

export interface Cpu {
  readonly vendor: string | null;
  readonly model: string | null;
  readonly microarchitecture: string | null;
  readonly packages: number | null;
  readonly cores: number | null;
  /** What this process may use: cut by affinity, cpuset and quota; 0 where no probe could tell (see `gaps`). */
  readonly threads: number;
  readonly performanceCores: number | null;
  readonly efficiencyCores: number | null;
  readonly features: readonly string[];
  readonly topology: readonly LogicalCpu[];
}

export interface Gpu {
  readonly vendor: string;
  readonly model: string | null;
  readonly architecture: string | null;
  /** As the driver reports it; of unified memory the machine's. */
  readonly memoryMiB: number | null;
  /** What it was sold with ("24 GB"); null where the memory is not its own or the catalogue does not tell. */
  readonly soldMiB: number | null;
  /** What a program may fill: its own memory, or the share of the machine's that the driver gives. */
  readonly usableMiB: number | null;
  readonly memoryKind: 'dedicated' | 'unified' | 'shared' | null;
  /** Peak of the usual version, in GB (10^9 bytes) a second. */
  readonly bandwidthGBs: number | null;
  readonly computeCapability: string | null;
  readonly gfxTarget: string | null;
  readonly pciId: string | null;
  readonly index: number;
  readonly address: string | null;
  readonly uuid: string | null;
  readonly driver: string | null;
  readonly api: { readonly name: string; readonly version: string | null } | null;
  readonly slices: readonly {
    readonly profile: string;
    readonly memoryMiB: number | null;
    readonly id: string;
  }[];
  readonly ready: boolean;
  readonly problem: Problem | null;
}

export interface Engine {
  readonly id: 'docker' | 'podman';
  readonly version: string | null;
  readonly rootless: boolean | null;
  readonly running: boolean;
  readonly gpu: string | null;
  readonly problem: Problem | null;
}

export interface Emulation {
  readonly arch: Arch;
  readonly method: string;
  readonly ready: boolean;
  readonly proof: { readonly at: string; readonly slowdown: number | null } | null;
  readonly problem: Problem | null;
}

export const tiers = ['none', 'entry', 'standard', 'high', 'datacenter'] as const;
export type Tier = (typeof tiers)[number];
export type CapabilityId = 'build' | 'build-emulated' | 'container' | 'vm' | 'inference' | 'training';

export interface Capability {
  readonly id: CapabilityId;
  readonly arch: Arch;
  readonly tier: Tier;
  readonly ready: boolean;
  /** What it is good for in a person's words: "4 jobs at once of 4 cores and 8 GiB". */
  readonly limit: string;
  /** The facts that the tier rests on. */
  readonly why: string;
  readonly devices: readonly number[];
  /** What is missing and how to get it; null when nothing is. */
  readonly missing: string | null;
}

/** What one runner of a size gets on this host, and how many fit; `note` says where the host is smaller than the size. */
export interface SizeOffer {
  readonly cores: number;
  readonly memoryMiB: number;
  readonly runners: number;
  /** Graphics cards, or slices of them, of each runner; only of the size gpu. */
  readonly gpus?: number;
  readonly note: string | null;
}

/** A question that detection could not answer, and why. */
export interface Gap {
  readonly probe: string;
  readonly problem: Problem;
}

export interface HostProfile {
  readonly schema: 1;
  readonly os: Os;
  readonly arch: Arch;
  readonly cpu: Cpu;
  /** What this process may use: cut by the control group's limit; 0 where no probe could tell (see `gaps`). */
  readonly memoryMiB: number;
  readonly gpus: readonly Gpu[];
  readonly npus: readonly { readonly model: string }[];
  readonly disks: readonly {
    readonly path: string;
    readonly freeMiB: number;
    readonly totalMiB: number;
    readonly kind: 'ssd' | 'hdd' | null;
  }[];
  readonly power: {
    readonly battery: { readonly percent: number | null; readonly charging: boolean } | null;
  };
  /** `kvm`: true where a machine was started by it, false where it cannot be, null where nothing proves either. */
  readonly virtualization: {
    readonly kvm: boolean | null;
    readonly guest: string | null;
    /** What keeps this user from a device that is there. */
    readonly problem?: Problem | null;
  };
  readonly engines: readonly Engine[];
  readonly emulation: readonly Emulation[];
  readonly capabilities: readonly Capability[];
  readonly sizes: Readonly<Record<Size, SizeOffer | null>>;
  readonly labels: readonly string[];
  readonly gaps: readonly Gap[];
  /** How software is installed here ("apt-ubuntu"); null where unknown. */
  readonly installer: string | null;
  /** How long each probe took, the longest first. */
  readonly probes: readonly { readonly probe: string; readonly tookMs: number }[];
  readonly tookMs: number;
}
