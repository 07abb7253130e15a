import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Job } from '../contract/job.ts';
import { problem } from '../contract/problem.ts';
import { cli, makeJob, MemoryWorld, noSupervisor, Paper } from './cli.test-kit.ts';

const ended = (more: Partial<Job> = {}): Job =>
  makeJob({ state: 'succeeded', exitCode: 0, startedAt: 1, endedAt: 2, result: 'It succeeded.', ...more });
const text = (words: string, cursor: number) => ({
  data: Buffer.from(words).toString('base64'),
  cursor,
  skipped: 0,
});

/** A supervisor that takes the job j1 and shows `jobs`, each once, the last for ever. */
function taking(...jobs: Job[]): MemoryWorld {
  const world = new MemoryWorld();
  world.handlers = {
    submit: () => ({ job: makeJob(), notes: [] }),
    'job.show': () => ({ job: jobs.length > 1 ? jobs.shift() : jobs[0] }),
    'job.cancel': () => ({ job: makeJob() }),
  };
  return world;
}

const argv = ['submit', '--wait', '--', 'make', 'test'];

test('the output goes to stdout as it is, the exit code is the job’s', async () => {
  const world = taking(ended({ state: 'failed', exitCode: 7, result: 'It failed with exit code 7.' }));
  world.log = async function* () {
    yield text('one\n', 4);
    yield text('two\n', 8);
  };
  const { code, paper } = await cli(argv, world);
  expect([code, paper.stdout]).toEqual([7, 'one\ntwo\n']);
  expect(paper.stderr).toBe('Submitted as j1.\nhomerunner: It failed with exit code 7.\n');
});

test('with --json: the job, its output, and the job again as the last line', async () => {
  const world = taking(ended());
  world.log = async function* () {
    yield text('x', 1);
  };
  const { code, paper } = await cli(['--json', ...argv], world);
  expect(code).toBe(0);
  expect(paper.documents.map((d) => Object.keys(d)[0])).toEqual(['submitted', 'log', 'job']);
  expect(paper.documents.at(-1)).toEqual({ job: ended() });
});

test('our own codes count only before the job was accepted', async () => {
  const refused = taking(ended());
  refused.handlers.submit = () => {
    throw problem('not-a-repository', 'No repository.', 'Use --in-place.');
  };
  expect((await cli(argv, refused)).code).toBe(2);
  const forgotten = taking(ended());
  forgotten.handlers['job.show'] = () => {
    throw problem('not-found', 'There is no job called j1.', 'See the list.');
  };
  const { code, paper } = await cli(argv, forgotten);
  expect(code).toBe(125);
  expect(paper.stderr).toContain('There is no job called j1.');
});

test('a retry is followed, from the beginning of its own log', async () => {
  const world = taking(
    ended({ state: 'failed', exitCode: 1, retriedAs: 'j1-2', result: 'It failed.' }),
    ended({ id: 'j1-2' }),
  );
  const cursors: number[] = [];
  world.log = async function* (cursor) {
    cursors.push(cursor);
    yield text('try\n', 4);
  };
  const { code, paper } = await cli(argv, world);
  expect([code, cursors]).toEqual([0, [0, 0]]);
  expect(paper.stdout).toBe('try\ntry\n');
  expect(paper.stderr).toContain('It failed. It is tried again as j1-2.');
  expect(world.asked.at(-1)).toEqual(['job.show', { job: 'j1-2' }]);
});

test('a supervisor that is restarted is waited for; the output goes on where it was, no character is lost', async () => {
  const world = taking(ended());
  world.reachable = [true, false, true];
  const euro = Buffer.from('€');
  const cursors: number[] = [];
  world.log = async function* (cursor) {
    cursors.push(cursor);
    if (cursor === 0) {
      yield { data: euro.subarray(0, 1).toString('base64'), cursor: 1, skipped: 0 };
      throw noSupervisor();
    }
    yield { data: euro.subarray(1).toString('base64'), cursor: 3, skipped: 0 };
  };
  const { code, paper } = await cli(['--json', ...argv], world);
  expect([code, cursors]).toEqual([0, [0, 1]]);
  expect(paper.documents.map((d) => (typeof d['log'] === 'string' ? d['log'] : '')).join('')).toBe('€');
  expect(paper.stderr).toContain('waiting for it to come back');
});

