/** Any text may come out of a machine: no parser throws, and none answers what cannot be. */
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseBinfmt } from './binfmt.ts';
import { type Capture, parseCapture } from './capture.ts';
import { cgroupFolders } from './cgroup.ts';
import { sysctlCpu } from './cpu-macos.ts';
import { nameCpu } from './cpu-name.ts';
import { parseRegistry } from './cpu-windows.ts';
import { parseCpuinfo, sharedFeatures } from './cpuinfo.ts';
import { detect } from './detect.ts';
import { deviceOf } from './disks.ts';
import { parseLscpu } from './lscpu.ts';
import { parseMeminfo } from './memory.ts';
import { parseCount, parseCpuList, parseFields, parseJsonObject } from './parse.ts';
import { parsePmset } from './power.ts';
import { replayDoor } from './replay-door.ts';
import { parseWindows } from './windows-cim.ts';

const folder = join(import.meta.dirname, 'fixtures');
const captures = readdirSync(folder)
  .filter((name) => name.endsWith('.json') && !name.endsWith('.expected.json'))
  .map((name) => parseCapture(readFileSync(join(folder, name), 'utf8'), name));

test('counts and lists of CPUs', () => {
  expect([' 12\n', '-1', '', 'max', '0x1f', '99999999999999999999'].map(parseCount)).toEqual([
    12,
    null,
    null,
    null,
    null,
    null,
  ]);
  expect(parseCpuList('0-2,5,4\n')).toEqual([0, 1, 2, 4, 5]);
  expect([null, '\n', '3-1', '0-99999', '1,x', '-'].map(parseCpuList)).toEqual([
    null,
    [],
    null,
    null,
    null,
    null,
  ]);
  expect(parseJsonObject('WARNING: low power\n{"a":1}')).toEqual({ a: 1 });
  expect([parseJsonObject('[1]'), parseJsonObject('{"a":'), parseJsonObject('')]).toEqual([null, null, null]);
});

test.each([
  ['13th Gen Intel(R) Core(TM) i9-13900K', 'Intel', 'Core i9-13900K'],
  ['INTEL(R) XEON(R) GOLD 6542Y', 'Intel', 'Xeon Gold 6542Y'],
  ['Intel(R) Xeon(R) 6972P', 'Intel', 'Xeon 6972P'],
  ['Intel(R) Xeon(R) CPU           L5640  @ 2.27GHz', 'Intel', 'Xeon L5640'],
  ['Intel(R) Xeon(R) CPU E3-1230 V2 @ 3.30GHz', 'Intel', 'Xeon E3-1230 v2'],
  ['Intel(R) Core(TM)2 Duo CPU     E8400  @ 3.00GHz', 'Intel', 'Core 2 Duo E8400'],
  ['Intel(R) Xeon(R) Platinum 8480+', 'Intel', 'Xeon Platinum 8480+'],
  ['Intel Xeon Processor (Skylake, IBRS)', 'Intel', 'Xeon'],
  ['AMD RYZEN AI MAX+ 395 w/ Radeon 8060S', 'AMD', 'Ryzen AI Max+ 395'],
  ['AMD Ryzen 7 PRO 8840U w/ Radeon 780M Graphics', 'AMD', 'Ryzen 7 PRO 8840U'],
  ['AMD Ryzen 5 1600 Six-Core Processor            ', 'AMD', 'Ryzen 5 1600'],
  ['AMD Ryzen 7 5700G with Radeon Graphics', 'AMD', 'Ryzen 7 5700G'],
  ['AMD EPYC 7451 24-Core Processor', 'AMD', 'EPYC 7451'],
  ['AMD EPYC-Rome Processor', 'AMD', 'EPYC-Rome'],
  ['Apple M4 Max (Virtual)', 'Apple', 'M4 Max'],
  ['Ky(R) X1', null, 'Ky X1'],
  ['QEMU Virtual CPU version 2.5+', null, 'QEMU Virtual CPU'],
  ['ARMv8 Processor rev 1 (v8l)', null, null],
  ['', null, null],
])('the processor %j', (brand, vendor, model) => {
  expect(nameCpu(brand)).toEqual({ vendor, model });
});

test('binfmt: the architecture by magic, ready for containers only with the flag F', () => {
  const entry = (machine: string, flags: string, mask = 'fffffffffffefe00fffffffffffffffffeffffff') => {
    const magic = `7f454c4602010100${'00'.repeat(8)}0200${machine}`;
    return parseBinfmt(
      `enabled\ninterpreter /usr/bin/qemu\nflags: ${flags}\noffset 0\nmagic ${magic}\nmask ${mask}\n`,
    );
  };
  expect(entry('b700', 'POCF')).toEqual({ arch: 'arm64', enabled: true, fixed: true });
  expect(entry('f300', 'OC')).toEqual({ arch: 'riscv64', enabled: true, fixed: false });
  expect(entry('beef', 'F')).toBeNull();
  expect(entry('b700', 'F', '00'.repeat(20))).toBeNull();
  expect(parseBinfmt('enabled\nextension .jar\ninterpreter /usr/bin/jexec\nflags: F\n')).toBeNull();
});

