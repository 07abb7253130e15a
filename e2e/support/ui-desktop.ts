/** The desktop around the window, as far as a test needs one: it keeps preferences and writes down what it was asked. */
import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import type {
  DesktopArgs,
  DesktopName,
  DesktopResults,
  DesktopState,
} from '../../src-main/contract/desktop.ts';
import { type Answer, problem, problemOf } from '../../src-main/contract/problem.ts';
import type { ControlClient } from '../../src-main/adapters/control/client.ts';
import { sampleJob } from '../../src-main/desktop/sample.ts';
import { ask } from './control.ts';

export type Asked = { readonly [K in DesktopName]: { name: K; args: DesktopArgs<K> } }[DesktopName];

const first: DesktopState = {
  preferences: {
    theme: 'system',
    language: null,
    density: 'normal',
    notifications: { needsYou: true, jobFailed: false, jobFinished: false },
    welcomed: false,
    dismissed: [],
  },
  language: 'en',
  autostart: { on: false, reason: null },
  tray: true,
  keyring: { backend: 'GNOME Keyring', problem: null, secrets: [] },
  home: '/home/you/.local/share/homerunner',
  versions: { homerunner: '0.1.0', electron: '45.4.1', chromium: '150.0.0', node: '24.0.0' },
  platform: 'linux',
  licences: [
    { name: 'svelte', version: '5.57.3', licence: 'MIT' },
    { name: 'valibot', version: '1.5.0', licence: 'MIT' },
  ],
};

export class UiDesktop {
  state: DesktopState;
  readonly asked: Asked[] = [];
  /** What "open" would give: the text of a file. */
  opens: string | null = null;
  /** Pages outside are refused, as those are that lead to no forge that is known. */
  refusesPages = false;
  readonly #work: string;
  readonly #control: () => ControlClient | null;

  constructor(work: string, control: () => ControlClient | null, state: Partial<DesktopState> = {}) {
    this.#work = work;
    this.#control = control;
    this.state = { ...first, ...state };
  }

  /** The arguments of what was asked by this name. */
  askedOf<K extends DesktopName>(name: K): DesktopArgs<K>[] {
    return this.asked.flatMap((one) => (one.name === name ? [one.args as DesktopArgs<K>] : []));
  }

  async answer(name: DesktopName, args: unknown): Promise<Answer<unknown>> {
    this.asked.push({ name, args } as Asked);
    try {
      return { ok: true, value: await this.#do(name, args) };
    } catch (error) {
      return { ok: false, problem: problemOf(error) };
    }
  }

  async #do(name: DesktopName, args: unknown): Promise<DesktopResults[DesktopName]> {
    switch (name) {
      case 'state':
        return this.state;
      case 'preferences.change': {
        const { change } = args as DesktopArgs<'preferences.change'>;
        const named = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
        const preferences = { ...this.state.preferences, ...named };
        return this.#become({ preferences, language: preferences.language ?? 'en' });
      }
      case 'autostart.change':
        return this.#become({
          autostart: { on: (args as DesktopArgs<'autostart.change'>).on, reason: null },
        });
      case 'secret.set': {
        const secrets = [...this.state.keyring.secrets, (args as DesktopArgs<'secret.set'>).name];
        return this.#become({ keyring: { ...this.state.keyring, secrets } });
      }
      case 'secret.remove': {
        const gone = (args as DesktopArgs<'secret.remove'>).name;
        const secrets = this.state.keyring.secrets.filter((secret) => secret !== gone);
        return this.#become({ keyring: { ...this.state.keyring, secrets } });
      }
      case 'sample': {
        const control = this.#control();
        if (control === null) throw new Error('no supervisor');
        const dir = mkdtempSync(path.join(this.#work, 'sample-'));
        const { pool } = args as DesktopArgs<'sample'>;
        return ask(control, 'submit', sampleJob(process.platform, dir, pool));
      }
      case 'save.text':
      case 'save.log':
        return { file: '/home/you/saved.txt' };
      case 'choose.folder':
        return { dir: this.#work };
      case 'open.text':
        return { text: this.opens };
      case 'open.page':
        if (!this.refusesPages) return null;
        throw problem('forbidden', 'This page is not opened from here.', 'Copy the address.');
      case 'quit':
        return { quitting: true };
      default:
        return null;
    }
  }

  #become(change: Partial<DesktopState>): DesktopState {
    this.state = { ...this.state, ...change };
    return this.state;
  }
}