test('a supervisor that stops politely ends the stream, and is waited for as well', async () => {
  const world = taking(makeJob({ state: 'running', startedAt: 1 }), ended());
  const { code } = await cli(argv, world);
  expect(code).toBe(0);
});

describe('a supervisor that does not come back', () => {
  /** It goes in the middle of the output; `jobs` is what it left, each shown once, the last for ever. */
  function gone(...jobs: Job[]): MemoryWorld {
    const world = taking(makeJob());
    world.reachable = [true, false];
    world.offlineHandlers = { 'job.show': () => ({ job: jobs.length > 1 ? jobs.shift() : jobs[0] }) };
    world.log = async function* (cursor) {
      if (cursor > 0) {
        yield text('two\n', 8);
        return;
      }
      yield text('one\n', 4);
      throw noSupervisor();
    };
    return world;
  }

  test('the job that ended before gives its code and the rest of its output, and nothing is waited for', async () => {
    const { code, paper } = await cli(
      argv,
      gone(ended({ state: 'failed', exitCode: 7, result: 'It failed.' })),
    );
    expect([code, paper.stdout]).toEqual([7, 'one\ntwo\n']);
    expect(paper.stderr).toBe('Submitted as j1.\nhomerunner: It failed.\n');
  });

  test('while somebody holds what it left, and the job has not ended, the wait goes on', async () => {
    const world = gone(makeJob({ state: 'running', startedAt: 1 }), ended());
    const { offlineHandlers } = world;
    world.offlineHandlers = null;
    const paper = new Paper();
    const done = cli(argv, world, paper);
    await vi.waitFor(() => expect(paper.stderr).toContain('waiting for it to come back'));
    world.offlineHandlers = offlineHandlers;
    expect((await done).code).toBe(0);
    expect(world.asked.map(([name]) => name)).toEqual(['submit', 'job.show', 'job.show']);
  });

  test('an attempt that failed is not the outcome: its retry waits for a supervisor', async () => {
    const world = gone(
      ended({ state: 'failed', exitCode: 1, retriedAs: 'j1-2', result: 'It failed.' }),
      makeJob({ id: 'j1-2' }),
    );
    const paper = new Paper();
    const done = cli(argv, world, paper);
    await vi.waitFor(() => expect(world.asked.at(-1)).toEqual(['job.show', { job: 'j1-2' }]));
    world.handlers['job.show'] = () => ({ job: ended({ id: 'j1-2' }) });
    world.log = async function* () {
      yield text('again\n', 6);
    };
    world.reachable = [true];
    expect((await done).code).toBe(0);
    expect(paper.stdout).toBe('one\ntwo\none\nagain\n');
  });
});

