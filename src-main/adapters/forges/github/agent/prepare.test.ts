import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProblemError } from '../../../../contract/problem.ts';
import { folders, record, release } from './agent.test-kit.ts';
import { decodeJit } from './jit.ts';
import { type AgentRegistration, launch, prepare, preparedVersion } from './prepare.ts';

let at = '';
let home = '';
beforeEach(() => {
  at = mkdtempSync(join(tmpdir(), 'prepare-'));
  home = join(at, 'runner');
  mkdirSync(home);
});
afterEach(() => rmSync(at, { recursive: true, force: true }));

const encoded = (files: Record<string, unknown>) => Buffer.from(JSON.stringify(files)).toString('base64');
const base64 = (text: string) => Buffer.from(text).toString('base64');
const jit = {
  '.runner': base64('{"AgentName":"x"}'),
  '.credentials': base64('{}'),
  '.credentials_rsaparams': base64('key'),
};
const environment = {
  PATH: process.env['PATH'],
  HOME: '/home/me',
  GITHUB_TOKEN: 'ghp_x',
  HOMERUNNER_HOME: '/h',
  https_proxy: 'http://p',
  RUNNER_TRACKING_ID: 'x',
  ACTIONS_RUNNER_INPUT_PAT: 'x',
};
const run = (
  registration: AgentRegistration | null,
  script = 'exit 0',
  platform: NodeJS.Platform = 'linux',
) => prepare(record(), home, release, registration, { folders: folders(at, script), platform, environment });
const problemOf = async (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof ProblemError ? error.problem : Promise.reject(error as Error)),
  );

describe('a one-job runner', () => {
  it('gets the files of its configuration, for its user alone, and may be prepared again', async () => {
    for (let n = 0; n < 2; n += 1) await run({ kind: 'jit', config: encoded(jit) });
    for (const name of Object.keys(jit))
      expect(lstatSync(join(home, 'agent', name)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(home, 'agent', '.credentials_rsaparams'), 'utf8')).toBe('key');
    await run(null);
    expect(readdirSync(home).sort()).toEqual(['agent', 'agent-version']);
    expect(await preparedVersion(home)).toBe(release.version);
  });

  it('does not write through a link', async () => {
    await run({ kind: 'jit', config: encoded(jit) });
    const other = join(at, 'other');
    writeFileSync(other, 'mine');
    rmSync(join(home, 'agent', '.runner'));
    symlinkSync(other, join(home, 'agent', '.runner'));
    await run({ kind: 'jit', config: encoded(jit) });
    expect(readFileSync(other, 'utf8')).toBe('mine');
  });

  it.each([
    ['another file', encoded({ ...jit, 'run.sh': base64('x') })],
    ['a path', encoded({ ...jit, '../.runner': base64('x') })],
    ['a file that is missing', encoded({ '.runner': jit['.runner'] })],
    ['no text', encoded({ ...jit, '.credentials': 7 })],
    ['no object', base64('[]')],
    ['nothing', ''],
  ])('is refused with %s', async (_, config) => {
    expect(await problemOf(run({ kind: 'jit', config }))).toMatchObject({ code: 'unexpected' });
    expect(existsSync(join(home, 'agent', '.credentials'))).toBe(false);
  });

  it('whatever is given, only known files are written or it is refused by a Problem', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json().map(base64)), (text) => {
        try {
          expect([...decodeJit(text).keys()].every((name) => name in jit)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(ProblemError);
        }
      }),
    );
  });

  it('whose configuration was lost is said to be', async () => {
    expect(await problemOf(run(null))).toMatchObject({
      code: 'unexpected',
      message: expect.stringContaining('lost'),
    });
  });

  it('starts its program with a clean environment', async () => {
    await run({ kind: 'jit', config: encoded(jit) });
    const { argv, cwd, env, mask, job } = await launch(record(), home, { platform: 'linux', environment });
    expect({ argv, cwd, mask, job }).toEqual({
      argv: [join(home, 'agent', 'bin', 'Runner.Listener'), 'run'],
      cwd: join(home, 'agent'),
      mask: [],
      job: null,
    });
    const { PATH, ...rest } = env;
    expect(PATH).toBe(process.env['PATH']);
    expect(rest).toEqual({
      HOME: '/home/me',
      https_proxy: 'http://p',
      HOMERUNNER: 'true',
      HOMERUNNER_POOL: 'app',
      ACTIONS_RUNNER_RETURN_VERSION_DEPRECATED_EXIT_CODE: '1',
    });
  });

  it('is given its whole configuration at the start on Windows, where its key has to be sealed first', async () => {
    const config = encoded(jit);
    await run({ kind: 'jit', config }, 'exit 0', 'win32');
    await run(null, 'exit 0', 'win32');
    expect(existsSync(join(home, 'agent', '.credentials'))).toBe(false);
    const { argv, env } = await launch(record(), home, { platform: 'win32', environment });
    expect(argv).toEqual([join(home, 'agent', 'bin', 'Runner.Listener.exe'), 'run']);
    expect(env['ACTIONS_RUNNER_INPUT_JITCONFIG']).toBe(config);
  });
});

