/** How our own requests leave this machine: by the proxies that the environment names, trusting whom it names. */
import type { Redactor } from '../adapters/log/redact.ts';
import { extraAuthorities } from '../adapters/os/authorities.ts';
import { type Proxies, proxiesOf } from '../adapters/os/proxies.ts';
import { proxyFetch } from '../adapters/os/proxy-fetch.ts';

/** The `fetch` of everything of ours; passwords of proxies are masked in our log from now on. */
export function environmentFetch(
  environment: Readonly<NodeJS.ProcessEnv>,
  redactor: Redactor,
): typeof globalThis.fetch {
  const proxies = proxiesOf(environment);
  for (const secret of secretsIn(proxies)) redactor.register(secret);
  return proxyFetch(proxies, extraAuthorities(environment));
}

/** Names and passwords as they are, and as they are sent. */
function secretsIn({ http, https }: Proxies): readonly string[] {
  return [http, https].flatMap((named) => {
    if (named === null || 'broken' in named || named.login === null) return [];
    const password = named.login.slice(named.login.indexOf(':') + 1);
    return [named.login, ...(password === '' ? [] : [password, encodeURIComponent(password)])];
  });
}
