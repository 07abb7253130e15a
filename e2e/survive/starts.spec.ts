/** Two starts at once, again and again: exactly one becomes the supervisor. */
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Home, finished } from '../support/product.ts';
import { until } from '../support/until.ts';
import { configure, ended, left, long, submit } from './survive.ts';

const rounds = long ? 100 : 20;

let home: Home;
beforeEach(() => {
  home = new Home();
  configure(home, 2);
});
afterEach(async () => {
  await home.dispose();
});

test(
  `${rounds} times two starts at once: one is ready, the other is told`,
  async () => {
    for (let round = 0; round < rounds; round += 1) {
      const children = [home.spawn(['run', '--json']), home.spawn(['run', '--json'])];
      const out = children.map(() => '');
      children.forEach((child, i) =>
        child.stdout?.on('data', (data: Buffer) => (out[i] = (out[i] ?? '') + data.toString())),
      );
      await until(
        () =>
          out.some((text) => text.includes('"ready"')) && children.some((child) => child.exitCode !== null),
        'one is ready, one has ended',
      );
      const [loser, winner] = children[0]?.exitCode === null ? [1, 0] : [0, 1];
      expect(children[loser]?.exitCode).toBe(1);
      expect(out[loser]).not.toContain('"ready"');
      expect(JSON.parse(out[loser]?.trim().split('\n').at(-1) ?? '')).toMatchObject({
        problem: { code: 'already-running' },
      });
      expect(out[winner]).toContain('"ready"');
      expect(children[winner]?.exitCode).toBeNull();
      if (round % 5 === 0) {
        expect((await home.status()).supervisor.pid).toBe(children[winner]?.pid);
        expect(await ended(home, await submit(home, ['true']))).toMatchObject({ state: 'succeeded' });
      }
      const done = children[winner];
      if (done === undefined) throw new Error('There is no winner.');
      const last = finished(done);
      // Every second one dies, so that the next starts find its socket.
      done.kill(round % 2 === 0 ? 'SIGTERM' : 'SIGKILL');
      await last;
    }
    const supervisor = await home.run();
    await until(
      async () => (await home.status()).runners.length === 0 || (await home.status()).machine !== null,
      'it looks around',
    );
    await supervisor.stop();
    expect(left(home)).toEqual([]);
    expect(readdirSync(home.path).filter((name) => name.includes('set-aside'))).toEqual([]);
  },
  rounds * 15_000,
);

test('commands that edit without a supervisor never keep one from starting', async () => {
  const state = { going: true };
  const editing = (async () => {
    while (state.going)
      await Promise.all([
        home.cli(['pool', 'list']),
        home.cli(['job', 'list']),
        home.cli(['pause', '--for', '1h']),
      ]);
  })();
  try {
    for (let round = 0; round < (long ? 30 : 6); round += 1) {
      const supervisor = await home.run();
      expect((await supervisor.stop()).code).toBe(0);
    }
  } finally {
    state.going = false;
    await editing;
  }
}, 120_000);
