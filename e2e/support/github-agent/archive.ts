/** Archives of the agent double, laid out as those of the real agent: no folder at the top. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { create } from 'tar';
import { remove } from '../remove.ts';

export interface AgentOptions {
  /** Incompressible MiB in many small files, as the Node programs of the real one have. Default 0. */
  readonly padMiB?: number;
  /** Factor for all waits of the agent; 0.1 = ten times faster. `HOMERUNNER_DOUBLE_TIME` wins. Default 1. */
  readonly time?: number;
  /** It listens and then neither polls nor hears Ctrl-C. `HOMERUNNER_DOUBLE_HANG=1` wins. Default false. */
  readonly hang?: boolean;
  /** How the console's lines are written: with CR LF, or a few bytes at a time. Default plain. */
  readonly output?: 'plain' | 'crlf' | 'split';
  /** `.runner` begins with a byte-order mark, where the agent itself writes it. Default false. */
  readonly bom?: boolean;
  /** Milliseconds between two renewals of a job. Default 1000. */
  readonly renewMs?: number;
  /** An update of itself ends the agent and never comes to its end. Default false. */
  readonly updateNever?: boolean;
}

export interface AgentArchive {
  readonly file: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

const sources = path.resolve('e2e/support/github-agent/programs');
const padFile = 256 * 1024;

/**
 * Builds `actions-runner-<os>-<arch>-<version>.tar.gz` in `folder` for this machine. The same version and options make
 * the same bytes.
 */
export async function buildAgentArchive(
  folder: string,
  version: string,
  options: AgentOptions = {},
): Promise<AgentArchive> {
  const name = `actions-runner-${assetOs()}-${process.arch}-${version}.tar.gz`;
  const work = mkdtempSync(path.join(tmpdir(), 'hr-agent-'));
  try {
    lay(work, version, options);
    pad(path.join(work, 'externals'), options.padMiB ?? 0);
    const file = path.join(folder, name);
    mkdirSync(folder, { recursive: true });
    const entries = ['bin', 'externals', ...scripts, template];
    await create({ file, cwd: work, gzip: { level: 1 }, portable: true, mtime: new Date(0) }, entries);
    const bytes = readFileSync(file);
    return { file, sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length };
  } finally {
    await remove(work);
  }
}

const scripts = ['config.sh', 'run.sh', 'env.sh', 'safe_sleep.sh'];
const template = 'run-helper.sh.template';

function assetOs(): string {
  return process.platform === 'darwin' ? 'osx' : process.platform === 'win32' ? 'win' : 'linux';
}

function lay(work: string, version: string, { padMiB: _, ...options }: AgentOptions): void {
  const bin = path.join(work, 'bin');
  cpSync(path.join(sources, 'double'), path.join(bin, 'double'), { recursive: true });
  const defaults = { time: 1, hang: false, output: 'plain', bom: false, renewMs: 1000, updateNever: false };
  writeFileSync(
    path.join(bin, 'double', 'settings.json'),
    JSON.stringify({ version, ...defaults, ...options }),
  );
  // A folder above may belong to a package of modules.
  writeFileSync(path.join(bin, 'package.json'), '{"type":"commonjs"}');
  program('listener.cjs', path.join(bin, 'Runner.Listener'));
  program('worker.cjs', path.join(bin, 'Runner.Worker'));
  for (const script of [...scripts, template]) executable(script, path.join(work, script));
  executable('installdependencies.sh', path.join(bin, 'installdependencies.sh'));
  const node = path.join(work, 'externals', 'node20', 'bin');
  mkdirSync(node, { recursive: true });
  writeFileSync(path.join(node, 'node'), `#!/bin/sh\nexec '${process.execPath}' "$@"\n`, { mode: 0o755 });
  writeFileSync(path.join(work, 'externals', 'node20', 'LICENSE'), 'This double has no Node of its own.\n');
}

/** It names its interpreter, so that its command line is `node .../bin/Runner.Listener run`. */
function program(source: string, target: string): void {
  const text = readFileSync(path.join(sources, source), 'utf8');
  writeFileSync(target, `#!${process.execPath}\n${text}`, { mode: 0o755 });
}

function executable(script: string, target: string): void {
  copyFileSync(path.join(sources, 'scripts', script), target);
  chmodSync(target, 0o755);
}

/** Bytes that do not compress, and are the same every time. */
function pad(folder: string, mib: number): void {
  let seed = 1;
  for (let i = 0; i < (mib * 1024 * 1024) / padFile; i++) {
    const bytes = new Uint32Array(padFile / 4);
    for (let at = 0; at < bytes.length; at++) {
      // xorshift32
      seed ^= seed << 13;
      seed ^= seed >>> 17;
      seed ^= seed << 5;
      bytes[at] = seed;
    }
    const dir = path.join(folder, 'node20', 'lib', String(i % 16));
    mkdirSync(dir, { recursive: true });
    writeFileSync(path.join(dir, `${i}.bin`), bytes);
  }
}
