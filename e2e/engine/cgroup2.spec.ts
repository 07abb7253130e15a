/** Control groups of version 2 against a real kernel: in a small guest machine, as the host may have version 1 only. */
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { build } from 'vite';
import type { GuestReport } from './cgroup2-guest.ts';

const kernel = findKernel();
const missing = ['qemu-system-x86_64', 'cpio', 'busybox'].filter((tool) => find(tool) === null);
const why =
  process.arch !== 'x64'
    ? 'the guest is made for x64'
    : missing.length > 0
      ? `${missing.join(', ')} is not installed`
      : kernel === null
        ? 'no Linux kernel: none in /boot, and HOMERUNNER_TEST_KERNEL names none'
        : null;

const work = mkdtempSync(path.join(tmpdir(), 'hr-guest-'));
afterAll(() => rmSync(work, { recursive: true }));

/** Puts its program, and so us, into a group that it may divide, as systemd does with Delegate=yes. */
const init = `#!/bin/sh
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev; mount -t cgroup2 cgroup2 /sys/fs/cgroup
cd /sys/fs/cgroup && echo '+cpu +memory +pids +cpuset' > cgroup.subtree_control && mkdir app
(echo 0 > app/cgroup.procs; exec /node /guest.cjs)
poweroff -f
`;

function findKernel(): string | null {
  const named = process.env['HOMERUNNER_TEST_KERNEL'];
  if (named !== undefined && existsSync(named)) return named;
  const boot = existsSync('/boot') ? readdirSync('/boot') : [];
  const found = boot
    .filter((file) => file.startsWith('vmlinuz'))
    .sort()
    .at(-1);
  return found === undefined ? null : `/boot/${found}`;
}

function find(tool: string): string | null {
  const folders = (process.env['PATH'] ?? '').split(':');
  return folders.map((folder) => path.join(folder, tool)).find((file) => existsSync(file)) ?? null;
}

/** Node with its libraries, the busybox, and the program: all that the guest has. */
async function makeInitramfs(): Promise<string> {
  const root = path.join(work, 'root');
  for (const folder of ['bin', 'proc', 'sys', 'dev', 'tmp', 'runners'])
    mkdirSync(path.join(root, folder), { recursive: true });
  const busybox = realpathSync(find('busybox') ?? '');
  copyFileSync(busybox, path.join(root, 'bin/busybox'));
  const applets = execFileSync(busybox, ['--list'], { encoding: 'utf8' }).trim().split('\n');
  for (const applet of applets)
    if (applet !== 'busybox') symlinkSync('busybox', path.join(root, 'bin', applet));
  copyFileSync(process.execPath, path.join(root, 'node'));
  const libraries =
    execFileSync('ldd', [process.execPath], { encoding: 'utf8' }).match(/\/\S+(?=\s\()/g) ?? [];
  for (const library of libraries) {
    mkdirSync(path.join(root, path.dirname(library)), { recursive: true });
    copyFileSync(library, path.join(root, library));
  }
  await build({
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true },
    build: {
      ssr: path.join(import.meta.dirname, 'cgroup2-guest.ts'),
      outDir: root,
      emptyOutDir: false,
      rolldownOptions: { output: { format: 'cjs', entryFileNames: 'guest.cjs' } },
    },
  });
  writeFileSync(path.join(root, 'init'), init);
  chmodSync(path.join(root, 'init'), 0o755);
  execFileSync('sh', ['-c', 'find . | cpio -o -H newc --quiet > ../initramfs'], { cwd: root });
  return path.join(work, 'initramfs');
}

async function runGuest(initramfs: string): Promise<string> {
  const machine = ['-accel', 'tcg', '-m', '1024', '-smp', '2', '-nographic', '-no-reboot', '-net', 'none'];
  const args = [
    ...machine,
    '-kernel',
    kernel ?? '',
    '-initrd',
    initramfs,
    '-append',
    'console=ttyS0 quiet panic=-1',
  ];
  const guest = spawn('qemu-system-x86_64', args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: 110_000 });
  let output = '';
  for await (const chunk of guest.stdout) output += String(chunk);
  return output;
}

describe('control groups of version 2', () => {
  test('hold a job in a real kernel', { timeout: 120_000 }, async (context) => {
    if (why !== null) return context.skip(why);
    const output = await runGuest(await makeInitramfs());
    const line = /^REPORT (.*)$/m.exec(output)?.[1];
    if (line === undefined) throw new Error(`The guest said:\n${output.slice(-2000)}`);
    const { throttledCores, outOfMemory, ...report } = JSON.parse(line) as GuestReport;
    expect(report).toEqual({
      can: { cpuset: true, limits: true },
      notEnforced: [],
      ownGroup: '0::/app/homerunner-supervisor',
      readBack: { cores: 1, cpus: [1], memoryMiB: 128 },
      allowedCpus: '1',
      jobGroup: '/app/homerunner-guest/hr-guest-1',
      strayEnded: true,
      forksRefused: true,
      groupLeft: false,
      secondStart: { cores: 1, cpus: [1], memoryMiB: 128 },
    });
    expect(throttledCores).toBeGreaterThan(0.1);
    expect(throttledCores).toBeLessThan(0.45);
    expect(outOfMemory).toMatchObject({ exitCode: 137, endedBy: 'out-of-memory' });
    // Kernels before 5.19 do not keep the peak.
    expect(outOfMemory.peakMiB ?? 32).toBeGreaterThan(16);
  });
});
