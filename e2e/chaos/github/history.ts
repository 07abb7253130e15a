/** The rows of the history, found by job. */
import type { Job as Row } from '../../../src-main/contract/job.ts';
import type { Ended } from './load.ts';

export type Named = Pick<Ended, 'id' | 'name' | 'runner'>;

export class History {
  readonly #rows: readonly Row[];
  readonly #byId = new Map<string, Row[]>();
  readonly #byRunner = new Map<string, Row[]>();

  /** One of which GitHub did not say in time what it is stands there by its name and its runner's; `-2` is a second time. */
  constructor(rows: readonly Row[]) {
    this.#rows = rows;
    for (const row of rows) {
      const isNamed = row.id.startsWith('gh-');
      const [index, key] = isNamed
        ? [this.#byId, row.id.replace(/^(gh-\d+)-\d+$/, '$1')]
        : [this.#byRunner, row.runner ?? ''];
      index.set(key, [...(index.get(key) ?? []), row]);
    }
  }

  of({ id, name, runner }: Named): readonly Row[] {
    const unnamed = this.#byRunner.get(runner ?? '') ?? [];
    return [
      ...(this.#byId.get(`gh-${id}`) ?? []),
      ...unnamed.filter((row) => row.name.endsWith(`· ${name}`) || row.name === name),
    ];
  }

  /** Those that are none of these jobs. */
  besides(jobs: readonly Named[]): readonly Row[] {
    const known = new Set(jobs.flatMap((job) => this.of(job)));
    return this.#rows.filter((row) => !known.has(row));
  }
}
