import { describe, expect, test } from 'vitest';
import { cli, makeJob, MemoryWorld, now, Paper } from './cli.test-kit.ts';
import { commands } from './commands/index.ts';
import { problem } from '../contract/problem.ts';

describe('help', () => {
  test('the overview names every command', async () => {
    for (const argv of [['--help'], ['-h'], ['help'], ['--home', '/x', '--help']]) {
      const { code, paper } = await cli(argv);
      expect(code).toBe(0);
      for (const spec of commands) expect(paper.stdout).toContain(`  ${spec.name} `);
    }
  });

  test('each command has one, by every way of asking, with all of its options and within 120 columns', async () => {
    for (const spec of commands) {
      const words = spec.name.split(' ');
      const { code, paper } = await cli([...words, '--help']);
      expect(code).toBe(0);
      expect(paper.stdout).toContain(`Usage: homerunner ${spec.name}`);
      for (const option of spec.options) expect(paper.stdout).toContain(`--${option.name}`);
      for (const line of paper.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
      expect((await cli(['help', ...words])).paper.stdout).toBe(paper.stdout);
      expect((await cli(['--help', ...words])).paper.stdout).toBe(paper.stdout);
      expect((await cli([...words, '-h', '--zzz', '--'])).code).toBe(2);
    }
  });

  test('a first word that has second ones', async () => {
    const { code, paper } = await cli(['pool', '--help']);
    expect([code, paper.stdout.split('\n')[0]]).toEqual([0, 'Usage: homerunner pool COMMAND']);
    expect((await cli(['help', 'pool'])).paper.stdout).toBe(paper.stdout);
  });

  test('the version', async () => {
    expect((await cli(['--version'])).paper.stdout).toBe('1.2.3\n');
    expect((await cli(['--json', '--version'])).paper.documents).toEqual([{ version: '1.2.3' }]);
  });
});

describe('what cannot be understood: exit 2, a sentence, what to do next', () => {
  test.each([
    [[], 'A command is needed'],
    [['--json'], 'A command is needed'],
    [['statsu'], 'There is no command statsu; did you mean status?'],
    [['frobnicate'], 'There is no command frobnicate.'],
    [['pool'], 'pool needs one of add, list, show, edit, remove, check.'],
    [['pool', '--json'], 'pool needs one of'],
    [['pool', 'ad'], 'There is no command pool ad; did you mean pool add?'],
    [['status', '--jsno'], 'status has no option --jsno; did you mean --json?'],
    [['submit'], 'submit needs a command after --.'],
    [['submit', '--env', '1X=2', '--', 'true'], '--env 1X'],
    [['submit', '--arch', 'z80', '--', 'true'], 'There is no architecture z80'],
    [['submit', '--retry', '11', '--', 'true'], '--retry 11'],
    [['submit', '--timeout', '6', '--', 'true'], '--timeout 6 is not a length of time'],
    [['submit', '--timeout', '31d', '--', 'true'], '--timeout'],
    [['submit', '--label', 'a b', '--', 'true'], '--label'],
    [['submit', '--secret', '../x', '--', 'true'], '--secret'],
    [['submit', '--dirty', '--in-place', '--', 'true'], 'exclude each other'],
    [['pause', '--for', 'banana'], '--for banana is not a length of time'],
    [['pause', '--for', '0'], '--for 0'],
    [['pause', '--until', '25:00'], '--until 25:00 is not a time'],
    [['pause', '--for', '1h', '--until', '18:00'], 'not both'],
    [['stop', '--now', '--leave-running'], 'not both'],
    [['pool', 'add', '--min', 'x'], '--min x is not a number'],
    [['pool', 'add', '--min', '-1'], '--min -1'],
    [['pool', 'add', '--mode', 'lazy'], '--mode lazy: it must be auto, manual, ephemeral'],
    [['pool', 'add', '--memory', '5'], '--memory 5 is not an amount of memory'],
    [['pool', 'edit', 'p'], 'option'],
    [['job', 'list', '--limit', '0'], '--limit'],
    [['job', 'show'], 'job show needs JOB.'],
    [['detect', '--record', 'a', '--replay', 'b'], 'not both'],
    [['completion', 'tcsh'], 'There is no completion for tcsh'],
    [['doctor'], 'not part of this version'],
    [['--home', '/x', 'doctor'], 'not part of this version'],
    [['setup', '--undo'], 'not part of this version'],
    [['account', 'add', '--forge', 'github'], 'account add needs one of --login gh, --device'],
    [['account', 'add', '--login', 'gh', '--device'], 'Give one of --login, --device'],
    [['account', 'add', '--login', 'glab'], '--login takes only gh'],
    [
      ['account', 'add', '--forge', 'gitlab', '--device'],
      'not part of this version yet: give --forge github',
    ],
    [['account', 'add', '--app', '1'], '--app needs the private key'],
    [['account', 'add', '--app', 'a b', '--key-file', 'f'], '--app is not the id'],
    [['account', 'add', '--app', '1', '--key-file', '/none', '--installation', 'x'], '--installation is not'],
    [['account', 'add', '--device', '--key-file', 'f'], 'belong to --app'],
    [['account', 'add', '--login', 'gh', '--organisations'], 'belongs to --device'],
    [['account', 'add', '--device', '--name', 'A'], '--name is not an account name'],
    [['account', 'add', '--device', '--url', 'http://git.lab'], '--url is not an https address'],
    [
      ['account', 'add', '--device', '--url', 'https://git.lab/acme/site'],
      'without a path: https://git.lab. See',
    ],
    [['account', 'add', '--token-stdin', '--device'], 'Give one of --device, --token-stdin'],
    [['pool', 'add', '--label', 'a b'], '--label a b: a label is 1 to 64 characters'],
    [['account', 'add', '--token-stdin'], 'No token came'],
    [['pool', 'add', '--forge', 'github'], 'pool add --forge github needs --scope: owner/repository'],
    [['pool', 'add', '--forge', 'github', '--scope', 'a/b/c'], '--scope a/b/c is none of these'],
    [['pool', 'add', '--account', 'octo'], 'are for --forge github'],
    [
      ['pool', 'add', '--forge', 'github', '--account', 'a', '--token-stdin'],
      'Give one of --account, --token-stdin',
    ],
    [['pool', 'add', '--token-stdin', '--token-file', 'f'], 'Give one of'],
    [['pool', 'edit', 'p', '--allow-public', '--no-public'], 'not both'],
    [['runner', 'adopt', '/opt/x', '--new', '--pool', 'p'], 'Give --pool or --new, not both'],
    [['submit', '--gpus', '1', '--', 'true'], 'The option --gpus is not part of this version'],
    [
      ['pool', 'add', '--forge', 'local', '--engine=podman'],
      'The option --engine is not part of this version',
    ],
    [['register'], 'homerunner pool add'],
    [['start'], 'homerunner run'],
    [['monitor'], 'homerunner status'],
  ])('%j', async (argv, sentence) => {
    const world = new MemoryWorld();
    world.reachable = [false];
    const { code, paper } = await cli(argv, world);
    const json = argv.includes('--json');
    const told = json ? (paper.documents[0]?.['problem'] as { message: string; hint: string }) : null;
    expect(code).toBe(2);
    expect(told === null ? paper.stderr : `${told.message} ${told.hint}`).toContain(sentence);
    expect(paper.stdout === '').toBe(!json);
    expect(json ? '' : paper.stderr).toMatch(
      json ? /^$/ : /^homerunner: .*`homerunner.*`.*\.\n$|Leave it out|for what is/,
    );
  });

  test('what stands after -- is the job’s: --json there is not ours', async () => {
    const world = new MemoryWorld();
    world.handlers.submit = () => ({ job: makeJob(), notes: [] });
    const { paper } = await cli(['submit', '--', 'node', '--json', '--help', '--gpus'], world);
    expect(paper.stdout).toMatch(/^Submitted as j1\./);
    expect(world.asked[0]).toEqual([
      'submit',
      expect.objectContaining({ command: ['node', '--json', '--help', '--gpus'] }),
    ]);
  });
});

describe('without a supervisor', () => {
  test.each([
    ['status'],
    ['stop'],
    ['runner', 'list'],
    ['submit', '--', 'true'],
    ['submit', '--wait', '--', 'true'],
    ['why', 'j'],
    ['job', 'cancel', 'j'],
    ['job', 'again', 'j'],
  ])('%s %s: exit 3 and `homerunner run`', async (...argv) => {
    const world = new MemoryWorld();
    world.reachable = [false];
    const { code, paper } = await cli(argv, world);
    expect(code).toBe(3);
    expect(paper.stderr).toContain('`homerunner run`');
    const asJson = await cli(['--json', ...argv], world);
    expect(asJson.paper.documents).toEqual([{ problem: expect.objectContaining({ code: 'no-supervisor' }) }]);
    expect(asJson.paper.stderr).toBe('');
  });

  test('pauses, pools and the history work on what the next start reads', async () => {
    const world = new MemoryWorld();
    world.reachable = [false];
    world.offlineHandlers = { resume: () => ({ resumed: true }) };
    world.offlineNotes = ['The database was set aside.'];
    const { paper } = await cli(['resume'], world);
    expect([paper.stdout, paper.stderr]).toEqual(['Resumed.\n', 'The database was set aside.\n']);
  });

  test('a supervisor that is just starting is waited for', async () => {
    const world = new MemoryWorld();
    world.reachable = [false, false, true];
    world.handlers = { resume: () => ({ resumed: false }) };
    const { code, paper } = await cli(['resume'], world);
    expect([code, paper.stdout]).toEqual([0, 'It was not paused.\n']);
  });
});

test('refused by policy is exit 4, other failures 1', async () => {
  const world = new MemoryWorld();
  world.handlers = {
    submit: () => {
      throw problem('refused-by-policy', 'Not now.', 'Later.');
    },
  };
  expect((await cli(['submit', '--', 'true'], world)).code).toBe(4);
  expect((await cli(['job', 'show', 'x'], world)).code).toBe(1);
  expect((await cli(['run'], world)).code).toBe(1);
});

describe('pause', () => {
  const end = async (...argv: string[]): Promise<unknown> => {
    const world = new MemoryWorld();
    world.handlers.pause = () => ({ by: 'owner', reason: null, until: now + 1000, kind: 'until' });
    expect((await cli(['pause', ...argv], world)).code).toBe(0);
    return (world.asked[0]?.[1] as { end: unknown }).end;
  };

  test('its end in every form', async () => {
    expect(await end()).toEqual({ kind: 'indefinite' });
    expect(await end('--for', '90m')).toEqual({ kind: 'duration', milliseconds: 5_400_000 });
    expect(await end('--until', 'restart')).toEqual({ kind: 'restart' });
    // The tests' zone is UTC; now is 08:00.
    expect(await end('--until', '18:00')).toEqual({ kind: 'until', at: now + 10 * 3_600_000 });
    expect(await end('--until', '8:00')).toEqual({ kind: 'until', at: now + 24 * 3_600_000 });
    expect(await end('--until', 'tomorrow')).toEqual({ kind: 'until', at: now + 24 * 3_600_000 });
  });
});

describe('submit', () => {
  test('sends what was said, the folder absolute', async () => {
    const world = new MemoryWorld();
    world.handlers.submit = () => ({ job: makeJob(), notes: ['Uncommitted changes are left out.'] });
    const argv =
      'submit --pool p --label A --label b --env X=1=2 --env Y= --secret T --out dist --cache npm --timeout 90m --retry 2 --dirty --dir sub';
    const { code, paper } = await cli([...argv.split(' '), '--', 'make', '-j', ''], world);
    expect(code).toBe(0);
    expect(paper.stderr).toBe('Uncommitted changes are left out.\n');
    expect(world.asked).toEqual([
      [
        'submit',
        {
          command: ['make', '-j', ''],
          dir: '/somewhere/sub',
          source: 'dirty',
          pool: 'p',
          labels: ['a', 'b'],
          arch: null,
          env: { X: '1=2', Y: '' },
          secrets: ['T'],
          outputs: ['dist'],
          caches: ['npm'],
          timeoutSeconds: 5400,
          retries: 2,
        },
      ],
    ]);
  });
});

describe('stop', () => {
  const busy = (): MemoryWorld => {
    const world = new MemoryWorld();
    world.snapshot = { ...world.snapshot, runners: [{ job: { name: 'make \u001b[31m test' } }] as never };
    world.handlers.stop = () => {
      setImmediate(() => world.drop());
      return { jobs: ['j1'] };
    };
    return world;
  };
  const person = (...answers: (string | null)[]): Paper =>
    Object.assign(new Paper(), { interactive: true, answers });

  test('--now names the jobs and asks a person', async () => {
    for (const answer of ['n', '', 'nay', null]) {
      const { code, paper, world } = await cli(['stop', '--now'], busy(), person(answer));
      expect([code, world.asked]).toEqual([1, []]);
      expect(paper.stderr).toContain('  make  [31m test\n');
    }
    const { code, world } = await cli(['stop', '--now'], busy(), person('y'));
    expect([code, world.asked]).toEqual([0, [['stop', { how: 'now' }]]]);
  });

  test('--yes, and a script, are not asked; waits until the supervisor has gone', async () => {
    for (const [argv, paper] of [
      [['--yes'], person()],
      [[], new Paper()],
      [['--json'], person()],
    ] as const) {
      const { code, world } = await cli(['stop', '--now', ...argv], busy(), paper);
      expect([code, world.asked]).toEqual([0, [['stop', { how: 'now' }]]]);
    }
    const { paper } = await cli(['stop', '--json'], busy());
    expect(paper.documents).toEqual([{ stopped: true, jobs: ['j1'] }]);
    expect(paper.stderr).toContain('Waiting for 1 running job to finish');
  });
});

test('why: the reasons, each on its line', async () => {
  const world = new MemoryWorld();
  world.handlers.why = () => ({
    job: makeJob(),
    why: ['Paused by you.', 'All cores are in use.'],
    offer: null,
  });
  expect((await cli(['why', 'j1'], world)).paper.stdout).toBe('Paused by you.\nAll cores are in use.\n');
});

test('logs: raw for people; one document with --json; lines with -f, the last being the result', async () => {
  const world = new MemoryWorld();
  world.log = async function* () {
    const bytes = Buffer.from('a€b');
    yield { data: bytes.subarray(0, 2).toString('base64'), cursor: 2, skipped: 0 };
    yield { data: bytes.subarray(2).toString('base64'), cursor: 5, skipped: 9 };
  };
  const detail = { submission: null, commit: null, outputs: [], problem: null };
  world.handlers['job.show'] = ({ job }) => ({ job: makeJob({ id: job }), ...detail });
  const raw = await cli(['job', 'logs', 'j1'], world);
  expect(Buffer.from(raw.paper.stdout, 'latin1').toString()).toBe('a€b');
  expect(raw.paper.stderr).toContain('9 bytes');
  expect((await cli(['job', 'logs', 'j1', '--json'], world)).paper.documents).toEqual([
    { job: 'j1', runner: null, log: 'a€b' },
  ]);
  expect((await cli(['runner', 'logs', 'r', '-f', '--json'], world)).paper.documents).toEqual([
    { log: 'a' },
    { log: '€b', skipped: 9 },
    { job: null, runner: 'r', ended: true },
  ]);
});
