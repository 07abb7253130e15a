/** What this process and its log tell for a report. */
import { hostname, release, type as systemName, userInfo } from 'node:os';
import path from 'node:path';
import { masker } from '../adapters/hardware/mask.ts';
import { createRedactor, type Redactor } from '../adapters/log/redact.ts';
import { lastLines } from '../adapters/log/tail.ts';
import type { ConfigPort, ReportSource } from '../app/deps.ts';
import { identity, type Place } from './machine.ts';

/** `redactor` knows the secrets that were handed out in this process. */
export function reportSource(
  place: Place,
  config: ConfigPort,
  redactor: Redactor = createRedactor(),
): ReportSource {
  const { arch } = process;
  const versions: NodeJS.Dict<string> = process.versions;
  return {
    versions: {
      homerunner: identity.version,
      node: process.versions.node,
      ...(versions['electron'] === undefined ? {} : { electron: versions['electron'] }),
    },
    system: `${systemName()} ${release()} (${arch})`,
    logLines(count) {
      const { file } = config.read().config.log;
      return lastLines(file === null ? place.layout.log : path.resolve(file), count);
    },
    clean: (text) => masker({ user: userName(), host: hostname() })(redactor.redact(text)),
  };
}

/** In a container there may be none. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}
