/** Which proxy the environment names for an address, by the rules of curl and most tools. Pure. */
import { type Problem, problem } from '../../contract/problem.ts';

/** The proxy for one address. */
export interface Proxy {
  /** The variable that names it, as it is written there. */
  readonly variable: string;
  /** Its address, without the name and password. */
  readonly origin: string;
  /** "NAME:PASSWORD", decoded; null: none is given. A secret. */
  readonly login: string | null;
}

/** A variable that cannot be used: what goes its way fails with this, and never goes past the proxy. */
type Named = Proxy | { readonly broken: Problem };

export interface Proxies {
  readonly http: Named | null;
  readonly https: Named | null;
  /** Null: what NO_PROXY does not say; this machine itself needs no proxy then. */
  readonly noProxy: readonly string[] | null;
  /** Of a variable that is passed over; null: none is. */
  readonly notice: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function proxiesOf(environment: Environment): Proxies {
  const all = valueOf(environment, 'all_proxy');
  const isSocks = all !== null && /^socks/i.test(all.value);
  const fallBack = isSocks ? null : all;
  const named = (name: string): Named | null => {
    const found = valueOf(environment, name) ?? fallBack;
    return found === null ? null : proxyIn(found.variable, found.value);
  };
  const noProxy = valueOf(environment, 'no_proxy');
  const proxies = { http: named('http_proxy'), https: named('https_proxy') };
  return {
    ...proxies,
    noProxy: noProxy === null ? null : noProxy.value.split(/[,\s]+/).filter((entry) => entry !== ''),
    notice: isSocks && proxies.https === null ? socksNotice(all.variable) : null,
  };
}

/** The proxy for `url`; null: it is asked directly. Throws where the variable cannot be used. */
export function proxyFor({ http, https, noProxy }: Proxies, url: URL): Proxy | null {
  const named = url.protocol === 'https:' ? https : http;
  if (named === null || isExempt(url, noProxy)) return null;
  if ('broken' in named) {
    const { code, message, hint } = named.broken;
    throw problem(code, message, hint);
  }
  return named;
}

/** What has to be said of these variables when we begin, in sentences. */
export function saidOf({ http, https, notice }: Proxies): readonly string[] {
  const broken = [https, http].flatMap((named) =>
    named !== null && 'broken' in named ? [named.broken] : [],
  );
  const sentences = broken.map(({ message, hint }) => `${message} ${hint}`);
  return [...new Set([...sentences, ...(notice === null ? [] : [notice])])];
}

/** In lower case first, as most tools do. */
function valueOf(
  environment: Environment,
  name: string,
): { readonly variable: string; readonly value: string } | null {
  for (const variable of [name, name.toUpperCase()]) {
    const value = environment[variable]?.trim() ?? '';
    if (value !== '') return { variable, value };
  }
  return null;
}

function proxyIn(variable: string, value: string): Named {
  // "proxy.example:3128" is usual, and means http.
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!URL.canParse(text)) return broken(variable, 'is no address');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return broken(variable, `names a proxy by ${url.protocol.slice(0, -1)}, which Homerunner cannot ask`);
  try {
    const login = [url.username, url.password].map(decodeURIComponent).join(':');
    return { variable, origin: url.origin, login: url.username === '' ? null : login };
  } catch {
    return broken(variable, 'has a name or password with a % that stands for nothing');
  }
}

/** Nothing of the value is repeated: there may be a password in it. */
function broken(variable: string, what: string): Named {
  return {
    broken: {
      code: 'config-field',
      message: `The variable ${variable} ${what}.`,
      hint: `Set it to http://HOST:PORT (with a login http://NAME:PASSWORD@HOST:PORT, special characters as %40 for @), or take it away, and start Homerunner again.`,
      subject: variable,
    },
  };
}

function socksNotice(variable: string): string {
  return `${variable} names a proxy by socks, which Homerunner's own requests do not use: set HTTPS_PROXY to an http:// proxy if the forge cannot be reached without one.`;
}

const ports: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** An entry is a host with all below it, with or without a dot before it, with or without a port; `*` is all. */
function isExempt({ hostname, port, protocol }: URL, entries: readonly string[] | null): boolean {
  const host = bare(hostname);
  if (entries === null) return isLoopback(host);
  return entries.some((entry) => {
    if (entry === '*') return true;
    const [, name = entry, ofPort] = /^(\[.+\]|[^:]+)(?::(\d+))?$/.exec(entry) ?? [];
    if (ofPort !== undefined && ofPort !== (port === '' ? ports[protocol] : port)) return false;
    const domain = bare(name).replace(/^\*?\./, '');
    return domain !== '' && (host === domain || host.endsWith(`.${domain}`));
  });
}

function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(\.\d+){3}$/.test(host)
  );
}
