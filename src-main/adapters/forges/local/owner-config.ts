/** What a job's checkout takes over from the configuration of the owner's repository: how files look, and where they come from. */
import { isAbsolute, join, resolve } from 'node:path';
import { type Git, gitText, withoutCredentials } from '../../os/git.ts';
import { exists } from './files.ts';
import { stampOf } from './repository.ts';

export type Settings = ReadonlyMap<string, string>;

/** The local settings of a repository by lower-case key; read again when its file has changed. */
export type ReadSettings = (commonDir: string) => Promise<Settings>;

export function settingsReader(git: Git): ReadSettings {
  const known = new Map<string, { readonly stamp: string; readonly settings: Settings }>();
  return async (commonDir) => {
    const stamp = await stampOf(join(commonDir, 'config'));
    const before = known.get(commonDir);
    if (before?.stamp === stamp && stamp !== '') return before.settings;
    const args = ['config', '--local', '--includes', '--null', '--list'];
    const settings = parse(await gitText(git, { gitDir: commonDir }, args));
    if (known.size > 1000) known.clear();
    known.set(commonDir, { stamp, settings });
    return settings;
  };
}

function parse(text: string): Settings {
  return new Map(
    text
      .split('\0')
      .filter((entry) => entry !== '')
      .map((entry): [string, string] => {
        const end = entry.indexOf('\n');
        return end < 0 ? [entry, 'true'] : [entry.slice(0, end), entry.slice(end + 1)];
      }),
  );
}

/** How files are written to disk and read back. */
const fileSettings = [
  'core.autocrlf',
  'core.eol',
  'core.safecrlf',
  'core.symlinks',
  'core.ignorecase',
  'core.filemode',
  'core.precomposeunicode',
  'core.longpaths',
  'core.attributesfile',
  'filter.lfs.clean',
  'filter.lfs.smudge',
  'filter.lfs.process',
  'filter.lfs.required',
];

/** Settings for which Git LFS is as if it were not there. */
export const withoutLfs: readonly [string, string][] = [
  ['filter.lfs.clean', ''],
  ['filter.lfs.smudge', ''],
  ['filter.lfs.process', ''],
  ['filter.lfs.required', 'false'],
];

export interface CheckoutOptions {
  readonly commonDir: string;
  readonly root: string | null;
  readonly hasLfs: boolean;
}

/** The text of the configuration of a checkout of that repository. */
export async function checkoutConfig(
  settings: Settings,
  { commonDir, root, hasLfs }: CheckoutOptions,
): Promise<string> {
  const lines: [string, string][] = [
    ['core.bare', 'false'],
    ['core.logallrefupdates', 'true'],
    ['core.fsmonitor', 'false'],
    ['gc.auto', '0'],
    ['remote.origin.url', originOf(settings, root ?? commonDir)],
    ['remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*'],
  ];
  for (const key of fileSettings) {
    const value = settings.get(key);
    if (value !== undefined) lines.push([key, value]);
  }
  const extensions = extensionsOf(settings);
  lines.push(['core.repositoryformatversion', extensions.length > 0 ? '1' : '0'], ...extensions);
  if (!hasLfs) {
    // Without the program, settings that name it would fail the whole checkout: pointers are left instead.
    lines.push(...withoutLfs);
  } else if (await exists(join(commonDir, 'lfs'))) lines.push(['lfs.storage', join(commonDir, 'lfs')]);
  return lines.map(([key, value]) => section(key, value)).join('');
}

/** Repositories of another hash, and partial clones, which fetch what is missing. */
function extensionsOf(settings: Settings): [string, string][] {
  const lines: [string, string][] = [];
  const format = settings.get('extensions.objectformat');
  if (format !== undefined) lines.push(['extensions.objectformat', format]);
  const promisor = settings.get('extensions.partialclone');
  if (promisor !== undefined) {
    lines.push(['extensions.partialclone', 'origin'], ['remote.origin.promisor', 'true']);
    const filter = settings.get(`remote.${promisor}.partialclonefilter`);
    if (filter !== undefined) lines.push(['remote.origin.partialclonefilter', filter]);
  }
  return lines;
}

/** The address of the owner's `origin` without credentials; where there is none, the owner's repository itself. */
function originOf(settings: Settings, home: string): string {
  const url = settings.get('remote.origin.url');
  if (url === undefined) return home;
  const isPath = !/^[a-z][a-z0-9+.-]*:\/\//i.test(url) && !/^[^/\\]+:/.test(url);
  if (!isPath) return withoutCredentials(url);
  return isAbsolute(url) ? url : resolve(home, url);
}

/** One setting as git writes it: `a.b.c` is the key c of the section a "b". */
export function section(key: string, value: string): string {
  const first = key.indexOf('.');
  const last = key.lastIndexOf('.');
  const name = key.slice(0, first);
  const sub = first === last ? '' : ` ${quoted(key.slice(first + 1, last))}`;
  return `[${name}${sub}]\n\t${key.slice(last + 1)} = ${quoted(value).replaceAll('\n', '\\n').replaceAll('\t', '\\t')}\n`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
