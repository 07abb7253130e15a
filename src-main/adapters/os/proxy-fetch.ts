/**
 * A `fetch` that asks through the proxies of the environment. It is undici's own: a dispatcher of it works with its own
 * `fetch` alone, whatever version is built into Node. It is loaded only where a proxy is named, or others are trusted.
 */
import type { Dispatcher, Pool } from 'undici';
import { problem, type ProblemError } from '../../contract/problem.ts';
import { certificateTrouble, codeIn } from './net-errors.ts';
import { type Proxies, type Proxy, proxyFor } from './proxies.ts';

type Fetch = typeof globalThis.fetch;

/** Whom TLS trusts (PEM); null: as the runtime does. */
type Authorities = readonly string[] | null;

/** Throws as `fetch` does, and Problems where the proxy is to blame. With nothing of its own to do it is Node's own. */
export function proxyFetch(proxies: Proxies, authorities: Authorities = null): Fetch {
  if (proxies.http === null && proxies.https === null && authorities === null) return globalThis.fetch;
  let loading: Promise<Fetch> | null = null;
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const proxy = proxyFor(proxies, url);
    loading ??= load(proxies, authorities);
    const fetch = await loading;
    try {
      return await fetch(input, init);
    } catch (thrown) {
      throw (proxy === null ? null : problemOfProxy(thrown, proxy, url)) ?? thrown;
    }
  };
}

async function load(proxies: Proxies, authorities: Authorities): Promise<Fetch> {
  const undici = await import('undici');
  const trust = authorities === null ? {} : { ca: [...authorities] };
  const direct = new undici.Agent({ connect: trust });
  const agents = new Map<string, Dispatcher>();
  const through = (proxy: Proxy): Dispatcher => {
    const key = `${proxy.origin} ${proxy.login ?? ''}`;
    const agent =
      agents.get(key) ??
      new undici.ProxyAgent({
        uri: proxy.origin,
        // What is not encrypted anyway goes as proxies expect it, and not through a tunnel.
        proxyTunnel: false,
        clientFactory: (origin, options) => new undici.Pool(origin, told(options)),
        ...(authorities !== null && { requestTls: trust, proxyTls: trust }),
        ...(proxy.login !== null && { token: `Basic ${Buffer.from(proxy.login).toString('base64')}` }),
      });
    agents.set(key, agent);
    return agent;
  };
  /** By each address: a redirect may lead from a host without a proxy to one with it. */
  class ByAddress extends undici.Dispatcher {
    override dispatch(...[options, handler]: Parameters<Dispatcher['dispatch']>): boolean {
      const proxy = proxyFor(proxies, new URL(options.origin ?? ''));
      return (proxy === null ? direct : through(proxy)).dispatch(options, handler);
    }
  }
  const dispatcher = new ByAddress();
  const fetch = (input: string | URL, init: object | undefined) =>
    undici.fetch(input, { ...init, dispatcher });
  return fetch as unknown as Fetch;
}

/** Why there is no connection to the proxy itself: the host behind it may have the same trouble with its certificate. */
class NoProxyError extends Error {}

type Connect = Extract<NonNullable<Pool.Options['connect']>, (...args: never[]) => unknown>;

/** With errors that tell that it was the proxy which could not be connected to. */
function told(options: object): Pool.Options {
  if (!('connect' in options) || typeof options.connect !== 'function') return options;
  const asked = options.connect as Connect;
  const connect: Connect = (wish, callback) => {
    asked(wish, (...[error, socket]) => {
      if (error === null) callback(null, socket);
      else callback(new NoProxyError('the proxy was not reached', { cause: error }), null);
    });
  };
  return { ...options, connect };
}

const unreached = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'];

/** Connections were made to the proxy alone: what kept one from being made is between us and it. */
function problemOfProxy(thrown: unknown, { variable, origin, login }: Proxy, url: URL): ProblemError | null {
  const again = 'and start Homerunner again';
  for (let at = thrown; at instanceof Error; at = at.cause) {
    if (at instanceof NoProxyError) {
      const who = `The proxy ${origin}, which ${variable} names,`;
      const trouble = certificateTrouble(codeIn(at), who, `the address in ${variable}`);
      if (trouble !== null) return problem('forge-unreachable', trouble.message, trouble.hint);
    }
    const code = 'code' in at ? String(at.code) : '';
    const status = /^Proxy (?:response \((\d+)\)|Authentication Required)/.exec(at.message);
    if (status !== null && (status[1] ?? '407') === '407')
      return problem(
        'forge-unreachable',
        login === null
          ? `The proxy ${origin} wants a name and a password.`
          : `The proxy ${origin} does not accept the name and password in ${variable}.`,
        `Set ${variable} to http://NAME:PASSWORD@HOST:PORT (special characters as %40 for @), ${again}.`,
      );
    if (status !== null)
      return problem(
        'forge-unreachable',
        `The proxy ${origin} does not let requests to ${url.host} through (status ${status[1] ?? ''}).`,
        `Ask who runs the proxy to allow ${url.host}, or name it in NO_PROXY ${again}.`,
      );
    if (unreached.includes(code) || code === 'UND_ERR_CONNECT_TIMEOUT')
      return problem(
        'forge-unreachable',
        `The proxy ${origin}, which ${variable} names, cannot be reached (${code}).`,
        `Check that it runs and that its address is right; otherwise change ${variable} ${again}.`,
      );
  }
  return null;
}
