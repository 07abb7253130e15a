/** Proxies: jobs and their agents use those of the environment; this program itself only where its Node can. */

const variables = ['https_proxy', 'http_proxy', 'all_proxy'];

/**
 * The sentence for an owner whose proxy this program would go past; null where there is none, or it is used. Node asks
 * proxies of the environment from version 24 on, where NODE_USE_ENV_PROXY is 1.
 */
export function proxyWarning(environment: Readonly<NodeJS.ProcessEnv>, nodeVersion: string): string | null {
  const set = Object.entries(environment).find(
    ([name, value]) => variables.includes(name.toLowerCase()) && value !== undefined && value !== '',
  );
  const can = Number.parseInt(nodeVersion, 10) >= 24;
  if (set === undefined || (can && environment['NODE_USE_ENV_PROXY'] === '1')) return null;
  const how = can ? 'Set NODE_USE_ENV_PROXY=1' : 'Start it with Node 24 or newer and NODE_USE_ENV_PROXY=1';
  return `${set[0]} is set, but Homerunner itself asks forges without the proxy; its runners use it. ${how} to use it for both.`;
}
