/** What the window asks of the desktop itself, one function a word of contract/desktop.ts. */
import { mkdirSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BrowserWindow, clipboard, dialog, shell } from 'electron';
import * as v from 'valibot';
import {
  type DesktopArgs,
  type DesktopName,
  type DesktopResults,
  desktopSchemas,
  type DesktopState,
} from '../contract/desktop.ts';
import { problem, ProblemError } from '../contract/problem.ts';
import type { Preferences } from '../contract/desktop.ts';
import type { Log } from '../core/ports.ts';
import type { Autostart } from './autostart.ts';
import { type Addresses, addressOf, pageAddress, safeAddress } from './links.ts';
import type { Quit } from './quit.ts';
import { sampleJob } from './sample.ts';
import { saveLog } from './saved-log.ts';
import type { SecretsFile } from './secrets.ts';
import type { Supervision } from './supervision.ts';

export interface AnswersWish {
  readonly supervision: Supervision;
  readonly secrets: SecretsFile;
  readonly autostart: Autostart;
  readonly quit: Quit;
  readonly log: Log;
  readonly places: { readonly home: string; readonly logs: string; readonly desktop: string };
  readonly addresses: Addresses;
  readonly platform: NodeJS.Platform;
  readonly window: () => BrowserWindow | null;
  readonly state: () => Promise<DesktopState>;
  readonly changePreferences: (change: Partial<Preferences>) => void;
}

type Answers = {
  readonly [K in DesktopName]: (args: DesktopArgs<K>) => Promise<DesktopResults[K]> | DesktopResults[K];
};

/** The longest text that may be opened: that of a configuration. */
const longestText = 512 * 1024;
/** Errors of a page that are logged; a page that does nothing else fills no disk. */
const mostErrors = 200;

/** Answers by name; throws a Problem for what is wrong. */
export function answersOf(wish: AnswersWish): (name: string, args: unknown) => Promise<unknown> {
  const answers = { ...stateAnswers(wish), ...fileAnswers(wish), ...otherAnswers(wish) };
  return async (name, args): Promise<unknown> => {
    if (!isDesktopName(name)) throw problem('usage', 'There is no such word.', 'See the contract.');
    const parsed = v.safeParse(desktopSchemas[name], args ?? {});
    if (!parsed.success) throw problem('usage', `${name}: ${parsed.issues[0].message}.`, 'See the contract.');
    // Schema and function have the same name, which is more than the types can tell.
    return await (answers[name] as (args: unknown) => unknown)(parsed.output);
  };
}

function isDesktopName(name: string): name is DesktopName {
  return Object.hasOwn(desktopSchemas, name);
}

type StateNames = 'state' | 'preferences.change' | 'autostart.change' | 'secret.set' | 'secret.remove';

function stateAnswers(wish: AnswersWish): Pick<Answers, StateNames> {
  const { state, secrets, autostart } = wish;
  return {
    state,
    'preferences.change': ({ change }) => {
      wish.changePreferences(definedOf(change));
      return state();
    },
    'autostart.change': ({ on }) => {
      autostart.change(on);
      return state();
    },
    'secret.set': async ({ name, value }) => {
      await secrets.set(name, value);
      return state();
    },
    'secret.remove': ({ name }) => {
      secrets.remove(name);
      return state();
    },
  };
}

/** A field that was given as undefined was not given. */
function definedOf(change: Partial<Record<keyof Preferences, unknown>>): Partial<Preferences> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

type FileNames = 'open.folder' | 'choose.folder' | 'save.text' | 'save.log' | 'open.text';

function fileAnswers({ places, supervision, window }: AnswersWish): Pick<Answers, FileNames> {
  const save = async (name: string): Promise<string | null> => {
    const { filePath, canceled } = await dialog.showSaveDialog(ownerOf(window), { defaultPath: name });
    return canceled || filePath === '' ? null : filePath;
  };
  const choose = async (properties: ('openFile' | 'openDirectory')[]): Promise<string | null> => {
    const { filePaths, canceled } = await dialog.showOpenDialog(ownerOf(window), { properties });
    return canceled ? null : (filePaths[0] ?? null);
  };
  return {
    'open.folder': async ({ what }) => {
      const failure = await shell.openPath(what === 'logs' ? places.logs : places.home);
      if (failure !== '')
        throw problem('not-found', `The folder cannot be opened: ${failure}`, 'Open it by hand.');
      return null;
    },
    'choose.folder': async () => ({ dir: await choose(['openDirectory']) }),
    'save.text': async ({ name, text }) => {
      const file = await save(name);
      if (file !== null) await writing(file, () => writeFile(file, text, { mode: 0o600 }));
      return { file };
    },
    'save.log': async ({ job }) => {
      const file = await save(`${job.replaceAll(/[^\w.-]/g, '_').slice(0, 80)}.log`);
      if (file !== null) await writing(file, () => saveLog(supervision, job, file));
      return { file };
    },
    'open.text': async () => {
      const file = await choose(['openFile']);
      return { text: file === null ? null : await textOf(file) };
    },
  };
}

function ownerOf(window: () => BrowserWindow | null): BrowserWindow {
  const owner = window();
  if (owner === null) throw problem('unexpected', 'The window has gone.', 'Open it again.');
  return owner;
}

async function writing(file: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (thrown) {
    if (thrown instanceof ProblemError) throw thrown;
    throw problem('forbidden', `The file ${file} cannot be written.`, 'Choose another folder.', {
      subject: file,
    });
  }
}

async function textOf(file: string): Promise<string> {
  const subject = { subject: file };
  try {
    const { size } = await stat(file);
    if (size <= longestText) return await readFile(file, 'utf8');
  } catch {
    throw problem('not-found', `The file ${file} cannot be read.`, 'Choose another one.', subject);
  }
  throw problem(
    'usage',
    `The file ${file} is longer than a configuration can be.`,
    'Choose another one.',
    subject,
  );
}

type OtherNames = Exclude<DesktopName, StateNames | FileNames>;

function otherAnswers(wish: AnswersWish): Pick<Answers, OtherNames> {
  const { supervision, places, platform } = wish;
  let errors = 0;
  return {
    'open.link': async ({ link }) => {
      await shell.openExternal(addressOf(link, wish.addresses));
      return null;
    },
    'open.job': async ({ job }) => {
      const found = await supervision.execute('job.show', { job });
      if (!found.ok) throw new ProblemError(found.problem);
      await shell.openExternal(safeAddress(found.value.job.url));
      return null;
    },
    'open.page': async ({ url }) => {
      await shell.openExternal(pageAddress(url, supervision.link.snapshot?.accounts ?? []));
      return null;
    },
    copy: ({ text }) => {
      void clipboard.writeText(text);
      return null;
    },
    sample: async ({ pool }) => {
      const folder = join(places.desktop, 'sample');
      mkdirSync(folder, { recursive: true });
      const submitted = await supervision.execute('submit', sampleJob(platform, folder, pool));
      if (submitted.ok) return submitted.value;
      throw new ProblemError(submitted.problem);
    },
    'supervisor.start': () => {
      supervision.start();
      return null;
    },
    'window.close': () => {
      wish.window()?.close();
      return null;
    },
    quit: async ({ how }) => ({ quitting: await wish.quit.request(how) }),
    'log.error': ({ message }) => {
      errors += 1;
      if (errors <= mostErrors) wish.log.error('The window reports an error.', { error: message });
      return null;
    },
  };
}
