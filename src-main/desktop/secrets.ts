/**
 * The owner's secrets for jobs: ciphertext in a file of ours, its key in the system's keyring. Where no keyring answers
 * a secret is kept in memory alone. What cannot be decrypted now is kept: a keyring may come back.
 */
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { type Problem, problem } from '../contract/problem.ts';
import type { Secrets } from '../core/ports.ts';
import type { Cipher } from './cipher.ts';

const FileSchema = v.object({ version: v.literal(1), secrets: v.record(v.string(), v.string()) });
type Kept = Record<string, string>;

export interface SecretsFile extends Secrets {
  set(name: string, value: string): Promise<void>;
  /** One that is not there is removed already. */
  remove(name: string): void;
  state(): Promise<{
    readonly backend: string | null;
    readonly problem: Problem | null;
    readonly secrets: readonly string[];
  }>;
}

/** The secrets in `file`; nothing is read, and no keyring asked, before the first question. */
export function openSecrets(file: string, cipher: Cipher): SecretsFile {
  /** Until the program ends; by name. */
  const memory = new Map<string, string>();
  return {
    async get(name) {
      const held = memory.get(name);
      if (held !== undefined) return held;
      const ciphertext = readSecrets(file)[name];
      return ciphertext === undefined ? null : decrypted(name, ciphertext, cipher);
    },
    async set(name, value) {
      if (!(await cipher.available())) {
        memory.set(name, value);
        return;
      }
      const ciphertext = await cipher.encrypt(value);
      writeSecrets(file, { ...readSecrets(file), [name]: ciphertext.toString('base64') });
      memory.delete(name);
    },
    remove(name) {
      memory.delete(name);
      const { [name]: removed, ...rest } = readSecrets(file);
      if (removed !== undefined) writeSecrets(file, rest);
    },
    async state() {
      const available = await cipher.available();
      const names = [...Object.keys(readSecrets(file)), ...memory.keys()];
      return {
        backend: available ? cipher.backend() : null,
        problem: available ? null : noKeyring(cipher.backend()),
        secrets: [...new Set(names)].sort(),
      };
    },
  };
}

async function decrypted(name: string, ciphertext: string, cipher: Cipher): Promise<string> {
  if (await cipher.available()) {
    try {
      return await cipher.decrypt(Buffer.from(ciphertext, 'base64'));
    } catch {
      throw problem(
        'no-keyring',
        `The secret ${name} was encrypted with a key that the keyring does not hold now.`,
        'Unlock or restore the keyring that was used then, or enter the secret again in Settings.',
        { subject: name },
      );
    }
  }
  const backend = cipher.backend();
  throw problem(
    'no-keyring',
    `The secret ${name} cannot be read: ${backend === null ? 'there is no keyring now' : `the keyring (${backend}) is locked or does not answer`}.`,
    noKeyring(backend).hint,
    { subject: name },
  );
}

function noKeyring(backend: string | null): Problem {
  return backend === null
    ? {
        code: 'no-keyring',
        message: 'This desktop has no keyring: secrets are kept in memory, until Homerunner quits.',
        hint: 'Install and start gnome-keyring or KWallet and log in anew, or give secrets to jobs by HOMERUNNER_SECRET_<NAME>_FILE.',
      }
    : {
        code: 'no-keyring',
        message: `The keyring (${backend}) is locked or does not answer: secrets are kept in memory, until Homerunner quits.`,
        hint: 'Unlock it, for example in the program for passwords and keys, and try again.',
      };
}

function readSecrets(file: string): Kept {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return {};
    throw unreadable(file);
  }
  try {
    return v.parse(FileSchema, JSON.parse(text)).secrets;
  } catch {
    throw unreadable(file);
  }
}

function unreadable(file: string): Error {
  return problem(
    'unexpected',
    `The file ${file} cannot be read as secrets; it is left as it is.`,
    'Restore it from a copy, or move it away and enter the secrets again.',
    { subject: file },
  );
}

/** Whole or not at all, and readable by the owner alone. */
function writeSecrets(file: string, secrets: Kept): void {
  const next = `${file}.new`;
  writeFileSync(next, `${JSON.stringify({ version: 1, secrets }, null, 2)}\n`, { mode: 0o600, flush: true });
  // A file that a crash has left keeps the mode it was made with.
  chmodSync(next, 0o600);
  renameSync(next, file);
}
