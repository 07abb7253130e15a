/** What a supervisor costs while nothing happens: memory, and processor time with four idle runners. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, median } from './figure.ts';
import { type Bench, bench } from './supervisor.ts';
import { cpuOf, memoryOf } from './usage.ts';

const bareProgram = 'setInterval(() => {}, 1e6)';
const runs = 3;

/** Waits `settleMs` before memory is read, then counts processor time over `windowMs`; supervisors and bare nodes side by side. */
export async function idleFigures(settleMs: number, windowMs: number): Promise<Figure[]> {
  const benches: Bench[] = [];
  const nodes: ChildProcess[] = [];
  try {
    for (let i = 0; i < runs; i += 1) {
      benches.push(await bench({ local: { mode: 'ephemeral', min: 4, max: 4 } }));
      nodes.push(spawn(process.execPath, ['-e', bareProgram], { stdio: 'ignore' }));
    }
    await sleep(settleMs);
    const ours = benches.map((b) => b.running.pid);
    const bare = nodes.map((node) => node.pid ?? 0);
    return [...memory(ours, bare), await processor(ours, bare, windowMs)];
  } finally {
    for (const node of nodes) node.kill();
    for (const b of benches) await b.end();
  }
}

function memory(ours: readonly number[], bare: readonly number[]): Figure[] {
  const of = (kind: 'rss' | 'pss', pids: readonly number[]): number =>
    median(pids.map((pid) => memoryOf(pid)[kind]));
  return (['rss', 'pss'] as const).map((kind) => ({
    name: `idle supervisor, ${kind.toUpperCase()}`,
    unit: 'MiB',
    value: of(kind, ours),
    baseline: { name: 'bare node', value: of(kind, bare) },
    budget: kind === 'rss' ? { kind: 'ratio', most: 1.8 } : null,
  }));
}

/** In percent of one core. */
async function processor(
  ours: readonly number[],
  bare: readonly number[],
  windowMs: number,
): Promise<Figure> {
  const began = performance.now();
  const before = new Map([...ours, ...bare].map((pid) => [pid, cpuOf(pid)]));
  await sleep(windowMs);
  const passed = performance.now() - began;
  const share = (pids: readonly number[]): number =>
    median(pids.map((pid) => ((cpuOf(pid) - (before.get(pid) ?? 0)) / passed) * 100));
  return {
    name: `idle processor time with 4 idle runners, ${Math.round(windowMs / 1000)} s`,
    unit: '% of a core',
    value: share(ours),
    baseline: { name: 'bare node', value: share(bare) },
    budget: { kind: 'most', most: 0.1 },
  };
}
