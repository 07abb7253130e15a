/** For tests of the agent: a record, an instance, a store that copies a script for a Listener. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Instance, nothingDone, type RunnerRecord } from '../../../../core/runner.ts';
import type { AgentFolders, AgentRelease } from './folders.ts';

export function record(change: Partial<RunnerRecord> = {}): RunnerRecord {
  return {
    ...nothingDone,
    name: 'hr-a1b2c3-app-000001',
    pool: 'app',
    forge: 'github',
    scope: 'acme/app',
    account: 'me',
    group: null,
    madeFor: null,
    arch: 'x64',
    labels: ['self-hosted', 'gpu'],
    resources: { cpus: 1, memoryMiB: 512, pids: 100, gpus: [] },
    oneJob: true,
    intendedAt: 1,
    notBefore: 1,
    ...change,
  };
}

export function instance(change: Partial<Instance> = {}): Instance {
  return {
    ...{ name: record().name, state: 'running', job: null, container: null, exitCode: null, endedAt: null },
    process: { pid: 1, startTime: '1', bootId: 'boot' },
    ...change,
  };
}

export const release: AgentRelease = {
  ...{
    version: '2.336.0',
    os: 'linux',
    arch: 'x64',
    url: 'https://x.test/a.tar.gz',
    sha256: '0'.repeat(64),
    bearer: null,
  },
};

/** A store whose only version has this shell script for its program. */
export function folders(at: string, script: string): AgentFolders & { asked: number } {
  const version = join(at, 'version');
  mkdirSync(join(version, 'bin'), { recursive: true });
  writeFileSync(join(version, 'bin', 'Runner.Listener'), `#!/bin/sh\n${script}\n`, { mode: 0o700 });
  return {
    asked: 0,
    have() {
      this.asked += 1;
      return Promise.resolve(version);
    },
    instance(from, to) {
      cpSync(from, to, { recursive: true });
      return Promise.resolve();
    },
    kept: () => Promise.resolve([release]),
  };
}
