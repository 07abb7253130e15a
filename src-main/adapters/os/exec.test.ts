import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { run } from './exec.ts';

const node = process.execPath;
const js = (code: string) => ['-e', code];

describe('run', () => {
  it('answers with code, stdout and stderr, whatever the code', async () => {
    const code = 'console.log("ä"); console.error("b"); process.exitCode = 3';
    expect(await run(node, js(code))).toEqual({
      code: 3,
      signal: null,
      timedOut: false,
      stdout: 'ä\n',
      stderr: 'b\n',
      truncated: false,
    });
  });

  it('passes arguments as they are, without a shell', async () => {
    const args = ['$(id)', 'a b', "it's", 'two\nlines', '*', ''];
    const { stdout } = await run(node, [
      ...js('console.log(JSON.stringify(process.argv.slice(1)))'),
      ...args,
    ]);
    expect(JSON.parse(stdout)).toEqual(args);
  });

  it('hands over standard input, environment and folder', async () => {
    const code =
      'process.stdin.on("data", (d) => console.log(d + process.env.X + process.cwd() + process.env.HOME))';
    const { stdout } = await run(node, js(code), { input: 'in', env: { X: 'x' }, cwd: '/' });
    expect(stdout).toBe('inx/undefined\n');
  });

  it('keeps at most maxBytes and lets the program end', async () => {
    const result = await run(node, js('process.stdout.write("x".repeat(3e6))'), { maxBytes: 1000 });
    expect(result).toMatchObject({ code: 0, stdout: 'x'.repeat(1000), truncated: true });
  });

  it('is no error when the program does not read its input', async () => {
    expect((await run(node, js(''), { input: 'x'.repeat(2e6) })).code).toBe(0);
  });

  it('says 128 + n for a signal', async () => {
    expect(await run(node, js('process.kill(process.pid, "SIGTERM")'))).toMatchObject({
      code: 143,
      signal: 'SIGTERM',
      timedOut: false,
    });
  });

  it('kills the program and its children when time is up', async () => {
    const result = await run('sh', ['-c', 'sleep 600 & echo $!; wait'], { timeoutMs: 300 });
    expect(result).toMatchObject({ code: 137, timedOut: true });
    const child = Number(result.stdout);
    expect(child).toBeGreaterThan(0);
    await expect.poll(() => hasEnded(child)).toBe(true);
  });

  it('does not wait for a daemon that keeps the output open', async () => {
    const began = performance.now();
    const { stdout } = await run('sh', ['-c', 'sleep 20 & echo done']);
    expect(stdout).toBe('done\n');
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('says in a sentence that a program is missing or may not run', async () => {
    await expect(run('no-such-program', [], { env: { PATH: '/usr/bin:/bin' } })).rejects.toMatchObject({
      problem: { code: 'tool-missing', message: 'The program no-such-program was not found.' },
    });
    await expect(run('/', [])).rejects.toMatchObject({
      problem: { code: 'tool-missing', message: 'The program / cannot be started (EACCES).' },
    });
  });
});

/** A zombie has ended too; on Linux it may wait long for its reaper. */
function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform === 'linux' && readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return true;
  }
}
