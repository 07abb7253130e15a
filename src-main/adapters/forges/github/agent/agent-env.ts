/** The environment of the agent, which its jobs inherit: nothing of ours that is secret is in it. */
import { allowed } from '../../../os/clean-env.ts';

/** Read by the agent, by the actions that Node runs, and by most tools, in either case of letters. */
const network = [
  ...['http_proxy', 'https_proxy', 'no_proxy', 'all_proxy'],
  ...['ssl_cert_file', 'ssl_cert_dir', 'node_extra_ca_certs'],
];

export function agentEnv(
  environment: Readonly<NodeJS.ProcessEnv>,
  platform: NodeJS.Platform,
): Record<string, string> {
  const passed = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && network.includes(entry[0].toLowerCase()),
  );
  return { ...allowed(environment, platform), ...Object.fromEntries(passed) };
}
