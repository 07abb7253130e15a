import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseState } from './job-folder.ts';
import { findMasker } from './masker.ts';
import {
  ended,
  instance,
  launch,
  newRuntime,
  printed,
  r1,
  resources,
  root,
  run,
  sh,
  useRealJobs,
} from './runtime.test-kit.ts';
import { endVariable, maskVariable, posixWrapper, wrapperArguments } from './wrapper.ts';

useRealJobs();

const masker = findMasker();

describe('a job', () => {
  it('runs to its end with its output and exit code', async () => {
    expect(await run(newRuntime(), sh('echo out; echo err >&2; exit 3'))).toEqual({
      code: 3,
      log: 'out\nerr\n',
    });
  });

  it('gets its arguments as they are', async () => {
    const args = ['ü€ 日本', 'two\nlines', "it's", '"', '$(id)', '*', '', '-n', '\\n', '😀'];
    const code = 'console.log(JSON.stringify(process.argv.slice(1)))';
    const { log } = await run(newRuntime(), launch([process.execPath, '-e', code, '--', ...args]));
    expect(JSON.parse(log)).toEqual(args);
  });

  it('runs the program and not the shell’s word of the same name', async () => {
    expect((await run(newRuntime(), launch(['echo', 'a\\nb', '-e']))).log).toBe('a\\nb -e\n');
  });

  it('gets exactly its environment and the two marks', async () => {
    const env = { PATH: process.env['PATH'] ?? '', log: 'mine', _x: 'a b\nc', LC_ALL: 'C' };
    const code = 'console.log(JSON.stringify(process.env))';
    const { log } = await run(newRuntime(), launch([process.execPath, '-e', code], { env }));
    const { PWD, OLDPWD, SHLVL, _, ...rest } = JSON.parse(log) as Record<string, string>;
    expect(rest).toEqual({ ...env, HOMERUNNER_RUNNER: r1, HOMERUNNER_JOB: 'j1' });
    expect([PWD ?? root, OLDPWD ?? '/', SHLVL ?? '0', _ ?? ''].length).toBe(4);
  });

  it('runs in its folder, with the usual file mode mask and nothing on its input', async () => {
    const { log } = await run(newRuntime(), sh('pwd; umask; cat; echo end'));
    expect(log).toBe(`${root}\n0022\nend\n`);
  });

  it('has the default answer to every signal', async () => {
    const { log } = await run(newRuntime(), sh('grep -E "^Sig(Ign|Blk)" /proc/self/status'));
    expect(log).toBe('SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n');
  });

  it('that ended by a signal has 128 + n', async () => {
    const runtime = newRuntime();
    expect((await run(runtime, sh('kill -SEGV $$'))).code).toBe(139);
    await runtime.clear(r1);
    expect((await run(runtime, sh('kill -INT $$', { job: 'j2' }))).code).toBe(130);
  });

  it.each([
    ['is missing', 'no-such-program', 127],
    ['is a folder', '/tmp', 126],
  ])('that %s says so and has the usual code', async (_, program, code) => {
    const result = await run(newRuntime(), launch([program]));
    expect(result.code).toBe(code);
    expect(result.log).toMatch(`homerunner: ${program} could not be executed (exit code ${code}).`);
  });

  it('whose file may not be executed has code 126', async () => {
    await writeFile(join(root, 'plain'), '#!/bin/sh\n', { mode: 0o644 });
    expect((await run(newRuntime(), launch(['./plain']))).code).toBe(126);
  });

  it('whose folder is missing has code 126', async () => {
    const result = await run(newRuntime(), launch(['true'], { cwd: join(root, 'gone') }));
    expect(result.code).toBe(126);
    expect(result.log).toMatch('could not be executed (exit code 126)');
  });

  it('survives its own kill 0 with an exit code', async () => {
    expect((await run(newRuntime(), sh('kill -USR1 0'))).code).toBe(138);
  });

  it('wakes whoever watches when it ends', async () => {
    const runtime = newRuntime();
    const woken = new Promise<string>((resolve) => runtime.watch(resolve));
    await runtime.start(sh('exit 0'), resources);
    expect(await woken).toBe(`The process of ${r1} is ended.`);
    expect((await instance(runtime)).state).toBe('ended');
  });

  it('leaves its folder private', async () => {
    const runtime = newRuntime();
    await run(runtime, sh('true'));
    expect((await stat(await runtime.folder(r1))).mode & 0o777).toBe(0o700);
  });
});

