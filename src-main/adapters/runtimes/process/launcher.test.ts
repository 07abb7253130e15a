import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Launcher, openLauncher } from './launcher.ts';

let folder: string;
let launcher: Launcher;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'launcher-'));
  const opened = await openLauncher('linux');
  if (opened === null) throw new Error('setsid --fork is missing');
  launcher = opened;
});
afterEach(() => {
  launcher.close();
  rmSync(folder, { recursive: true });
});

/** Runs node with these arguments and variables; what it was given. */
async function told(args: readonly string[], env: Record<string, string>) {
  const file = join(folder, `told-${Math.random()}`);
  const script = `
    const fs = require('fs');
    const [, file, ...args] = process.argv;
    const fds = fs.readdirSync('/proc/self/fd').filter((fd) => fd > 2).map((fd) => {
      try { return fs.readlinkSync('/proc/self/fd/' + fd); } catch { return ''; }
    });
    const stat = fs.readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ');
    const signals = /SigIgn:\\s+(\\S+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1];
    const input = fs.readlinkSync('/proc/self/fd/0');
    const { env: { _, ...env }, pid } = process;
    fs.writeFileSync(file + '.new', JSON.stringify({ args, env, pid, session: Number(stat[3]), signals, input, fds }));
    fs.renameSync(file + '.new', file);`;
  expect(launcher.start(process.execPath, ['-e', script, file, ...args], env)).toBe(true);
  await expect.poll(() => read(file), { timeout: 15_000 }).not.toBe('');
  return JSON.parse(read(file)) as {
    args: string[];
    env: Record<string, string>;
    pid: number;
    session: number;
    signals: string;
    input: string;
    fds: string[];
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

it('hands over arguments and environment to the byte, whatever is in them', async () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 50 }).filter((s) => !s.includes('\0'));
  const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{2,10}$/);
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 4 }), fc.dictionary(name, text), async (args, env) => {
      // Node takes what begins with a dash for its own.
      const safe = args.map((arg) => `a${arg}`);
      const given = { PATH: '/bin', ...env };
      const seen = await told(safe, given);
      expect(seen.args).toEqual(safe);
      expect(seen.env).toEqual(given);
    }),
    { numRuns: 15 },
  );
  const awkward = `'"\n\\ $HOME \`id\` ; exit ) & # ünï\t`;
  expect((await told([`a${awkward}`], { A: awkward, PATH: '/bin' })).env).toEqual({
    A: awkward,
    PATH: '/bin',
  });
}, 60_000);

it('starts in a session of its own that ignores no signal and has no input', async () => {
  const { pid, session, signals, input } = await told([], { PATH: '/bin' });
  expect(session).toBe(pid);
  expect(BigInt(`0x${signals}`) & 0b111n).toBe(0n);
  expect(input).toBe('/dev/null');
});

it('leaves what a shell cannot hand over to another way', () => {
  expect(launcher.start('true', [], { 'NOT-A-NAME': '1' })).toBe(false);
  expect(launcher.start('true', [], { PPID: '1' })).toBe(false);
  expect(launcher.start('true', ['x'.repeat(100_000)], {})).toBe(false);
});

it('begins anew after it was closed', async () => {
  await told([], { PATH: '/bin' });
  launcher.close();
  expect((await told(['again'], { PATH: '/bin' })).args).toEqual(['again']);
});

it('is not there on other systems', async () => {
  expect(await openLauncher('darwin')).toBe(null);
});
