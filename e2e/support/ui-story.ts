/** A machine with a history: jobs that succeeded, failed, were cancelled, run, and wait. All of them real. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ControlClient } from '../../src-main/adapters/control/client.ts';
import type { Job, Submission } from '../../src-main/contract/job.ts';
import { ask, connectTo, submissionOf } from './control.ts';
import { Home, type Running } from './product.ts';
import { remove } from './remove.ts';
import { until } from './until.ts';

const lint = String.raw`
printf '\033[34m$\033[0m npm run lint\n\033[2m> tessera-docs@2.4.0 lint\n> eslint . --max-warnings 0 && vale content\033[0m\n\n'
printf '\033[1m/build/tessera-docs/src/nav.ts\033[0m\n'
printf "  \033[2m18:7\033[0m   \033[33mwarning\033[0m  Unexpected console statement   \033[2mno-console\033[0m\n"
printf "  \033[2m42:11\033[0m  \033[31merror\033[0m    'section' is never reassigned  \033[2mprefer-const\033[0m\n"
printf "  \033[2m57:3\033[0m   \033[31merror\033[0m    Expected === and saw ==        \033[2meqeqeq\033[0m\n\n"
printf '\033[1m/build/tessera-docs/src/search.ts\033[0m\n'
printf "  \033[2m9:15\033[0m   \033[33mwarning\033[0m  'section' is defined but never used\n\n"
printf '\033[1;31m✖ 4 problems (2 errors, 2 warnings)\033[0m\n'
for i in 10 40 70 100; do printf '\rchecked %d %%' $i; sleep 0.1; done
printf '\n\033[35mnpm\033[0m \033[31merror\033[0m code 1\n'
exit 1`;

const work = (seconds: number): string =>
  `for i in $(seq 1 ${seconds * 2}); do echo "compile unit $i of ${seconds * 2}"; head -c 3000000 /dev/urandom | sha256sum >/dev/null; sleep 0.4; done`;

export class Story {
  readonly home: Home;
  readonly #running: Running;
  readonly #control: ControlClient;
  readonly #work = mkdtempSync(path.join(tmpdir(), 'hr-story-'));
  failed = '';
  waiting = '';
  busy = '';

  private constructor(home: Home, running: Running, control: ControlClient) {
    this.home = home;
    this.#running = running;
    this.#control = control;
  }

  static async tell(): Promise<Story> {
    const home = new Home();
    const running = await home.run();
    const control = await connectTo(home);
    const story = new Story(home, running, control);
    const runner = { cores: 0.2, memoryMiB: 256 };
    await ask(control, 'pool.add', {
      id: 'local',
      pool: { ...runner, name: 'This machine', mode: 'manual', min: 2, max: 2 },
    });
    await ask(control, 'pool.add', {
      id: 'nightly',
      pool: { ...runner, name: 'Nightly', mode: 'auto', scaling: 'lazy', weight: 2 },
    });
    await ask(control, 'pool.add', {
      id: 'docs',
      pool: { ...runner, name: 'Docs', mode: 'ephemeral', min: 1, max: 1 },
    });
    await story.#past();
    await story.#present();
    return story;
  }

  async end(): Promise<void> {
    this.#control.close();
    await this.home.cli(['stop', '--now']);
    await this.#running.ended();
    await this.home.dispose();
    await remove(this.#work);
  }

  async #past(): Promise<void> {
    for (const [name, pool] of [
      ['test-unit', 'local'],
      ['flash-sim', 'local'],
      ['terraform-plan', 'docs'],
    ] as const)
      await this.#ended(await this.#submit(this.#script(name, 'echo done; sleep 0.5'), { pool }));
    const failed = await this.#submit(this.#script('lint', lint), { pool: 'docs' });
    this.failed = failed.id;
    await this.#ended(failed);
    const cancelled = await this.#submit(this.#script('nightly-bench', 'sleep 600'), { pool: 'local' });
    await this.#began(cancelled);
    await ask(this.#control, 'job.cancel', { job: cancelled.id });
    await this.#ended(cancelled);
    await this.#ended(await this.#submit(this.#script('test-windows-path', 'exit 101'), { pool: 'local' }));
  }

  async #present(): Promise<void> {
    await ask(this.#control, 'pause', { pool: 'nightly', reason: null, end: { kind: 'indefinite' } });
    const busy = await this.#submit(this.#script('build-stable', work(900), '--arch', 'x64'), {
      pool: 'local',
    });
    this.busy = busy.id;
    await this.#began(busy);
    await this.#began(await this.#submit(this.#script('eval-lora', work(600)), { pool: 'local' }));
    for (let i = 0; i < 3; i += 1) {
      const job = await this.#submit(this.#script('test-integration', 'true', `${i + 1}`), { pool: 'local' });
      this.waiting = job.id;
    }
    await this.#submit(['make', 'nightly-bench'], { pool: 'nightly' });
  }

  /** A program of this name: jobs of the local forge are called by their command. */
  #script(name: string, text: string, ...args: readonly string[]): readonly string[] {
    writeFileSync(path.join(this.#work, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    return [`./${name}`, ...args];
  }

  async #submit(command: readonly string[], more: Partial<Submission>): Promise<Job> {
    return (await ask(this.#control, 'submit', submissionOf(command, this.#work, more))).job;
  }

  #ended(job: Job): Promise<unknown> {
    return until(async () => {
      const { job: now } = await ask(this.#control, 'job.show', { job: job.id });
      return now.endedAt !== null;
    }, `${job.name} has ended`);
  }

  #began(job: Job): Promise<unknown> {
    return until(async () => {
      const { job: now } = await ask(this.#control, 'job.show', { job: job.id });
      return now.state === 'running';
    }, `${job.name} runs`);
  }
}
