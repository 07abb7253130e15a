/** GitHub as the window sees it: what a supervisor with accounts and pools there tells and answers, without any GitHub. */
import type { AccountView } from '../../src-main/contract/account.ts';
import type { StreamItems } from '../../src-main/contract/api.ts';
import type {
  Adoption,
  CommandArgs,
  CommandName,
  CommandResults,
  Light,
  ScopeOffer,
} from '../../src-main/contract/commands.ts';
import type { PoolEdit } from '../../src-main/contract/pool.ts';
import { type Answer, type Problem, problem, problemOf } from '../../src-main/contract/problem.ts';
import type { ForeignAgent, Snapshot } from '../../src-main/contract/snapshot.ts';
import {
  accounts,
  agents,
  foreign,
  jobs,
  logOf,
  pools,
  poolSettings,
  runners,
  waiting,
} from './ui-github-story.ts';

type Answers = {
  readonly [K in CommandName]?: (
    args: CommandArgs<K>,
  ) => CommandResults[K] | null | Promise<CommandResults[K] | null>;
};

const offers: readonly ScopeOffer[] = [
  { scope: 'mira-holt/*', kind: 'repositories', isPublic: false, admin: true },
  { scope: 'harborline', kind: 'organisation', isPublic: false, admin: true },
  { scope: 'harborline/tessera', kind: 'repository', isPublic: false, admin: true },
  { scope: 'harborline/tessera-docs', kind: 'repository', isPublic: true, admin: true },
  { scope: 'harborline/tessera-firmware', kind: 'repository', isPublic: false, admin: true },
  { scope: 'mira-holt/dotfiles', kind: 'repository', isPublic: true, admin: true },
  { scope: 'mira-holt/weather-station', kind: 'repository', isPublic: false, admin: true },
  { scope: 'northwind/shared-workflows', kind: 'repository', isPublic: false, admin: false },
];

const unreadLabels: Problem = {
  ...{ code: 'forbidden', message: 'The token of mira-ci may not list runners.', hint: 'Grant it repo.' },
};

const okLight = (name: string, message: string): Light => ({
  ...{ name, ok: true, message, hint: null, link: null, blocks: false },
});
const forks: Light = {
  ...{ name: 'fork-pull-requests', ok: false, blocks: false },
  message: 'Workflows of outside collaborators run without approval.',
  hint: 'Ask for approval of all outside collaborators in the settings of the repository.',
  link: 'https://github.com/harborline/tessera/settings/actions',
};

