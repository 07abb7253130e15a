/** How long a person waits for the program itself: a command's answer, and a start. */
import { type ChildProcess, spawn } from 'node:child_process';
import { type Figure, median } from './figure.ts';
import { bench } from './supervisor.ts';

async function ended(child: ChildProcess): Promise<void> {
  await new Promise((resolve) => child.once('exit', resolve));
}

/** Until the child has printed `text` on stdout. */
function printed(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = '';
    child.stdout?.on('data', (data: Buffer) => {
      seen += data.toString();
      if (seen.includes(text)) resolve();
    });
    child.once('exit', () => {
      reject(new Error(`It ended without saying "${text}": ${seen}`));
    });
  });
}

async function timed(fn: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await fn();
  return performance.now() - began;
}

/** `status` beside a bare node, and the start beside a bare node that prints a line; `times` each, in turn. */
export async function commandLineFigures(times: number): Promise<Figure[]> {
  const b = await bench({ local: { mode: 'auto', max: 4 } });
  try {
    const status: number[] = [];
    const bare: number[] = [];
    for (let i = 0; i < times; i += 1) {
      status.push(await timed(() => b.home.cli(['status'])));
      bare.push(await timed(() => ended(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }))));
    }
    b.control.close();
    await b.running.stop();
    const ready: number[] = [];
    const line: number[] = [];
    for (let i = 0; i < times; i += 1) {
      const child = b.home.spawn(['run']);
      ready.push(await timed(() => printed(child, 'homerunner ready')));
      child.kill('SIGTERM');
      await ended(child);
      const node = spawn(process.execPath, ['-e', 'console.log("ready")'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      line.push(await timed(() => printed(node, 'ready')));
      await ended(node);
    }
    const figure = (name: string, ours: readonly number[], theirs: readonly number[]): Figure => ({
      name,
      unit: 'ms',
      value: median(ours),
      baseline: { name: 'bare node', value: median(theirs) },
      budget: null,
    });
    return [figure('`homerunner status`', status, bare), figure('start until ready', ready, line)];
  } finally {
    await b.end();
  }
}