test('control groups: our folder and those above it, in both versions', () => {
  const mounts =
    'cgroup2 /cgroup/unified cgroup2 rw 0 0\ncgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0\n';
  const folders = cgroupFolders(mounts, '3:cpu,cpuacct:/a/b\n0::/x\n2:memory:/../host\n');
  expect(folders.unified).toEqual(['/cgroup/unified/x', '/cgroup/unified']);
  expect(folders.cpu).toEqual(
    ['a/b', 'a', ''].map((path) => `/sys/fs/cgroup/cpu,cpuacct/${path}`.replace(/\/$/, '')),
  );
  expect(folders.memory).toEqual(['/sys/fs/cgroup/memory']);
  expect(cgroupFolders(null, null).unified).toEqual(['/sys/fs/cgroup']);
});

test('the disk of a folder is that of the longest mount point above it', () => {
  const mountinfo =
    '1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:2 / /home rw - ext4 /dev/sda2 rw\n3 1 0:40 / /home/a/net rw - nfs4 x rw\n';
  expect(['/home/a', '/homes', '/home/a/net/b', '/home'].map((path) => deviceOf(mountinfo, path))).toEqual([
    ...['8:2', '8:1', '0:40', '8:2'],
  ]);
});

/** The texts of the fixtures, damaged: cut, repeated, with other characters and numbers in them. */
const texts = captures.flatMap((capture) => [
  ...Object.values(capture.files),
  ...Object.values(capture.commands).map((command) => command.stdout),
]);
const piece = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '-1',
    '99999999999999999999',
    '\0',
    ':',
    '\n\n',
    '0-4294967295',
    '{',
    '"',
    'NaN',
    'N/A',
    '1e309',
    '€',
  ),
);
const damage = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), drop: fc.nat(40), put: piece });

function damaged(text: string, damages: readonly { at: number; drop: number; put: string }[]): string {
  return damages.reduce((rest, { at, drop, put }) => {
    const start = Math.floor(at * rest.length);
    return rest.slice(0, start) + put + rest.slice(start + drop);
  }, text);
}
const garbage = fc
  .tuple(fc.constantFrom(...texts), fc.array(damage, { minLength: 1, maxLength: 6 }))
  .map(([text, damages]) => damaged(text, damages));

describe('damaged text', () => {
  test('every parser answers, and with nothing absurd', () => {
    fc.assert(
      fc.property(garbage, (text) => {
        const info = parseCpuinfo(text);
        sharedFeatures(info);
        expect(parseMeminfo(text) ?? 0).toBeGreaterThanOrEqual(0);
        for (const arm of [true, false]) {
          const cpu = parseLscpu(text, arm);
          if (cpu !== null) {
            expect(cpu.threads).toBeGreaterThan(0);
            expect(cpu.threads).toBeLessThanOrEqual(8192);
            expect(cpu.cores ?? 1).toBeLessThanOrEqual(cpu.threads);
          }
        }
        expect(sysctlCpu(parseFields(text)).threads).toBeGreaterThanOrEqual(0);
        expect(parseRegistry(text)?.threads ?? 1).toBeGreaterThan(0);
        const battery = parsePmset(text).battery ?? parseWindows(text)?.battery;
        expect(battery?.percent ?? 0).toBeLessThanOrEqual(100);
        parseBinfmt(text);
        cgroupFolders(text, text);
        deviceOf(text, '/home');
        expect(nameCpu(text).model).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });

  const machine = fc
    .tuple(
      fc.constantFrom(...captures),
      fc.array(fc.tuple(fc.nat(), fc.array(damage, { maxLength: 4 })), { minLength: 1, maxLength: 4 }),
    )
    .map(([capture, hits]): Capture => {
      const files = { ...capture.files };
      const commands = { ...capture.commands };
      for (const [which, damages] of hits) {
        const file = Object.keys(files)[which % Math.max(1, Object.keys(files).length)];
        if (file !== undefined) files[file] = damaged(files[file] ?? '', damages);
        const command = Object.keys(commands)[which % Math.max(1, Object.keys(commands).length)];
        const answer = command === undefined ? undefined : commands[command];
        if (command !== undefined && answer !== undefined)
          commands[command] = {
            ...answer,
            code: which % 3 === 0 ? null : which % 2,
            stdout: damaged(answer.stdout, damages),
          };
      }
      return { ...capture, files, commands };
    });

  test('a damaged machine still gets a profile that adds up', async () => {
    await fc.assert(
      fc.asyncProperty(machine, async (capture) => {
        const { cpu, memoryMiB, power, sizes, gaps } = await detect(replayDoor(capture), {
          reserve: { cpu: 20, memory: 15 },
          engines: { dockerElsewhere: false, runtimeFolder: null, homeFolder: null },
          monotonic: () => 0,
        });
        expect(gaps.map((gap) => gap.problem.code)).not.toContain('unexpected');
        expect(Number.isSafeInteger(cpu.threads) && cpu.threads >= 0 && cpu.threads <= 8192).toBe(true);
        expect(cpu.cores ?? 1).toBeGreaterThan(0);
        expect(cpu.cores ?? 0).toBeLessThanOrEqual(8192);
        expect((cpu.performanceCores ?? 0) + (cpu.efficiencyCores ?? 0)).toBeLessThanOrEqual(
          cpu.cores ?? Infinity,
        );
        expect(Number.isSafeInteger(memoryMiB) && memoryMiB >= 0 && memoryMiB <= 2 ** 28).toBe(true);
        expect(power.battery?.percent ?? 0).toBeLessThanOrEqual(100);
        expect(new Set(cpu.topology.map((t) => t.cpu)).size).toBe(cpu.topology.length);
        expect((sizes.standard?.cores ?? 0) * (sizes.standard?.runners ?? 0)).toBeLessThanOrEqual(
          cpu.threads,
        );
      }),
      { numRuns: 300 },
    );
  });
});