describe('masked output', () => {
  const mask = (script: string, masks: string[], env: Record<string, string> = {}) =>
    sh(script, { mask: masks, env: { PATH: '/usr/bin:/bin', ...env } });

  it('has *** for each value, and the exit code is the job’s', async () => {
    const script = 'printf "a s3cret b s3cret\\nlonger-s3cret\\n"; printf "%s" "$X" >&2; exit 7';
    const result = await run(newRuntime(), mask(script, ['s3cret', 'longer-s3cret'], { X: 'é&\\1.*' }));
    expect(result).toEqual({ code: 7, log: 'a *** b ***\n***\né&\\1.*' });
  });

  it('takes values literally, whatever they hold', async () => {
    const values = ['a.*b', '\\n', '&', "it's", '$HOME', 'tab\there', 'ü', 'one\ntwo-line'];
    const { log } = await run(
      newRuntime(),
      mask('printf "%s|" "$A"; echo; echo two-line', values, { A: values.join('|') }),
    );
    expect(log).toBe(`${'***|'.repeat(7)}***\n***|\n***\n`);
  });

  it('is written line by line while the job runs', async () => {
    const runtime = newRuntime();
    await runtime.start(mask('echo hi; sleep 600', ['zzz']), resources);
    await printed(runtime, /hi/);
    expect((await instance(runtime)).state).toBe('running');
  });

  it('ends with the job, although a daemon keeps the output open', async () => {
    const result = await run(newRuntime(), mask('setsid sleep 600 & echo on; exit 4', ['zzz']));
    expect(result).toEqual({ code: 4, log: 'on\n' });
  });

  it('keeps values out of arguments and files', async () => {
    const runtime = newRuntime();
    await runtime.start(mask('echo ready; sleep 600', ['v3ryS3cret']), resources);
    await printed(runtime, /ready/);
    for (const pid of await readdir('/proc')) {
      const args = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      expect(args.includes('v3ryS3cret') && args.includes(root)).toBe(false);
    }
    const files = await readdir(root, { recursive: true, withFileTypes: true });
    for (const file of files.filter((f) => f.isFile())) {
      expect(await readFile(join(file.parentPath, file.name), 'utf8')).not.toContain('v3ryS3cret');
    }
  });

  it('keeps its last lines when the job is asked to stop', async () => {
    const runtime = newRuntime();
    await runtime.start(
      mask('trap "echo bye; exit 9" TERM; echo on; while :; do sleep 0.05; done', ['zzz']),
      resources,
    );
    await printed(runtime, /on/);
    await runtime.signal(r1, 'stop');
    expect((await ended(runtime)).exitCode).toBe(9);
    expect(await readFile(runtime.logFile(r1, 'j1'), 'utf8')).toMatch(/^on\n(Terminated\n)?bye\n$/);
  });

  it('gives the job no trace of how it is masked', async () => {
    const { log } = await run(newRuntime(), mask('env | grep -c _hr_', ['zzz']));
    expect(log).toBe('0\n');
  });
});

describe.each([
  ['sh', ['sh'], 'linux'],
  ['dash', ['dash'], 'linux'],
  ['bash', ['bash'], 'linux'],
  ['bash as sh', ['bash', '--posix'], 'linux'],
  ['busybox', ['busybox', 'sh'], 'linux'],
  ['bash on macOS', ['bash', '--posix'], 'darwin'],
] as const)('the wrapper in %s', (name, shell, platform) => {
  const there = spawnSync(shell[0], ['-c', 'true']).error === undefined;
  const wrapped = async (argv: string[], masks: string[] = []) => {
    const options = {
      state: join(root, 'state'),
      log: join(root, 'log'),
      cwd: root,
      bootId: 'boot',
      umask: '22',
      masker: masks.length > 0 ? await masker() : [],
      groups: [],
    };
    await writeFile(join(root, 'wrapper'), posixWrapper(platform));
    const env = { PATH: '/usr/bin:/bin', [maskVariable]: masks.join('\n'), [endVariable]: 'e4d' };
    const args = [...shell.slice(1), join(root, 'wrapper'), ...wrapperArguments(options, argv)];
    await once(spawn(shell[0], args, { env, stdio: 'ignore' }), 'exit');
    return {
      state: parseState(await readFile(options.state, 'utf8')),
      log: await readFile(options.log, 'utf8'),
    };
  };

  it.skipIf(!there)(
    `runs a job once, with its code and output (skipped where there is no ${name})`,
    async () => {
      const argv = ['sh', '-c', 'printf "%s|" "$@"; env | grep -c _hr_; exit 9', 'x', 'a  b', '*', '\\n'];
      const first = await wrapped(argv);
      expect(first.log).toBe('a  b|*|\\n|0\n');
      expect(first.state).toMatchObject({ exitCode: 9, process: { bootId: 'boot' } });
      expect(await wrapped(argv)).toEqual(first);
    },
  );

  it.skipIf(!there)(`masks, and ends with the job (skipped where there is no ${name})`, async () => {
    const { log, state } = await wrapped(
      ['sh', '-c', 'sleep 3 & echo a-s3cret; printf half-s3cret; exit 5'],
      ['s3cret'],
    );
    expect(log).toBe('a-***\nhalf-***');
    expect(state.exitCode).toBe(5);
  });

  it.skipIf(!there)(
    `keeps the code of a job that is missing or killed (skipped where there is no ${name})`,
    async () => {
      expect((await wrapped(['no-such-program'])).state.exitCode).toBe(127);
      await rm(join(root, 'state'));
      expect((await wrapped(['sh', '-c', 'kill -TERM $$'])).state.exitCode).toBe(143);
    },
  );
});
