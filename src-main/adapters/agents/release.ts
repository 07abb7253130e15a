/** A version of an agent as its forge offers it. */
import { problem } from '../../contract/problem.ts';

export interface AgentRelease {
  /** Digits and dots, with a suffix where there is one: it names a folder. */
  readonly version: string;
  /** As the agent's own files name them: `linux`, `osx`, `win`; `x64`, `arm64`, `arm`. */
  readonly os: string;
  readonly arch: string;
  /** https, or http from this machine itself. */
  readonly url: string;
  /** 64 hex digits; null: the forge told none, and then it is refused. */
  readonly sha256: string | null;
  /** A token for `url` alone, of a forge whose downloads are not public. */
  readonly bearer: string | null;
}

/** What the folder of this release is called. */
export function folderName({ version, os, arch }: AgentRelease): string {
  return `${version}-${os}-${arch}`;
}

/** The release with its sum; throws `checksum-missing`, and refuses names and addresses that nobody should follow. */
export function checked(agent: string, release: AgentRelease): AgentRelease & { readonly sha256: string } {
  const { version, os, arch, sha256 } = release;
  const name = titleOf(agent, release);
  if (![version, os, arch].every((part) => /^[0-9a-z][0-9A-Za-z.+_]{0,40}$/.test(part)))
    throw problem('unexpected', `${name} is no name of a release.`, 'Ask who runs the forge.');
  if (sha256 === null || !/^[0-9a-f]{64}$/i.test(sha256))
    throw problem(
      'checksum-missing',
      `The forge tells no SHA-256 of ${name}, so that what is downloaded could be anything.`,
      'Ask who runs the forge for a release that has one, or pin a version that does.',
    );
  if (!isSafe(release.url))
    throw problem(
      'refused-by-policy',
      `${name} would come over a connection that anybody on the way can change.`,
      'The forge has to offer it by https.',
    );
  return { ...release, sha256: sha256.toLowerCase() };
}

/** https, or http that never leaves this machine. */
export function isSafe(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  const local = hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
  return protocol === 'https:' || (protocol === 'http:' && local);
}

/** Agents for Windows come as zip archives, all others as compressed tars. */
export function isZip({ os, url }: AgentRelease): boolean {
  return os === 'win' || /\.zip$/i.test(URL.canParse(url) ? new URL(url).pathname : url);
}

/** What a person reads: "actions-runner 2.336.0 (linux, x64)". */
export function titleOf(agent: string, { version, os, arch }: AgentRelease): string {
  return `${agent} ${version} (${os}, ${arch})`;
}