describe.skipIf(process.platform === 'win32')(
  'a persistent runner (skipped on Windows: its program is a shell script here)',
  () => {
    const registration = { kind: 'classic', url: 'https://github.com/acme/app', token: 'AREGTOKEN' } as const;

    it('is configured by the agent, with its token in the environment alone', async () => {
      const script =
        'echo "$@" > ../args; env > ../env; read x || echo closed > ../stdin; touch .runner .credentials';
      await run(registration, script);
      await run(null, 'exit 1');
      expect(readFileSync(join(home, 'args'), 'utf8')).toBe('configure --unattended\n');
      expect(readFileSync(join(home, 'stdin'), 'utf8')).toBe('closed\n');
      const env = readFileSync(join(home, 'env'), 'utf8');
      for (const line of [
        'TOKEN=AREGTOKEN',
        'URL=https://github.com/acme/app',
        'NAME=hr-a1b2c3-app-000001',
        'LABELS=self-hosted,gpu',
        'DISABLEUPDATE=true',
        'UNATTENDED=true',
        'WORK=_work',
      ])
        expect(env).toContain(`ACTIONS_RUNNER_INPUT_${line}\n`);
      expect(env).not.toMatch(/REPLACE|RUNNERGROUP|ghp_x/);
      expect(lstatSync(join(home, 'agent', '.credentials')).mode & 0o777).toBe(0o600);
    });

    it.each([
      ['name-taken', 'echo "A runner exists with the same name x." >&2'],
      [
        'unauthorized',
        `echo "Http response code: NotFound from 'POST https://api.github.com/actions/runner-registration'" >&2`,
      ],
      ['tool-missing', 'echo "Libicu\'s dependencies is missing for Dotnet Core 6.0"'],
      ['forge-unreachable', 'echo "it said AREGTOKEN"'],
    ])('that is refused says %s', async (code, script) => {
      const found = await problemOf(run(registration, `${script}; exit 1`));
      expect(found).toMatchObject({ code });
      expect(JSON.stringify(found)).not.toContain('AREGTOKEN');
    });

    it('is configured anew where it is registered anew: the registration that it had was deleted before', async () => {
      await run(registration, 'touch .runner .credentials');
      writeFileSync(
        join(home, 'agent', 'bin', 'Runner.Listener'),
        '#!/bin/sh\n[ -e .runner ] && exit 1; echo new | tee .runner .credentials\n',
      );
      await run({ ...registration, token: 'ANOTHER' });
      expect(readFileSync(join(home, 'agent', '.runner'), 'utf8')).toBe('new\n');
    });

    it('is configured anew where a try was cut short', async () => {
      await problemOf(run(registration, 'touch .runner; exit 1'));
      expect(existsSync(join(home, 'agent', '.runner'))).toBe(true);
      writeFileSync(
        join(home, 'agent', 'bin', 'Runner.Listener'),
        '#!/bin/sh\n[ -e .runner ] && exit 1; touch .runner .credentials\n',
      );
      await run(registration);
      expect(execFileSync('ls', ['-A', join(home, 'agent')], { encoding: 'utf8' })).toContain('.credentials');
    });
  },
);
