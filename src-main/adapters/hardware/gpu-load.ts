/**
 * What graphics cards do now: of AMD's from the kernel's files, of NVIDIA's from one `nvidia-smi` that goes on printing,
 * since to start it takes longer than to read. It runs only between open and close.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { GpuLoad } from '../../contract/api.ts';
import type { Gpu } from '../../contract/host.ts';
import type { GpuMeter } from '../../core/ports.ts';
import { addressOf, known } from './gpus/sighting.ts';
import { parseCount } from './parse.ts';

export interface GpuSources {
  readonly nvidiaSmi: string;
  /** Where the bus is shown. */
  readonly bus: string;
}

const usual: GpuSources = { nvidiaSmi: 'nvidia-smi', bus: '/sys/bus/pci/devices' };

export function openGpus(gpus: readonly Gpu[], intervalMs: number, sources: GpuSources = usual): GpuMeter {
  const ready = gpus.filter((gpu) => gpu.ready);
  const nvidia = ready.filter((gpu) => gpu.vendor === 'NVIDIA');
  const printed = nvidia.length === 0 ? null : followNvidia(nvidia, intervalMs, sources.nvidiaSmi);
  const amd = ready.filter((gpu) => gpu.vendor === 'AMD' && gpu.address !== null);
  return {
    read: () => [...(printed?.read() ?? []), ...amd.map((gpu) => amdLoad(gpu, sources.bus))],
    close: () => printed?.close(),
  };
}

function amdLoad({ index, address }: Gpu, bus: string): GpuLoad {
  const count = (file: string): number | null => {
    try {
      return parseCount(readFileSync(`${bus}/${address ?? ''}/${file}`, 'utf8'));
    } catch {
      return null;
    }
  };
  const bytes = count('mem_info_vram_used');
  return {
    index,
    busy: percent(count('gpu_busy_percent')),
    memoryMiB: bytes === null ? null : bytes / 2 ** 20,
  };
}

function percent(value: number | null): number | null {
  return value === null || value > 100 ? null : value;
}

const columns = 'pci.bus_id,uuid,utilization.gpu,memory.used';

function followNvidia(gpus: readonly Gpu[], intervalMs: number, command: string): GpuMeter {
  const newest = new Map<number, GpuLoad>();
  const args = [`--query-gpu=${columns}`, '--format=csv,noheader,nounits', '-lms', `${intervalMs}`];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
  let rest = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    // A line that never ends is none of ours.
    rest = (lines.pop() ?? '').slice(0, 4096);
    for (const line of lines) {
      const load = parseNvidiaLoad(line, gpus);
      if (load !== null) newest.set(load.index, load);
    }
  });
  const forget = (): void => {
    newest.clear();
  };
  // Missing, or ended by itself: what it said last is no longer true.
  child.on('error', forget);
  child.on('exit', forget);
  return { read: () => [...newest.values()], close: () => child.kill() };
}

/** One line of the columns above; null where it is of no card in the list. */
export function parseNvidiaLoad(line: string, gpus: readonly Gpu[]): GpuLoad | null {
  const [bus = '', uuid = '', busy, memory] = line.split(',').map((cell) => cell.trim());
  const address = addressOf(bus);
  const card =
    gpus.find((gpu) => gpu.uuid !== null && gpu.uuid === uuid) ??
    gpus.find((gpu) => gpu.address !== null && gpu.address === address);
  if (card === undefined) return null;
  return { index: card.index, busy: percent(parseCount(known(busy))), memoryMiB: parseCount(known(memory)) };
}
