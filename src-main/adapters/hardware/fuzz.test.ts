/**
 * Damaged recordings: no probe may throw, hang, or tell what cannot be. HOMERUNNER_FUZZ is the number of recordings
 * (3,000 by default; 100,000 in the long form), HOMERUNNER_CAPTURES names a folder of more to damage.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { HostProfile } from '../../contract/host.ts';
import { type Capture, parseCapture } from './capture.ts';
import { detect } from './detect.ts';
import { sampleCaptures } from './gpus/samples.test-kit.ts';
import { replayDoor } from './replay-door.ts';

const count = Number(process.env['HOMERUNNER_FUZZ'] ?? 3000);

const folders = [join(import.meta.dirname, 'fixtures'), process.env['HOMERUNNER_CAPTURES'] ?? ''].filter(
  Boolean,
);
const recorded = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json') && !name.endsWith('.expected.json'))
    .map((name) => parseCapture(readFileSync(join(folder, name), 'utf8'), name)),
);
const whole: readonly Capture[] = [...sampleCaptures, ...recorded];

/** The same numbers at each run, so that what fails can be found again. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Next = (below: number) => number;

const strange = [
  'N/A',
  '[N/A]',
  '-1',
  '',
  '99999999999999999999',
  '0',
  '1e309',
  'NaN',
  'null',
  '½',
  '0x',
  '"',
  '{',
  ']',
  '\0',
  ' ',
];

/** What happens to the texts of tools: cut, doubled, other numbers, other line ends, another language, rubbish. */
const damages: readonly ((text: string, next: Next) => string)[] = [
  (text, next) => text.slice(0, next(text.length + 1)),
  (text, next) => text.slice(next(text.length + 1)),
  (text, next) => {
    const at = next(text.length + 1);
    return text.slice(0, at) + text.slice(Math.min(text.length, at + next(40)));
  },
  (text, next) => {
    const at = next(text.length + 1);
    return text.slice(0, at) + (strange[next(strange.length)] ?? '') + text.slice(at);
  },
  (text, next) => {
    const values = [...text.matchAll(/\d+/g)];
    const value = values[next(Math.max(1, values.length))];
    if (value === undefined) return text;
    const other = strange[next(strange.length)] ?? '';
    return text.slice(0, value.index) + other + text.slice(value.index + value[0].length);
  },
  (text, next) => {
    const lines = text.split('\n');
    const at = next(lines.length);
    lines.splice(at, 0, ...lines.slice(at, at + 1 + next(20)));
    return lines.join('\n');
  },
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => text.replace(/(\d)\.(\d)/g, '$1,$2'),
  (text, next) => text.repeat(1 + next(8)),
  (text, next) => `${'x'.repeat(next(5000))}\n${text}`,
  () => '',
];

function damaged(capture: Capture, next: Next): Capture {
  const commands = { ...capture.commands };
  const files = { ...capture.files };
  const places: readonly (readonly ['command' | 'file', string])[] = [
    ...Object.keys(commands).flatMap((key) => [['command', key] as const, ['command', key] as const]),
    ...Object.keys(files).map((key) => ['file', key] as const),
  ];
  for (let times = 1 + next(4); times > 0; times--) {
    const [kind, key = ''] = places[next(places.length)] ?? [];
    const change = damages[next(damages.length)] ?? ((text: string) => text);
    const command = commands[key];
    if (kind === 'file') files[key] = change(files[key] ?? '', next);
    else if (command !== undefined)
      commands[key] = {
        stdout: change(command.stdout, next),
        stderr: command.stderr,
        code: next(8) === 0 ? ([null, 2, 9, 18, 255][next(5)] ?? null) : command.code,
      };
  }
  return { ...capture, commands, files };
}

const within = (value: number | null, least: number, most: number): boolean =>
  value === null || (Number.isFinite(value) && value >= least && value <= most);

/** What is told that cannot be; empty where all can. */
function absurdities(profile: HostProfile): readonly string[] {
  const { cpu, gpus, memoryMiB, capabilities, sizes } = profile;
  const checks: Readonly<Record<string, boolean>> = {
    memory: within(memoryMiB, 0, 2 ** 28) && Number.isInteger(memoryMiB),
    threads: within(cpu.threads, 0, 8192),
    cores: within(cpu.cores, 1, 8192) && within(cpu.packages, 1, 8192),
    kinds: (cpu.performanceCores ?? 0) + (cpu.efficiencyCores ?? 0) <= (cpu.cores ?? 8192),
    gpus: gpus.length <= 256 && gpus.every((gpu, i) => gpu.index === i),
    gpuMemory: gpus.every((gpu) =>
      [gpu.memoryMiB, gpu.usableMiB, gpu.soldMiB].every((size) => within(size, 1, 2 ** 28)),
    ),
    slices: gpus.every(
      (gpu) => gpu.slices.length <= 64 && gpu.slices.every((s) => within(s.memoryMiB, 1, 2 ** 24)),
    ),
    pci: gpus.every((gpu) => gpu.pciId === null || /^[0-9a-f]{4}:[0-9a-f]{4}$/.test(gpu.pciId)),
    capability: gpus.every(
      (gpu) => gpu.computeCapability === null || /^\d+\.\d$/.test(gpu.computeCapability),
    ),
    broken: gpus.every((gpu) => gpu.ready === (gpu.problem === null)),
    words: capabilities.every((c) => !/NaN|undefined|Infinity|null/.test(`${c.limit}${c.missing ?? ''}`)),
    missing: capabilities.every((c) => c.ready || c.missing !== null),
    sizes: Object.values(sizes).every((size) => size === null || (size.runners >= 1 && size.runners <= 8192)),
    labels: profile.labels.every((label) => /^[a-z0-9-]{1,40}$/.test(label)),
    unexpected: profile.gaps.every((gap) => gap.problem.code !== 'unexpected'),
  };
  return Object.entries(checks).flatMap(([name, fine]) => (fine ? [] : [name]));
}

test(
  `${count} damaged recordings tell nothing that cannot be`,
  { timeout: 60_000 + count * 60 },
  async () => {
    let slowest = 0;
    for (let seed = 0; seed < count; seed++) {
      const next = numbers(seed * 2_654_435_761);
      next(2);
      const capture = damaged(whole[next(whole.length)] ?? whole[0]!, next);
      const begun = performance.now();
      const profile = await detect(replayDoor(capture), {
        reserve: { cpu: 20, memory: 15 },
        engines: { dockerElsewhere: false, runtimeFolder: null, homeFolder: null },
        monotonic: () => 0,
      });
      slowest = Math.max(slowest, performance.now() - begun);
      const absurd = absurdities(profile);
      if (absurd.length > 0)
        expect({ seed, of: capture.name, absurd }).toEqual({ seed, of: capture.name, absurd: [] });
    }
    // A text that makes an expression try everything would take minutes; a busy machine takes this.
    expect(slowest).toBeLessThan(5000);
  },
);
