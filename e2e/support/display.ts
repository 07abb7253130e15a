/** A screen and a session bus of our own, so that nothing of the machine's desktop is seen or touched. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { remove } from './remove.ts';
import { until } from './until.ts';

/** Is the program on the PATH? */
export function hasProgram(name: string): boolean {
  return (process.env['PATH'] ?? '').split(path.delimiter).some((dir) => existsSync(path.join(dir, name)));
}

export interface Started {
  readonly value: string;
  dispose(): Promise<void>;
}

/** Starts a program that says its first line once it is ready, and goes on until it is disposed of. */
async function start(
  command: string,
  args: readonly string[],
  descriptor: 1 | 3,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Started> {
  const stdio = ['ignore', 'pipe', 'ignore', 'pipe'] as const;
  const child = spawn(command, args, { stdio: [...stdio], env });
  let said = '';
  child.stdio[descriptor]?.on('data', (data: Buffer) => (said += data.toString()));
  const value = await until(() => (said.includes('\n') ? said.trim() : null), `${command} is ready`);
  return { value, dispose: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

/** An X server without a screen; `value` is what DISPLAY shall be. */
export async function startDisplay(): Promise<Started> {
  const args = ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp', '-noreset'];
  const server = await start('Xvfb', args, 3);
  return { ...server, value: `:${server.value}` };
}

/** What leads a program to this screen and this bus, and away from what else the machine has; `folder` is its home. */
export function desktopEnvironment(display: Started, bus: Started, folder: string): Record<string, string> {
  return {
    DISPLAY: display.value,
    DBUS_SESSION_BUS_ADDRESS: bus.value,
    DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${folder}/no-system-bus`,
    XDG_SESSION_TYPE: 'x11',
    XDG_CONFIG_HOME: path.join(folder, 'config'),
  };
}

/** A session bus; `value` is its address. Services that it starts keep their files in a folder of their own. */
export async function startBus(env: Readonly<Record<string, string>> = {}): Promise<Started> {
  const folder = mkdtempSync(path.join(tmpdir(), 'hr-bus-'));
  const kept = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    XDG_RUNTIME_DIR: folder,
    XDG_DATA_HOME: folder,
  };
  const args = ['--session', '--nofork', '--print-address=1', `--address=unix:dir=${folder}`];
  const bus = await start('dbus-daemon', args, 1, { ...kept, ...env });
  return {
    value: bus.value,
    async dispose() {
      await bus.dispose();
      await remove(folder);
    },
  };
}
