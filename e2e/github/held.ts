/** Jobs at the double that go on until a test lets them end, and homes for so many of them at once. */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Home } from '../support/product.ts';
import type { GitHubSite } from './site.ts';

export class Held {
  readonly #site: GitHubSite;

  constructor(site: GitHubSite) {
    this.#site = site;
  }

  /** A job, or a matrix of `count`, that ends when `release` is called with this name. The answer are its ids. */
  queue(
    name: string,
    labels: readonly string[],
    more: { repository?: string; count?: number } = {},
  ): number[] {
    const sign = this.#sign(name);
    const script = `while [ ! -e '${sign}' ]; do sleep 0.05; done`;
    return this.#site.github.queueJob({ repository: 'ann/tools', labels, name, script, ...more });
  }

  release(...names: readonly string[]): void {
    for (const name of names) writeFileSync(this.#sign(name), '');
  }

  /** How many of these jobs a worker does now, by the double. */
  running(ids: readonly number[]): number {
    const { github } = this.#site;
    return ids.filter((id) => github.job(id).status === 'in_progress' && github.jobRuns.has(id)).length;
  }

  #sign(name: string): string {
    return path.join(this.#site.home.path, `${name}.sign`);
  }
}

/** This many runners at once, whatever the machine has; to be called before the first start. */
export function allow(home: Home, slots: number, more: object = {}): void {
  const file = path.join(home.path, 'config.json');
  if (existsSync(file)) throw new Error('the home has a configuration already');
  const config = { version: 1, capacity: { slots }, diskReserveGiB: 0, ...more };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
}
