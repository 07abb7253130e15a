/**
 * The secrets of accounts where there is no desktop: in the keyring, given from outside (a variable, a file, a systemd
 * credential), else in memory. Jobs name their secrets in another space, so that none can ask for one of these.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account, AccountView } from '../../contract/account.ts';
import { problem, problemOf } from '../../contract/problem.ts';
import type { AccountSecrets } from '../../core/ports.ts';
import { run, type RunResult } from '../os/exec.ts';

export interface AccountSecretsOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How long the keyring may take, in milliseconds; it may be waiting for somebody to unlock it. Default 5000. */
  readonly timeoutMs?: number;
}

const variableOf = (account: string): string =>
  `HOMERUNNER_ACCOUNT_${account.toUpperCase().replaceAll('-', '_')}`;

/**
 * Looks in this order: what was set in this process, HOMERUNNER_ACCOUNT_<ID>, the file that HOMERUNNER_ACCOUNT_<ID>_FILE
 * names, $CREDENTIALS_DIRECTORY/homerunner-account-<id>, the keyring. In variables the id stands in upper case with _ for -.
 */
export function headlessAccountSecrets({ env, timeoutMs = 5000 }: AccountSecretsOptions): AccountSecrets {
  const memory = new Map<string, string>();
  /** Those that were given from outside when they were last asked for. */
  const given = new Set<string>();
  /** Those of which nothing was found. */
  const missing = new Set<string>();
  const keyring = (what: Verb, account: string, input?: string) =>
    askKeyring(what, account, { env, timeoutMs, ...(input !== undefined && { input }) });
  return {
    async get(account) {
      const held = memory.get(account);
      if (held !== undefined) return held;
      const outside = await fromOutside(env, account);
      if (outside !== null) {
        given.add(account);
        return outside;
      }
      given.delete(account);
      missing.delete(account);
      const kept = found(await keyring('lookup', account), account);
      if (kept !== null) return kept;
      // A look-up says "none" of what is locked, too; a search names such entries, without their secrets.
      const entries = await keyring('search', account);
      if (entries !== null && entries.stdout.trim() !== '') throw unreachable(account, 'is locked');
      missing.add(account);
      return null;
    },
    async set(account, secret) {
      missing.delete(account);
      const stored = await keyring('store', account, secret);
      if (stored?.code === 0) {
        memory.delete(account);
        return 'keyring';
      }
      memory.set(account, secret);
      return 'memory';
    },
    async lasts() {
      const answer = await keyring('search', 'none');
      return answer !== null && !answer.timedOut && answer.code <= 1 && answer.stderr.trim() === '';
    },
    async remove(account) {
      memory.delete(account);
      await keyring('clear', account);
    },
    placeOf(account) {
      if (isElsewhere(account) || given.has(account.id)) return 'elsewhere';
      if (memory.has(account.id)) return 'memory';
      return missing.has(account.id) ? 'nowhere' : 'keyring';
    },
  };
}

const isElsewhere = ({ kind }: Pick<Account, 'kind'>): boolean => kind === 'gh' || kind === 'environment';

async function fromOutside(env: AccountSecretsOptions['env'], account: string): Promise<string | null> {
  const variable = variableOf(account);
  const value = env[variable] ?? '';
  if (value !== '') return value;
  const file = env[`${variable}_FILE`] ?? '';
  if (file !== '') {
    // The path is not repeated: who confuses the two variables has put the secret itself there.
    const text = await readSecret(file, `The file that ${variable}_FILE names`);
    if (text === null) throw unreadable(`The file that ${variable}_FILE names`, 'it does not exist');
    return text;
  }
  const folder = env['CREDENTIALS_DIRECTORY'] ?? '';
  const name = `homerunner-account-${account}`;
  return folder === '' ? null : readSecret(join(folder, name), `The credential ${name}`);
}

/** What a file holds, without a line feed at its end; null where there is none. */
async function readSecret(file: string, what: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown error';
    if (code === 'ENOENT') return null;
    throw unreadable(what, code);
  }
}

function unreadable(what: string, why: string) {
  return problem(
    'unauthorized',
    `${what} cannot be read (${why}).`,
    'Check the path, and that you may read it.',
  );
}

type Verb = 'store' | 'lookup' | 'clear' | 'search';

/** Null where there is no keyring's program. The secret goes in by standard input, never by an argument. */
async function askKeyring(
  what: Verb,
  account: string,
  { env, timeoutMs, input }: { readonly input?: string } & Required<AccountSecretsOptions>,
): Promise<RunResult | null> {
  const visible = Object.entries(env).filter(([key]) => !key.startsWith('HOMERUNNER_'));
  const label = what === 'store' ? [`--label=Homerunner account ${account}`] : [];
  const args = [what, ...label, 'service', 'homerunner', 'account', account];
  try {
    return await run('secret-tool', args, {
      timeoutMs,
      env: Object.fromEntries(visible),
      ...(input !== undefined && { input }),
    });
  } catch (thrown) {
    if (problemOf(thrown).code === 'tool-missing') return null;
    throw thrown;
  }
}

/** The answer of a look-up: 1 and no words mean that there is none. */
function found(answer: RunResult | null, account: string): string | null {
  if (answer === null) return null;
  if (answer.code === 0 && answer.stdout !== '') return answer.stdout;
  if (!answer.timedOut && answer.code <= 1 && answer.stderr.trim() === '') return null;
  throw unreachable(account, answer.timedOut ? 'did not answer in time' : 'cannot be reached');
}

function unreachable(account: string, why: string) {
  return problem(
    'no-keyring',
    `The secret of the account ${account} cannot be read: the keyring ${why}.`,
    `Unlock the keyring, add the account again, or name a file with the token in ${variableOf(account)}_FILE at the start.`,
    { subject: account },
  );
}

/** A file of ciphertexts whose key is in the desktop's keyring, as far as accounts need it. */
export interface SecretsFileLike {
  get(name: string): Promise<string | null>;
  /** Keeps it in memory where no keyring answers. */
  set(name: string, value: string): Promise<void>;
  remove(name: string): void;
  state(): Promise<{ readonly backend: string | null }>;
}

/** The secrets of accounts on a desktop, in a file of their own: jobs' secrets are in another, so none can name these. */
export function keyringAccounts(file: SecretsFileLike): AccountSecrets {
  const inMemory = new Set<string>();
  /** Those of which nothing was found. */
  const missing = new Set<string>();
  return {
    async get(account) {
      const secret = await file.get(account);
      if (secret === null) missing.add(account);
      else missing.delete(account);
      return secret;
    },
    async set(account, secret) {
      missing.delete(account);
      const before = await file.state();
      await file.set(account, secret);
      if (before.backend === null) inMemory.add(account);
      else inMemory.delete(account);
      return before.backend === null ? 'memory' : 'keyring';
    },
    lasts: async () => (await file.state()).backend !== null,
    remove(account) {
      inMemory.delete(account);
      file.remove(account);
      return Promise.resolve();
    },
    placeOf(account): AccountView['kept'] {
      if (isElsewhere(account)) return 'elsewhere';
      if (inMemory.has(account.id)) return 'memory';
      return missing.has(account.id) ? 'nowhere' : 'keyring';
    },
  };
}
