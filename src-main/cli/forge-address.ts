/** The options that say which GitHub is meant. */
import { isForgeAddress, isSafeAddress } from '../contract/account.ts';
import { wrong } from './parse.ts';
import type { Call, CommandSpec, OptionSpec } from './spec.ts';

export const addressOptions: readonly OptionSpec[] = [
  { name: 'url', value: 'URL', help: 'Another GitHub than github.com: its address.' },
  { name: 'api-url', value: 'URL', help: 'Its API, where that is not at URL/api/v3.' },
];

export interface Addresses {
  readonly url: string | null;
  readonly apiUrl: string | null;
}

/** What `--url` and `--api-url` say, without a slash at the end. */
export function addressesOf(spec: CommandSpec, call: Call): Addresses {
  const read = (option: string): string | null => {
    const text = call.args.get(option);
    if (text === null) return null;
    if (!isSafeAddress(text))
      throw wrong(spec, `--${option} is not an https address (http only to this machine itself)`);
    return text;
  };
  const [url, apiUrl] = [read('url'), read('api-url')];
  if (url !== null && !isForgeAddress(url))
    throw wrong(spec, `--url is the address of a whole GitHub, without a path: ${new URL(url).origin}`);
  return { url: trimmed(url), apiUrl: trimmed(apiUrl) };
}

function trimmed(url: string | null): string | null {
  return url?.replace(/\/+$/, '') ?? null;
}
