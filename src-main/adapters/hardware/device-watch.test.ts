import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchDevices, watchedOn } from './device-watch.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devices-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('a new device is told of once, however many files come with it, and other files are not', async () => {
  const changed = vi.fn();
  const end = watchDevices([{ folder, names: /^card/ }], changed, 50);
  writeFileSync(join(folder, 'other'), '');
  await delay(200);
  expect(changed).not.toHaveBeenCalled();
  for (const name of ['card0', 'card1', 'card2']) writeFileSync(join(folder, name), '');
  await vi.waitFor(() => {
    expect(changed).toHaveBeenCalledTimes(1);
  });
  end();
  rmSync(join(folder, 'card0'));
  await delay(200);
  expect(changed).toHaveBeenCalledTimes(1);
});

test('a program that is replaced, as packages do it', async () => {
  const file = join(folder, 'nvidia-smi');
  writeFileSync(file, 'old');
  const changed = vi.fn();
  const end = watchDevices([{ folder, names: /^nvidia-smi$/ }], changed, 20);
  writeFileSync(`${file}.dpkg-new`, 'new');
  renameSync(`${file}.dpkg-new`, file);
  await vi.waitFor(() => {
    expect(changed).toHaveBeenCalled();
  });
  end();
});

test('a folder that is missing, or goes, is no failure', () => {
  mkdirSync(join(folder, 'dri'));
  const end = watchDevices(
    ['dri', 'missing'].map((name) => ({ folder: join(folder, name), names: /./ })),
    () => undefined,
  );
  rmSync(join(folder, 'dri'), { recursive: true });
  end();
});

test('what is watched: devices by the names that udev gives them, programs where they lie', () => {
  const [udev, ...rest] = watchedOn('linux', '/usr/bin:relative:/opt/tools');
  const told = ['+pci:0000:01:00.0', '+drm:card0', 'c226:0', 'c195:0', 'c10:232'];
  const quiet = ['+usb:1-1', 'c10:223', 'c4:1', 'b8:0', 'n2'];
  expect([...told, ...quiet].filter((name) => udev?.names.test(name) === true)).toEqual(told);
  expect(rest.map((one) => one.folder)).toEqual([
    ...['/dev/dri', '/usr/bin', '/opt/tools', '/usr/local/bin', '/opt/rocm/bin'],
  ]);
  expect(watchedOn('darwin', '/usr/bin')).toEqual([]);
});
