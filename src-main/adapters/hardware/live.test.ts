import { mkdtempSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { availableParallelism, hostname, tmpdir, totalmem, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ProblemError } from '../../contract/problem.ts';
import { captureText, parseCapture } from './capture.ts';
import { detect } from './detect.ts';
import { liveDoor } from './live-door.ts';
import { recordingDoor } from './recording-door.ts';
import { replayDoor } from './replay-door.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hardware-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const machine = () => ({
  platform: process.platform,
  arch: process.arch,
  env: process.env,
  folders: [folder],
});
const options = {
  reserve: { cpu: 20, memory: 15 },
  engines: { dockerElsewhere: false, runtimeFolder: null, homeFolder: null },
  monotonic: () => performance.now(),
};

test('this machine is described, and agrees with what Node says of it', async () => {
  const profile = await detect(liveDoor(machine()), options);
  expect(profile.arch).toBe(process.arch);
  expect(profile.cpu.threads).toBeGreaterThan(0);
  expect(profile.cpu.threads).toBeLessThanOrEqual(availableParallelism()); // Node 20 does not read quotas.
  expect(profile.memoryMiB).toBeGreaterThan(0);
  expect(profile.memoryMiB).toBeLessThanOrEqual(Math.floor(totalmem() / 1024 / 1024));
  expect(profile.disks[0]).toMatchObject({ path: folder });
  expect(profile.disks[0]?.freeMiB).toBeLessThanOrEqual(profile.disks[0]?.totalMiB ?? 0);
  expect(profile.gaps).toEqual([]);
  if (process.platform === 'linux') expect(profile.cpu.topology).toHaveLength(availableParallelism());
});

test('a recording of this machine gives the same profile as the machine', async () => {
  const recording = recordingDoor(liveDoor(machine()));
  const profile = await detect(recording.door, options);
  const names = { user: userInfo().username, host: hostname() };
  const text = captureText(recording.capture({ name: 'live', source: 'this machine', names }));
  const replayed = await detect(replayDoor(parseCapture(text, 'live')), options);
  const untimed = { tookMs: 0, probes: [] };
  expect({ ...replayed, ...untimed }).toEqual({ ...profile, ...untimed });
});

test('programs are run with untranslated output, bounded in time, and without the secrets around us', async () => {
  const tool = join(folder, 'tool');
  writeFileSync(
    tool,
    '#!/bin/sh\nif [ "$1" = sleep ]; then exec sleep 30; fi\necho "$LC_ALL/$GIT_TOKEN/$LANG"\nexit 3\n',
  );
  chmodSync(tool, 0o755);
  const env = { ...process.env, LANG: 'de_DE.UTF-8', LC_ALL: 'fr_FR', GIT_TOKEN: 'secret' };
  const door = liveDoor({ ...machine(), env });
  expect(await door.run(tool, [], { timeoutMs: 5000 })).toMatchObject({ code: 3, stdout: 'C//\n' });
  await expect(door.run(tool, ['sleep'], { timeoutMs: 100 })).rejects.toMatchObject({
    problem: { code: 'tool-timeout' },
  });
  await expect(door.run(join(folder, 'absent'), [], { timeoutMs: 100 })).rejects.toMatchObject({
    problem: { code: 'tool-missing' },
  });
});

test('what cannot be read is null', async () => {
  const door = liveDoor(machine());
  const absent = join(folder, 'absent');
  expect([await door.readFile(absent), await door.readDir(absent), await door.readLink(absent)]).toEqual([
    null,
    null,
    null,
  ]);
  expect(await door.readFile(folder)).toBeNull();
  expect([await door.exists(absent), await door.exists(folder)]).toEqual([false, true]);
  expect(await liveDoor({ ...machine(), folders: [absent] }).volumes()).toEqual([]);
});

test('a system that Homerunner does not know is refused with a sentence', () => {
  expect(() => liveDoor({ ...machine(), platform: 'aix' })).toThrow(ProblemError);
  expect(() => liveDoor({ ...machine(), arch: 'mips' })).toThrow('does not know');
});
