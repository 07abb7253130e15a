/** What the desktop application costs, beside an empty one of the same Electron. */
import { setTimeout as sleep } from 'node:timers/promises';
import { noDesktop } from '../support/electron.ts';
import { noTrayHost } from '../support/tray-host.ts';
import { DesktopBench, type Kind, type StartedProgram } from './desktop-program.ts';
import { loadFigures } from './desktop-load.ts';
import { type Figure, type Measured, median, short } from './figure.ts';
import { rendererFigure } from './renderer-size.ts';
import { cpuBetween, cpuByThread, memoryOfTree } from './usage.ts';

export interface DesktopWish {
  readonly starts: number;
  /** Times that each is started alone to have its memory read. */
  readonly rounds: number;
  /** Milliseconds from the icon until memory is read. */
  readonly settleMs: number;
  readonly idleMs: number;
  readonly windows: number;
  /** Milliseconds that loops are watched for in each view. */
  readonly loadMs: number;
}

export const longDesktop: DesktopWish = {
  starts: 15,
  rounds: 5,
  settleMs: 15_000,
  idleMs: 60_000,
  windows: 20,
  loadMs: 20_000,
};

/** Less than two minutes in all. */
export const shortDesktop: DesktopWish = {
  starts: 7,
  rounds: 1,
  settleMs: 6_000,
  idleMs: 20_000,
  windows: 8,
  loadMs: 5_000,
};

const kinds = ['ours', 'empty'] as const satisfies readonly Kind[];
type OfBoth<T> = Readonly<Record<(typeof kinds)[number], T>>;

/** All figures of the desktop; they are skipped where there is no Electron, no screen or no panel to be had. */
export async function desktopFigures(wish: DesktopWish): Promise<Measured[]> {
  const size = rendererFigure();
  const lacking = noDesktop() ?? noTrayHost();
  if (lacking !== null) return [size, { name: 'desktop application', skipped: lacking }];
  const bench = await DesktopBench.start();
  try {
    return [
      ...(await startFigures(bench, wish)),
      ...(await memoryFigures(bench, wish)),
      await idleFigure(bench, wish),
      ...(await windowFigures(bench, wish)),
      ...(await loadFigures(bench, wish.loadMs)),
      size,
    ];
  } finally {
    await bench.dispose();
  }
}

interface Of {
  readonly name: string;
  readonly unit: string;
  readonly budget: Figure['budget'];
  readonly note?: string;
}

/** The medians of what was measured of both. */
function figure(of: Of, ours: readonly number[], empty: readonly number[]): Figure {
  return { ...of, value: median(ours), baseline: { name: 'empty application', value: median(empty) } };
}

async function startFigures(bench: DesktopBench, { starts }: DesktopWish): Promise<Figure[]> {
  const wall: OfBoth<number[]> = { ours: [], empty: [] };
  const cpu: OfBoth<number[]> = { ours: [], empty: [] };
  for (let round = -1; round < starts; round += 1)
    for (const kind of kinds) {
      const program = await bench.launch(kind);
      // The first one makes its profile folder and warms the disk.
      if (round >= 0) {
        wall[kind].push(program.toTray);
        cpu[kind].push(program.cpuToTray);
      }
      await sleep(500);
      await program.end();
    }
  return [
    figure(
      { name: 'start to tray, p50', unit: 'ms', budget: { kind: 'ratio', most: 1.15 } },
      wall.ours,
      wall.empty,
    ),
    figure({ name: 'start to tray, processor time, p50', unit: 'ms', budget: null }, cpu.ours, cpu.empty),
  ];
}

async function memoryFigures(bench: DesktopBench, { rounds, settleMs }: DesktopWish): Promise<Figure[]> {
  const pss: Readonly<Record<Kind, number[]>> = { ours: [], empty: [], plain: [] };
  const uss: Readonly<Record<Kind, number[]>> = { ours: [], empty: [], plain: [] };
  for (let round = 0; round < rounds; round += 1)
    for (const kind of [...kinds, 'plain'] as const) {
      const program = await bench.launch(kind);
      await sleep(settleMs);
      const memory = memoryOfTree(program.pid);
      pss[kind].push(memory.pss);
      uss[kind].push(memory.uss);
      await program.end();
    }
  const note = `the empty one with Electron's own switches: ${Math.round(median(pss.plain))} MiB`;
  return [
    figure(
      {
        name: 'window closed, PSS of all processes',
        unit: 'MiB',
        budget: { kind: 'ratio', most: 1.1 },
        note,
      },
      pss.ours,
      pss.empty,
    ),
    figure({ name: 'window closed, USS of all processes', unit: 'MiB', budget: null }, uss.ours, uss.empty),
  ];
}

