/** Measured load over the last minutes, for small charts. */
import type { GpuLoad, StreamItems } from '../../src-main/contract/api.ts';

export interface Sample {
  readonly cpu: number | null;
  readonly memoryMiB: number | null;
}
export type Series = readonly Sample[];
export type LoadHistory = Readonly<Record<string, Series>>;

/** Samples that are kept: five minutes of one each two seconds. */
export const sampleMs = 2000;
export const keptSamples = 150;

/** The history with one more item of the stream; jobs that are gone are forgotten. */
export function withLoad(history: LoadHistory, item: StreamItems['load']): LoadHistory {
  return Object.fromEntries(
    Object.entries(item.jobs).map(([job, now]) => [job, [...(history[job] ?? []), now].slice(-keptSamples)]),
  );
}

/** What was measured of the machine, the oldest first. */
export type MachineHistory = readonly MachineSample[];

export interface MachineSample {
  /** Wall-clock milliseconds. */
  readonly at: number;
  readonly cpu: number | null;
  readonly memoryMiB: number | null;
  readonly gpus: readonly GpuLoad[];
}

/** With one more item; what was measured before a pause of the view is of another time, and goes. */
export function withMachine(history: MachineHistory, item: StreamItems['load']): MachineHistory {
  const { at, machine, gpus } = item;
  const last = history.at(-1)?.at ?? at;
  const kept = at - last > 3 * sampleMs || at < last ? [] : history;
  return [...kept, { at, ...machine, gpus }].slice(-keptSamples);
}

/** What of a card is known by the newest samples; null where it tells nothing of itself. */
export function gpuSeries(
  history: MachineHistory,
  index: number,
): { readonly busy: readonly (number | null)[]; readonly now: GpuLoad } | null {
  const of = (sample: MachineSample): GpuLoad | undefined => sample.gpus.find((gpu) => gpu.index === index);
  const newest = history.map(of).findLast((load) => load !== undefined);
  return newest === undefined
    ? null
    : { busy: history.map((sample) => of(sample)?.busy ?? null), now: newest };
}

/**
 * A line and the area below it in a box of 100 by 24, from 0 to `limit`, the newest at the right end. Null where
 * there are not two measured values.
 */
export function sparkOf(
  values: readonly (number | null)[],
  limit: number,
): { readonly line: string; readonly area: string } | null {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return null;
  const top = Math.max(limit, 1e-9);
  const step = 100 / (Math.max(known.length, 2) - 1);
  const points = known.map((value, i) => {
    const y = 23.25 - (Math.min(Math.max(value, 0), top) / top) * 22;
    return `${(i * step).toFixed(1)} ${y.toFixed(1)}`;
  });
  const line = `M${points.join('L')}`;
  return { line, area: `${line}L100 24L0 24Z` };
}
