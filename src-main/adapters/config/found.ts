/** What stands where the configuration should be, and whether it may be written. */
import { accessSync, constants, existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { Arch } from '../../contract/job.ts';
import { type Problem, ProblemError, problemOf } from '../../contract/problem.ts';
import { parseConfig, type ParsedConfig } from '../../core/config/schema.ts';
import { cannotWrite, codeOf, denied } from './sentences.ts';

/** What is there: nothing, something that may not be read, something that is no configuration, or one. */
export type Found =
  | { readonly kind: 'none'; readonly text: null }
  | { readonly kind: 'denied'; readonly text: null; readonly problem: Problem }
  | { readonly kind: 'broken'; readonly text: string }
  | { readonly kind: 'good'; readonly text: string; readonly parsed: ParsedConfig };

export function find(file: string, arch: Arch): Found {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return { kind: 'none', text: null };
    return { kind: 'denied', text: null, problem: denied(file, thrown) };
  }
  const raw = json(text);
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return { kind: 'broken', text };
  return { kind: 'good', text, parsed: parseConfig(raw, { arch }) };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Throws where the file must not be written. */
export function refuse(found: Found): void {
  if (found.kind === 'denied') throw new ProblemError(found.problem);
  const newer =
    found.kind === 'good' ? found.parsed.problems.find((p) => p.code === 'config-newer') : undefined;
  if (newer !== undefined) throw new ProblemError(newer);
}

/** Why it cannot be written now; null where it can. */
export function unwritable(file: string, arch: Arch): Problem | null {
  try {
    refuse(find(file, arch));
  } catch (thrown) {
    return problemOf(thrown);
  }
  try {
    // Its folder: the file itself is replaced by each writing.
    accessSync(path.dirname(existsSync(file) ? realpathSync(file) : file), constants.W_OK | constants.X_OK);
    return null;
  } catch (thrown) {
    return cannotWrite(file, thrown).problem;
  }
}
