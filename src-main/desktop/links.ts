/** The pages outside that may be opened: named by us, by the package, or by a job's forge; always over https. */
import type { links } from '../contract/desktop.ts';
import { problem } from '../contract/problem.ts';

/** Of package.json. */
export interface Addresses {
  readonly homepage?: string;
  readonly bugs?: { readonly url?: string };
}

const trayHelp = 'https://extensions.gnome.org/extension/615/appindicator-support/';

/** The address of a named page; throws where this build has none. */
export function addressOf(link: (typeof links)[number], { homepage, bugs }: Addresses): string {
  const address = { website: homepage, issues: bugs?.url, licence: homepage, 'tray-help': trayHelp }[link];
  if (address !== undefined) return safeAddress(address);
  throw problem('not-found', 'This build names no such page.', 'Ask whoever built it.');
}

/** The address, if it is one that a browser may be given; throws otherwise. */
export function safeAddress(address: string | null): string {
  const url = URL.canParse(address ?? '') ? new URL(address ?? '') : null;
  if (url?.protocol === 'https:' && url.username === '' && url.password === '') return url.href;
  throw problem('not-found', 'There is no page to open.', 'Look it up at the forge.');
}
