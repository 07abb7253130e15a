/** `window.homerunner` for a page in a plain browser: the real supervisor behind it, over its control socket. */
import type { Page } from 'playwright';
import type { ControlClient } from '../../src-main/adapters/control/client.ts';
import type { StreamArgs, StreamName } from '../../src-main/contract/api.ts';
import { isCommandName } from '../../src-main/contract/commands.ts';
import type { DesktopName, Link } from '../../src-main/contract/desktop.ts';
import { type Answer, problem, type Problem, problemOf } from '../../src-main/contract/problem.ts';
import { connectTo } from './control.ts';
import type { Home } from './product.ts';
import type { UiDesktop } from './ui-desktop.ts';
import type { UiGitHub } from './ui-github.ts';

/** Runs in the page before anything else of it. */
const inPage = `(() => {
  const streams = new Map();
  const links = new Set();
  const navigations = new Set();
  let link = null;
  let next = 1;
  window.__fromTest = (what, id, value) => {
    if (what === 'link') { link = value; for (const fn of links) fn(value); }
    else if (what === 'navigate') for (const fn of navigations) fn(value);
    else if (what === 'item') streams.get(id)?.item(value);
    else if (what === 'end') { const on = streams.get(id); streams.delete(id); on?.end(value); }
  };
  window.homerunner = {
    execute: (name, args) => window.__toTest('execute', name, args),
    desktop: (name, args) => window.__toTest('desktop', name, args),
    subscribe(fn) { links.add(fn); if (link) fn(link); return () => links.delete(fn); },
    stream(name, args, on) {
      const id = next++;
      streams.set(id, on);
      window.__toTest('stream', name, { id, args });
      return () => { streams.delete(id); window.__toTest('cancel', '', { id }); };
    },
    onNavigate(fn) { navigations.add(fn); return () => navigations.delete(fn); },
  };
})();`;

const gone: Problem = {
  code: 'no-supervisor',
  message: 'The connection to the supervisor was lost.',
  hint: 'It is tried again each second.',
};

export class UiBridge {
  readonly #page: Page;
  readonly #home: Home;
  readonly #streams = new Map<number, AbortController>();
  #control: ControlClient | null = null;
  readonly #github: UiGitHub | null;
  #link: Link = { snapshot: null, connected: false, problem: null };
  #closed = false;
  #retry: NodeJS.Timeout | undefined;
  desktop: UiDesktop | null = null;

  constructor(page: Page, home: Home, github: UiGitHub | null = null) {
    this.#page = page;
    this.#home = home;
    this.#github = github;
    github?.onChange(() => void this.#tell('link', 0, this.#shown()));
  }

  get control(): ControlClient | null {
    return this.#control;
  }

  /** Before the page is opened. */
  async install(desktop: UiDesktop): Promise<void> {
    this.desktop = desktop;
    await this.#page.exposeFunction('__toTest', (kind: string, name: string, args: unknown) =>
      this.#asked(kind, name, args),
    );
    await this.#page.addInitScript({ content: inPage });
    // A page that was loaded anew knows nothing yet.
    this.#page.on('domcontentloaded', () => void this.#tell('link', 0, this.#shown()));
    await this.#connect();
  }

  navigate(to: string): Promise<void> {
    return this.#tell('navigate', 0, to);
  }

  /** Shows this link in place of the real one, from now on. */
  async pretend(link: Link): Promise<void> {
    this.#closed = true;
    this.#control?.close();
    this.#link = link;
    await this.#tell('link', 0, link);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    for (const stream of this.#streams.values()) stream.abort();
    this.#control?.close();
  }

  async #connect(): Promise<void> {
    if (this.#closed) return;
    try {
      const control = await connectTo(this.#home);
      this.#control = control;
      control.subscribe((snapshot) => this.#show({ snapshot, connected: true, problem: null }));
      void control.closed.then(() => {
        this.#control = null;
        if (this.#closed) return;
        this.#show({ snapshot: this.#link.snapshot, connected: false, problem: gone });
        this.#again();
      });
    } catch (error) {
      this.#show({ snapshot: this.#link.snapshot, connected: false, problem: problemOf(error) });
      this.#again();
    }
  }

  #again(): void {
    this.#retry = setTimeout(() => void this.#connect(), 500);
  }

  #show(link: Link): void {
    if (this.#closed) return;
    this.#link = link;
    void this.#tell('link', 0, this.#shown());
  }

  /** The link with what is told of GitHub. */
  #shown(): Link {
    const { snapshot } = this.#link;
    return snapshot === null || this.#github === null
      ? this.#link
      : { ...this.#link, snapshot: this.#github.show(snapshot) };
  }

  async #asked(kind: string, name: string, args: unknown): Promise<unknown> {
    if (kind === 'desktop') return this.desktop?.answer(name as DesktopName, args);
    if (kind === 'stream') {
      const { id, args: wanted } = args as { id: number; args: unknown };
      void this.#stream(id, name as StreamName, wanted);
      return null;
    }
    if (kind === 'cancel') {
      this.#streams.get((args as { id: number }).id)?.abort();
      return null;
    }
    return this.#execute(name, args);
  }

  async #execute(name: string, args: unknown): Promise<Answer<unknown>> {
    if (this.#control === null) return { ok: false, problem: gone };
    if (!isCommandName(name))
      return { ok: false, problem: problem('usage', `No command ${name}.`, '').problem };
    const ofGitHub = await this.#github?.answer(name, args);
    if (ofGitHub != null) return ofGitHub;
    try {
      return await this.#control.execute(name, args as never);
    } catch (error) {
      return { ok: false, problem: problemOf(error) };
    }
  }

  async #stream(id: number, name: StreamName, args: unknown): Promise<void> {
    const told = name === 'log' ? this.#github?.log((args as StreamArgs<'log'>).job) : null;
    if (told != null) {
      await this.#tell('item', id, told);
      return this.#tell('end', id, null);
    }
    const abort = new AbortController();
    this.#streams.set(id, abort);
    let end: Problem | null = this.#control === null ? gone : null;
    try {
      if (this.#control !== null)
        for await (const item of this.#control.stream(name, args as never, abort.signal))
          await this.#tell('item', id, item);
    } catch (error) {
      end = problemOf(error);
    }
    this.#streams.delete(id);
    if (!abort.signal.aborted) await this.#tell('end', id, end);
  }

  async #tell(what: string, id: number, value: unknown): Promise<void> {
    const call = `window.__fromTest?.(${JSON.stringify(what)}, ${id}, ${JSON.stringify(value)})`;
    // The page may have gone in between, at the end of a test or while it is loaded anew.
    await this.#page.evaluate(call).catch(() => undefined);
  }
}