export class UiGitHub {
  /** What was asked of it, in order. */
  readonly asked: { readonly name: CommandName; readonly args: unknown }[] = [];
  accounts: readonly AccountView[] = accounts();
  offers: readonly ScopeOffer[] = offers;
  /** What `account.scopes` and `pool.try` fail with; null: they do not. */
  refusal: Problem | null = null;
  /** What the checks of a pool wait for. */
  checked: Promise<void> = Promise.resolve();
  /** What sign-in by a code waits for. */
  typed: Promise<void> = Promise.resolve();
  /** By how many accounts an agent of others can be taken over. */
  adopters = 1;
  /** An account that was added is told of only after that was answered, as a supervisor may do. */
  tellsLate = false;
  /** The agents that run were stopped by their owner. */
  stopped = false;
  /** Begins with nothing at GitHub: no account, no pool. */
  empty = false;
  #foreign = foreign();
  #work = [
    {
      ...{ id: 'agent', title: 'Runner 2.331.0 for Linux x64', done: 118_000_000, total: 176_000_000 },
      cancellable: true,
    },
    {
      ...{ id: 'unpack', title: 'Unpacking runner 2.331.0 for Linux arm64', done: 21_000_000, total: null },
      cancellable: false,
    },
  ];
  #changed: () => void = () => undefined;

  /** Calls `fn` when what is told has changed. */
  onChange(fn: () => void): void {
    this.#changed = fn;
  }

  askedOf<K extends CommandName>(name: K): CommandArgs<K>[] {
    return this.asked.flatMap((one) => (one.name === name ? [one.args as CommandArgs<K>] : []));
  }

  /** What the supervisor would tell, GitHub included. */
  show(snapshot: Snapshot): Snapshot {
    if (this.empty) return { ...snapshot, accounts: this.accounts };
    const now = snapshot.at;
    return {
      ...snapshot,
      accounts: this.accounts,
      pools: [...pools(), ...snapshot.pools],
      runners: [...runners(now), ...snapshot.runners],
      waiting: [...waiting(now), ...snapshot.waiting],
      waitingTotal: snapshot.waitingTotal + waiting(now).length,
      jobs: [...jobs(now), ...snapshot.jobs],
      foreign: this.#foreign,
      work: this.#work,
      dataAge: { ...snapshot.dataAge, github: 4 },
    };
  }

  /** Answers what is about GitHub; null: that is the real supervisor's. */
  async answer(name: CommandName, args: unknown): Promise<Answer<unknown> | null> {
    const answer = this.#answers[name] as ((args: unknown) => unknown) | undefined;
    if (answer === undefined) return null;
    try {
      const value = await answer(args);
      if (value === null) return null;
      this.asked.push({ name, args });
      return { ok: true, value };
    } catch (error) {
      this.asked.push({ name, args });
      return { ok: false, problem: problemOf(error) };
    }
  }

  /** The log of a job of GitHub; null: it is none. */
  log(job: string | null): StreamItems['log'] | null {
    if (this.empty) return null;
    const text = job === null ? null : logOf(job);
    if (text === null) return null;
    const bytes = Buffer.from(text);
    return { data: bytes.toString('base64'), cursor: bytes.length, skipped: 0 };
  }

  readonly #answers: Answers = {
    'account.ways': ({ url }) => ({
      gh: url === null ? 'mira-holt' : null,
      device: 'oauth-app',
      tokenPages: {
        repositories: `${url ?? 'https://github.com'}/settings/tokens/new?scopes=repo,read:org`,
        organisations: `${url ?? 'https://github.com'}/settings/tokens/new?scopes=repo,admin:org`,
      },
    }),
    'account.begin': () => ({
      ...{ id: 's1', code: 'WDJB-MJHT', page: 'https://github.com/login/device' },
      expiresAt: Date.now() + 899_000,
    }),
    'account.add': async ({ way }) => {
      if (way.kind === 'device') await this.typed;
      if (way.kind === 'token' && way.token === 'weak')
        throw problem(
          'forbidden',
          'This token may not register runners: it has no scope `repo`.',
          'Make one with the scope `repo`, or a fine-grained one with Administration: write.',
          { link: 'https://github.com/settings/tokens' },
        );
      const account: AccountView = { ...accounts()[0], id: 'new', kind: way.kind, login: 'mira-holt' };
      const told = [...this.accounts.filter((one) => one.id !== 'new'), account];
      const tell = (): void => {
        this.accounts = told;
        this.#changed();
      };
      if (this.tellsLate) setTimeout(tell, 500);
      else tell();
      return { account, notes: [] };
    },
    'account.remove': ({ account }) => {
      this.accounts = this.accounts.filter((one) => one.id !== account);
      this.#changed();
      return { notes: ['The token stays valid at github.com until it is revoked there.'] };
    },
    'account.scopes': () => {
      this.#mayRefuse();
      return { scopes: this.offers };
    },
    'pool.try': async ({ pool }) => {
      if (pool.forge !== 'github') return null;
      await this.checked;
      this.#mayRefuse();
      return { pool: poolSettings(pool), lights: this.#lights(pool) };
    },
    'pool.check': ({ pool }) => {
      if (!this.#isOurs(pool)) return null;
      this.#mayRefuse();
      return { lights: this.#lights({}) };
    },
    'pool.snippet': ({ pool }) => (this.#isOurs(pool) ? { workflow: 'on: push\n' } : null),
    'pool.show': ({ pool }) => (this.#isOurs(pool) ? { pool: poolSettings({}, pool) } : null),
    'pool.add': ({ pool }) => (pool.forge === 'github' ? { pool: poolSettings(pool), notes: [] } : null),
    'pool.edit': ({ pool, change }) =>
      this.#isOurs(pool) ? { pool: poolSettings(change, pool), notes: [] } : null,
    'runner.remove': ({ runner }) => {
      if (!this.#foreign.some((one) => one.name === runner)) return null;
      this.#foreign = this.#foreign.filter((one) => one.name !== runner);
      this.#changed();
      return { message: `${runner} is removed at GitHub.` };
    },
    'runner.adoption': ({ folder }) => {
      const agent = this.#agentIn(folder);
      if (agent === null) return null;
      const { pathname } = new URL(agent.url);
      const choices: Adoption['choices'] = [
        {
          ...{ account: 'mira-holt', labels: ['big-disk', 'cuda'], unread: null },
          pools: agent.name === 'den-tessera' ? ['tessera'] : [],
        },
        { account: 'ci', pools: [], labels: null, unread: unreadLabels },
      ];
      return { agent, scope: pathname.slice(1), choices: choices.slice(0, this.adopters) };
    },
    'runner.adopt': ({ folder, pool, account }) => {
      const agent = this.#agentIn(folder);
      if (agent === null) return null;
      if (agent.running)
        throw problem(
          'refused-by-policy',
          `The runner ${agent.name} in ${folder} runs, and may be at a job.`,
          'Stop it.',
        );
      const edit = { scope: new URL(agent.url).pathname.slice(1), account: account ?? '' };
      return {
        ...{
          pool: poolSettings(pool === null ? { ...edit, name: 'Legacy' } : edit, pool ?? 'legacy'),
          made: pool === null,
          agent,
        },
        ...{ labels: ['big-disk', 'cuda'], notes: ['Left out, as runners here cannot have them: arm64.'] },
      };
    },
    'work.cancel': () => {
      this.#work = [];
      this.#changed();
      return { cancelled: true };
    },
    'job.again': ({ job }) => {
      const found = jobs(Date.now()).find((one) => one.id === job);
      return found === undefined ? null : { job: found, notes: ['GitHub queues its failed jobs again.'] };
    },
  };

  #agentIn(folder: string): ForeignAgent | null {
    const agent = Object.values(agents).find((one) => one.folder === folder);
    if (agent === undefined || this.empty) return null;
    return this.stopped ? { ...agent, running: false } : agent;
  }

  #mayRefuse(): void {
    if (this.refusal !== null)
      throw problem(this.refusal.code, this.refusal.message, this.refusal.hint, this.refusal);
  }

  #isOurs(pool: string): boolean {
    return !this.empty && pools().some((one) => one.id === pool);
  }

  #lights(pool: PoolEdit): Light[] {
    const isPublic = offers.some((offer) => offer.scope === pool.scope && offer.isPublic);
    const refused: Light = {
      name: 'public',
      ok: false,
      message: 'It is public: anyone who can open a pull request there could run code on this machine.',
      hint: 'Make the pool ephemeral and isolated, and confirm it above; or make the repository private.',
      link: 'https://github.com/harborline/tessera-docs/settings',
      blocks: true,
    };
    return [
      okLight('permission', 'mira-holt has admin rights there.'),
      ...(pool.scope === 'mira-holt/weather-station' ? [] : [forks]),
      isPublic ? refused : okLight('public', 'It is private; it is looked at again every hour.'),
      okLight('pull-request-target', 'No workflow uses it; 14 files were read.'),
      okLight('self-hosted', 'The default runner group takes them.'),
      okLight('runner-version', 'Version 2.331.0 is the newest.'),
    ];
  }
}
