/** Asks all probes side by side and puts the host profile together. A probe that fails is a gap, never an exception. */
import type { Cpu, Gap, HostProfile } from '../../contract/host.ts';
import { problem, problemOf } from '../../contract/problem.ts';
import type { Arch } from '../../contract/job.ts';
import { reserveOf } from '../../core/budget.ts';
import type { GpuModel } from '../../core/catalogue.ts';
import { completeProfile, type HostFacts } from '../../core/classify.ts';
import { type ArchAnswer, probeArch } from './arch.ts';
import { probeCpu } from './cpu.ts';
import { type CpuFacts, unknownCpu } from './cpu-facts.ts';
import { probeDisks } from './disks.ts';
import { type Door, onceDoor, osOf } from './door.ts';
import { probeEmulation } from './emulation.ts';
import { type EngineSettings, probeEngines } from './engines.ts';
import { type GpusAnswer, probeGpus } from './gpus/probe.ts';
import { probeInstaller } from './installer.ts';
import { type Limits, noLimits, probeLimits } from './limits.ts';
import { probeMemory } from './memory.ts';
import { probeNpus } from './npus.ts';
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
  /** Graphics cards that the owner added to the catalogue; rejects with what is wrong with them. */
  readonly models?: () => Promise<readonly GpuModel[]>;
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
}

/** The time limits of the probes, milliseconds. PowerShell is the slow one. */
const probeMs = 3000;
const windowsProbeMs = 12_000;
/** A driver that is not kept loaded wakes each card first, and several tools are asked one after the other. */
const gpuProbeMs = 15_000;

/** Never throws for what a machine lacks or answers wrongly. */
export async function detect(machine: Door, options: DetectOptions): Promise<HostProfile> {
  const begun = options.monotonic();
  const door = onceDoor(machine);
  const asking = asker(door, options);
  const { ask } = asking;
  const { arch, problem: mixed } = await ask<ArchAnswer>('arch', { arch: door.arch, problem: null }, () =>
    probeArch(door),
  );
  if (mixed !== null) asking.gaps.push({ probe: 'arch', problem: mixed });
  const found = await everything(door, arch, options, ask);
  const { cpu, limits, memoryMiB, gpus, disks, virtualization, ...rest } = found;
  for (const { vendor, problem: why } of gpus.problems)
    asking.gaps.push({ probe: `gpu-${vendor.toLowerCase()}`, problem: why });
  const facts: HostFacts = {
    schema: 1,
    os: osOf(door.platform),
    arch,
    cpu: cutCpu(cpu, limits),
    memoryMiB,
    gpus: gpus.gpus,
    // A virtual disk says of itself what its maker left there.
    disks: virtualization.guest === null ? disks : disks.map((disk) => ({ ...disk, kind: null })),
    virtualization,
    ...rest,
    gaps: asking.gaps.sort((a, b) => (a.probe < b.probe ? -1 : 1)),
    probes: asking.times.sort((a, b) => b.tookMs - a.tookMs || (a.probe < b.probe ? -1 : 1)),
    tookMs: Math.round(options.monotonic() - begun),
  };
  return profileOf(facts, options.reserve);
}

async function everything(door: Door, arch: Arch, options: DetectOptions, ask: Ask) {
  const limits = ask('limits', noLimits, () => probeLimits(door));
  const whole = ask('memory', 0, () => probeMemory(door));
  const memoryMiB = Promise.all([whole, limits]).then(([total, cut]) => cutMemory(total, cut));
  const models = ask('hardware.json', [], options.models ?? (() => Promise.resolve([])));
  const noGpus: GpusAnswer = { gpus: [], problems: [] };
  const nothing: HostProfile['virtualization'] = { kvm: null, guest: null };
  const [cpu, gpus, npus, disks, power, virtualization, engines, emulation, installer] = await Promise.all([
    ask('cpu', unknownCpu, () => probeCpu(door)),
    ask('gpus', noGpus, () => probeGpus(door, { memoryMiB, models }), gpuProbeMs),
    ask('npus', [], () => probeNpus(door, arch)),
    ask('disks', [], () => probeDisks(door)),
    ask('power', { battery: null }, () => probePower(door)),
    ask('virtualization', nothing, () => probeVirtualization(door)),
    ask('engines', [], () => probeEngines(door, options.engines)),
    ask('emulation', [], () => probeEmulation(door, arch)),
    ask('installer', null, () => probeInstaller(door)),
  ]);
  return {
    ...{ cpu, limits: await limits, memoryMiB: await memoryMiB, gpus, npus, disks, power },
    ...{ virtualization, engines, emulation, installer },
  };
}

type Ask = <T>(probe: string, fallback: T, start: () => Promise<T>, limitMs?: number) => Promise<T>;

/** Runs probes, each within its time; what fails is a gap, and how long each took is noted. */
function asker(door: Door, { monotonic }: DetectOptions) {
  const gaps: Gap[] = [];
  const times: { probe: string; tookMs: number }[] = [];
  const usualMs = door.platform === 'win32' ? windowsProbeMs : probeMs;
  const ask: Ask = async (probe, fallback, start, limitMs = usualMs) => {
    const begun = monotonic();
    try {
      return await withLimit(probe, start(), limitMs);
    } catch (error) {
      gaps.push({ probe, problem: problemOf(error) });
      return fallback;
    } finally {
      times.push({ probe, tookMs: Math.round((monotonic() - begun) * 10) / 10 });
    }
  };
  return { ask, gaps, times };
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
