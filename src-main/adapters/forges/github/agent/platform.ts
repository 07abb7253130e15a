/** The names that GitHub's agent has for systems and architectures. */
import { problem } from '../../../../contract/problem.ts';
import type { Arch } from '../../../../contract/job.ts';

export interface AgentPlatform {
  readonly os: 'linux' | 'osx' | 'win';
  readonly arch: 'x64' | 'arm64' | 'arm';
}

const systems: Partial<Record<NodeJS.Platform, AgentPlatform['os']>> = {
  linux: 'linux',
  darwin: 'osx',
  win32: 'win',
};

/** Throws a Problem where GitHub makes no agent: 32-bit ARM is for Linux alone, and nothing else is made. */
export function agentPlatform(platform: NodeJS.Platform, arch: Arch): AgentPlatform {
  const os = systems[platform];
  if (os !== undefined && (arch === 'x64' || arch === 'arm64' || (arch === 'arm' && os === 'linux')))
    return { os, arch };
  throw problem(
    'tool-missing',
    `GitHub makes no runner for ${arch} on this system.`,
    'It is made for x64 and arm64, and on Linux also for 32-bit ARM: choose one of these for the pool.',
  );
}
