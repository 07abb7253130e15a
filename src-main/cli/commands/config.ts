/** config show, path, set, export, import, import-env. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Account } from '../../contract/account.ts';
import { problem, type ProblemError } from '../../contract/problem.ts';
import { changeOf, settingNames } from '../../core/config/set.ts';
import { exit } from '../exit-code.ts';
import { ask, show, withEither } from '../reach.ts';
import type { Call, CommandSpec } from '../spec.ts';
import type { Connected } from '../world.ts';

export const configShow: CommandSpec = {
  name: 'config show',
  positionals: [],
  summary: 'The configuration as it is used.',
  options: [],
  run(call) {
    const { config, problems, file } = call.world.config(call.home);
    for (const found of problems) call.terminal.note(`${found.message} ${found.hint}`);
    if (call.json) call.terminal.json({ file, config, problems });
    else call.terminal.print(JSON.stringify(config, null, 2));
    return Promise.resolve(exit.done);
  },
};

export const configPath: CommandSpec = {
  name: 'config path',
  positionals: [],
  summary: 'Where the configuration file is.',
  options: [],
  run(call) {
    const { file } = call.world.config(call.home);
    return Promise.resolve(show(call, { file }, () => file));
  },
};

export const configImportEnv: CommandSpec = {
  name: 'config import-env',
  positionals: ['FILE'],
  summary: "Make a pool of a file with the predecessor's variables.",
  options: [],
  async run(call) {
    const { pool, account, token, warnings, problems } = await call.world.environment(call.args.at(0));
    for (const sentence of [...warnings, ...problems.map((p) => `${p.message} ${p.hint}`)])
      call.terminal.note(sentence);
    if (pool === null) {
      throw problem(
        'usage',
        `${call.args.at(0)} describes no pool that this version can make.`,
        'See the sentences above.',
      );
    }
    const { id, ...wish } = pool;
    return withEither(call, async (api) => {
      const kept = account === null ? null : await keep(account, token(), call, api);
      const value = await ask(api, 'pool.add', { id, pool: { ...wish, account: kept } });
      return show(call, value, () => `The pool ${value.pool.id} was made.`);
    });
  },
};

/** An account of its own, as the variables will not be there at the next start; its id. */
async function keep(
  { url, apiUrl }: Account,
  token: string | null,
  call: Call,
  api: Connected,
): Promise<string> {
  const { account, notes } = await ask(api, 'account.add', {
    id: null,
    forge: 'github',
    url,
    apiUrl,
    way: token === null ? { kind: 'gh' } : { kind: 'token', token },
  });
  for (const note of notes) call.terminal.note(note);
  call.terminal.note(`Signed in as ${account.login}; the account is called ${account.id}.`);
  return account.id;
}

export const configSet: CommandSpec = {
  name: 'config set',
  positionals: ['FIELD', 'VALUE'],
  summary: 'Change one setting; null takes a limit away.',
  options: [],
  examples: ['homerunner config set reserve.cpuPercent 30', '', 'Fields:', ...settingNames],
  run: (call) =>
    withEither(call, async (api) => {
      const { settings } = await ask(api, 'config.show', {});
      const change = changeOf(settings, call.args.at(0), call.args.at(1));
      const value = await ask(api, 'config.edit', { change });
      return show(call, value, () => [`${call.args.at(0)} is set.`, ...value.notes].join('\n'));
    }),
};

export const configExport: CommandSpec = {
  name: 'config export',
  positionals: ['[FILE]'],
  summary: 'Settings and pools as one text, without secrets.',
  options: [],
  examples: ['homerunner config export > homerunner.json'],
  run: (call) =>
    withEither(call, async (api) => {
      const value = await ask(api, 'config.export', {});
      const [name] = call.args.positionals;
      if (name === undefined) return show(call, value, () => value.text.trimEnd());
      const file = path.resolve(call.terminal.cwd, name);
      write(file, value.text);
      return show(call, { file }, () => `Wrote ${file}.`);
    }),
};

export const configImport: CommandSpec = {
  name: 'config import',
  positionals: ['FILE'],
  summary: 'Replace settings and pools by those of FILE; - reads standard input.',
  options: [],
  run(call) {
    const text = read(call);
    return withEither(call, async (api) => {
      const value = await ask(api, 'config.import', { text });
      return show(call, value, () => ['The configuration is imported.', ...value.notes].join('\n'));
    });
  },
};

function read(call: Call): string {
  const name = call.args.at(0);
  const file = path.resolve(call.terminal.cwd, name);
  try {
    return readFileSync(name === '-' ? 0 : file, 'utf8');
  } catch {
    throw cannot('read', file);
  }
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600 });
  } catch {
    throw cannot('written', file);
  }
}

function cannot(be: 'read' | 'written', file: string): ProblemError {
  const hint = be === 'read' ? 'Check the path.' : 'Choose a folder that exists and is yours.';
  return problem('usage', `The file ${file} cannot be ${be}.`, hint, { subject: file });
}
