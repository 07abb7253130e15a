/** Asks all probes side by side and puts the host profile together. A probe that fails is a gap, never an exception. */
import type { Cpu, Gap, HostProfile } from '../../contract/host.ts';
import { problem, problemOf } from '../../contract/problem.ts';
import { reserveOf } from '../../core/budget.ts';
import { completeProfile, type HostFacts } from '../../core/classify.ts';
import { probeArch } from './arch.ts';
import { probeCpu } from './cpu.ts';
import { type CpuFacts, unknownCpu } from './cpu-facts.ts';
import { probeDisks } from './disks.ts';
import { type Door, onceDoor, osOf } from './door.ts';
import { probeEmulation } from './emulation.ts';
import { type EngineSettings, probeEngines } from './engines.ts';
import { type Limits, noLimits, probeLimits } from './limits.ts';
import { probeMemory } from './memory.ts';
import { probePower } from './power.ts';
import { probeVirtualization } from './virtualization.ts';

/** The share that the owner keeps, in percent. */
export interface ReservePercent {
  readonly cpu: number;
  readonly memory: number;
}

export interface DetectOptions {
  readonly reserve: ReservePercent;
  readonly engines: EngineSettings;
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
}

/** The time limits of the probes, milliseconds. PowerShell is the slow one. */
const probeMs = 3000;
const windowsProbeMs = 12_000;

/** Never throws for what a machine lacks or answers wrongly. */
export async function detect(machine: Door, options: DetectOptions): Promise<HostProfile> {
  const begun = options.monotonic();
  const door = onceDoor(machine);
  const gaps: Gap[] = [];
  const limitMs = door.platform === 'win32' ? windowsProbeMs : probeMs;
  const ask = async <T>(probe: string, fallback: T, answer: Promise<T>): Promise<T> => {
    try {
      return await withLimit(probe, answer, limitMs);
    } catch (error) {
      gaps.push({ probe, problem: problemOf(error) });
      return fallback;
    }
  };
  const arch = await ask('arch', door.arch, probeArch(door));
  const [cpu, limits, memoryMiB, disks, power, virtualization, engines, emulation] = await Promise.all([
    ask('cpu', unknownCpu, probeCpu(door)),
    ask('limits', noLimits, probeLimits(door)),
    ask('memory', 0, probeMemory(door)),
    ask('disks', [], probeDisks(door)),
    ask('power', { battery: null }, probePower(door)),
    ask('virtualization', { kvm: null, guest: null }, probeVirtualization(door)),
    ask('engines', [], probeEngines(door, options.engines)),
    ask('emulation', [], probeEmulation(door, arch)),
  ]);
  const facts: HostFacts = {
    schema: 1,
    os: osOf(door.platform),
    arch,
    cpu: cutCpu(cpu, limits),
    memoryMiB: cutMemory(memoryMiB, limits),
    gpus: [],
    npus: [],
    // A virtual disk says of itself what its maker left there.
    disks: virtualization.guest === null ? disks : disks.map((disk) => ({ ...disk, kind: null })),
    power,
    virtualization,
    engines,
    emulation,
    gaps: gaps.sort((a, b) => (a.probe < b.probe ? -1 : 1)),
    tookMs: Math.round(options.monotonic() - begun),
  };
  return profileOf(facts, options.reserve);
}

/** The profile of these facts with the owner's reserve. */
export function profileOf(facts: HostFacts, percent: ReservePercent): HostProfile {
  const reserve = reserveOf(facts.cpu.threads, facts.memoryMiB, percent);
  return completeProfile(facts, reserve);
}

/** Threads are what we may use; cores and model stay the machine's. */
function cutCpu(cpu: CpuFacts, { cpus, quota }: Limits): Cpu {
  const allowed = cpus === null ? null : new Set(cpus);
  const topology = allowed === null ? cpu.topology : cpu.topology.filter((t) => allowed.has(t.cpu));
  const byList = cpu.topology.length > 0 ? topology.length : Math.min(cpu.threads, allowed?.size ?? Infinity);
  // A list that has none of our CPUs is not about this machine.
  const threads = byList === 0 ? cpu.threads : byList;
  const whole = quota === null ? threads : Math.max(1, Math.floor(quota));
  return {
    ...cpu,
    topology: byList === 0 ? cpu.topology : topology,
    threads: cpu.threads === 0 ? 0 : Math.min(threads, whole),
  };
}

/** A limit is all that we may use, also where the machine's own memory is unknown (0). */
function cutMemory(memoryMiB: number, { memoryMiB: limit }: Limits): number {
  if (limit === null) return memoryMiB;
  return memoryMiB === 0 ? limit : Math.min(memoryMiB, limit);
}

function withLimit<T>(probe: string, answer: Promise<T>, limitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(
        problem(
          'tool-timeout',
          `The probe ${probe} did not end within ${limitMs / 1000} seconds.`,
          'Run `homerunner detect` again; if it happens again, record it with --record FILE and report it.',
          { subject: probe },
        ),
      );
    }, limitMs);
    answer.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}