describe('Ctrl-C', () => {
  const before = process.listenerCount('SIGINT');
  afterEach(() => {
    expect(process.listenerCount('SIGINT')).toBe(before);
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });

  /** A job that runs until it is left or cancelled. */
  function endless(): { world: MemoryWorld; streaming: () => Promise<void> } {
    const world = taking(makeJob({ state: 'running', startedAt: 1 }));
    let begun = false;
    let end: () => void = () => undefined;
    world.log = async function* (_cursor, signal) {
      begun = true;
      yield text('…', 3);
      await new Promise<void>((resolve) => {
        end = resolve;
        signal.addEventListener('abort', () => resolve());
      });
    };
    world.handlers['job.cancel'] = () => {
      world.handlers['job.show'] = () => ({ job: ended({ state: 'cancelled', exitCode: 143 }) });
      end();
      return { job: makeJob() };
    };
    const streaming = async (): Promise<void> => {
      await vi.waitFor(() => expect(begun).toBe(true));
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { world, streaming };
  }

  async function interrupted(
    paper: Paper,
    world: MemoryWorld,
    streaming: () => Promise<void>,
    more: string[] = [],
  ) {
    const done = cli([...argv.slice(0, 2), ...more, ...argv.slice(2)], world, paper);
    await streaming();
    process.emit('SIGINT');
    return done;
  }

  test('without a person the job goes on, and it is said how to see and end it', async () => {
    const { world, streaming } = endless();
    const { code, paper } = await interrupted(new Paper(), world, streaming);
    expect(code).toBe(130);
    expect(paper.stderr).toMatch(/The job goes on\..*job logs -f j1.*job cancel j1/);
    expect(world.asked.map(([name]) => name)).toEqual(['submit']);
  });

  test('with --json nobody is asked either; the last line says that it was left', async () => {
    const { world, streaming } = endless();
    const { paper } = await interrupted(Object.assign(new Paper(), { interactive: true }), world, streaming, [
      '--json',
    ]);
    expect(paper.documents.at(-1)).toEqual({ left: 'j1' });
  });

  test.each([
    ['l', 130, []],
    [null, 130, []],
    ['c', 130, ['job.cancel', 'job.show']],
  ])('a person answers %s', async (answer, exit, asked) => {
    const { world, streaming } = endless();
    const paper = Object.assign(new Paper(), { interactive: true, answers: [answer] });
    const { code } = await interrupted(paper, world, streaming);
    expect([code, world.asked.map(([name]) => name)]).toEqual([exit, ['submit', ...asked]]);
    expect(paper.stderr).toContain('The job j1 runs. [l]eave it running, [c]ancel it, or [g]o on?');
  });

  /** Somebody who never answers. */
  class Away extends Paper {
    override interactive = true;
    asking = false;
    override ask(question: string, withdrawn?: AbortSignal): Promise<null> {
      this.stderr += question;
      this.asking = true;
      return new Promise((resolve) => {
        withdrawn?.addEventListener('abort', () => {
          this.asking = false;
          resolve(null);
        });
      });
    }
  }

  test('a question that nobody answers is withdrawn when the job ends, whose code is given', async () => {
    const world = taking(makeJob({ state: 'running', startedAt: 1 }));
    const paper = new Away();
    // As at a terminal, output is held back while the question is open.
    world.log = async function* () {
      await vi.waitFor(() => expect(paper.asking).toBe(true));
      world.handlers['job.show'] = () => ({ job: ended({ state: 'failed', exitCode: 4 }) });
      await vi.waitFor(() => expect(paper.asking).toBe(false), 10_000);
      yield text('more\n', 5);
    };
    const done = cli(argv, world, paper);
    await vi.waitFor(() => expect(process.listenerCount('SIGINT')).toBe(before + 1));
    process.emit('SIGINT');
    const { code } = await done;
    expect([code, paper.stdout]).toEqual([4, 'more\n']);
  });

  test('go on, and ask again the next time', async () => {
    const { world, streaming } = endless();
    const paper = Object.assign(new Paper(), { interactive: true, answers: ['g', 'l'] });
    const done = interrupted(paper, world, streaming);
    await vi.waitFor(() => expect(paper.answers).toEqual(['l']));
    await new Promise((resolve) => setImmediate(resolve));
    process.emit('SIGINT');
    expect((await done).code).toBe(130);
  });

  test('a cancel that fails is told, and the wait goes on', async () => {
    const { world, streaming } = endless();
    world.handlers['job.cancel'] = () => {
      throw problem('unexpected', 'The database is full.', 'Free some space.');
    };
    const paper = Object.assign(new Paper(), { interactive: true, answers: ['c', 'l'] });
    const done = interrupted(paper, world, streaming);
    await vi.waitFor(() => expect(paper.stderr).toContain('could not be cancelled: The database is full.'));
    process.emit('SIGINT');
    expect((await done).code).toBe(130);
  });

  test('while waiting for the supervisor to come back: leaves at once', async () => {
    const world = taking(ended());
    world.reachable = [true, false];
    world.log = async function* () {
      throw noSupervisor();
    };
    const paper = new Paper();
    const done = cli(argv, world, paper);
    await vi.waitFor(() => expect(paper.stderr).toContain('waiting for it to come back'));
    process.emit('SIGINT');
    expect((await done).code).toBe(130);
  });
});
