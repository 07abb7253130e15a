/** The pages outside that may be opened: named by us, by the package, or by a job's forge; over https, or to this machine itself. */
import { isSafeAddress } from '../contract/account.ts';
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

/** Over https, or to this machine itself. A page may have a query and a fragment, which say nothing about where it is. */
function isOpenable(url: URL): boolean {
  return url.username === '' && url.password === '' && isSafeAddress(url.origin);
}

/** The address, if it is one that a browser may be given; throws otherwise. */
export function safeAddress(address: string | null): string {
  const url = URL.canParse(address ?? '') ? new URL(address ?? '') : null;
  if (url !== null && isOpenable(url)) return url.href;
  throw problem('not-found', 'There is no page to open.', 'Look it up at the forge.');
}

/** Pages that may be opened whoever is signed in. */
const alwaysOpen: readonly string[] = ['github.com', 'docs.github.com'];

/** The address, if it is at a forge that an account is at, or at GitHub; plain http only to this machine itself. */
export function pageAddress(address: string, accounts: readonly { readonly url: string }[]): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  const known = accounts.flatMap((account) => (URL.canParse(account.url) ? [new URL(account.url).host] : []));
  if (url !== null && [...known, ...alwaysOpen].includes(url.host) && isOpenable(url)) return url.href;
  throw problem(
    'forbidden',
    'This page is at no forge that you have an account at, and is not opened from here.',
    'Copy the address into your browser if you trust it.',
  );
}