/** Both at the same time, so that what else the machine does falls on both. */
async function idleFigure(bench: DesktopBench, { settleMs, idleMs }: DesktopWish): Promise<Figure> {
  const programs: StartedProgram[] = [];
  for (const kind of kinds) programs.push(await bench.launch(kind));
  await sleep(settleMs);
  const began = performance.now();
  const before = programs.map(({ pid }) => cpuByThread(pid));
  await sleep(idleMs);
  const passed = performance.now() - began;
  const [ours = Number.NaN, empty = Number.NaN] = programs.map(
    ({ pid }, i) => (cpuBetween(before[i] ?? new Map<string, number>(), cpuByThread(pid)) / passed) * 100,
  );
  for (const program of programs) await program.end();
  return figure(
    {
      name: `window closed, processor time, ${Math.round(idleMs / 1000)} s`,
      unit: '% of a core',
      budget: { kind: 'over', most: 0.1 },
    },
    [ours],
    [empty],
  );
}

interface Opened {
  readonly shown: number;
  readonly filled: number;
}

/** Opens and closes both windows in turn, and reads what that leaves in memory: after the first time, and after all. */
async function windowFigures(bench: DesktopBench, { windows, settleMs }: DesktopWish): Promise<Figure[]> {
  const programs = { ours: await bench.launch('ours', true), empty: await bench.launch('empty', true) };
  const opened: OfBoth<Opened[]> = { ours: [], empty: [] };
  const memory: OfBoth<number[]> = { ours: [], empty: [] };
  const read = async (): Promise<void> => {
    await sleep(settleMs);
    for (const kind of kinds) memory[kind].push(memoryOfTree(programs[kind].pid).pss);
  };
  await read();
  for (let round = 0; round < windows; round += 1) {
    for (const kind of kinds) {
      opened[kind].push(await programs[kind].ask<Opened>({ do: 'open' }));
      await sleep(300);
      await programs[kind].ask({ do: 'close' });
    }
    if (round === 0) await read();
  }
  await read();
  for (const kind of kinds) await programs[kind].end();
  return [...openFigures(opened), ...leftFigures(memory, windows)];
}

function openFigures(opened: OfBoth<readonly Opened[]>): Figure[] {
  const of = (name: string, what: keyof Opened, budget: Figure['budget']): Figure => {
    const times = (kind: 'ours' | 'empty'): number[] => opened[kind].map((each) => each[what]);
    const note = `the first time ${Math.round(times('ours')[0] ?? 0)} ms`;
    return figure({ name: `${name}, p50`, unit: 'ms', budget, note }, times('ours'), times('empty'));
  };
  return [
    of('window shown', 'shown', { kind: 'ratio', most: 1.3 }),
    of('window with its content drawn', 'filled', { kind: 'most', most: 500 }),
  ];
}

/**
 * Chromium's code for windows stays in memory once it was needed: the first window of the empty application leaves a
 * sixth more behind. What must not grow is what all others leave behind.
 */
function leftFigures(memory: OfBoth<readonly number[]>, windows: number): Figure[] {
  const [before = Number.NaN, first = Number.NaN, after = Number.NaN] = memory.ours;
  const [emptyBefore = Number.NaN, , emptyAfter = Number.NaN] = memory.empty;
  const of = {
    name: `closed after ${windows} windows, PSS of all processes`,
    unit: 'MiB',
    value: after,
  } as const;
  return [
    { ...of, baseline: { name: 'after the first', value: first }, budget: { kind: 'ratio', most: 1.05 } },
    {
      ...of,
      baseline: { name: 'before any', value: before },
      budget: null,
      note: `the empty application: ${short(emptyAfter)} of ${short(emptyBefore)} MiB, x ${short(emptyAfter / emptyBefore)}`,
    },
  ];
}
