/** Replays every capture of a folder and compares what detection knows today: processor, memory, emulation. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { HostProfile } from '../../contract/host.ts';
import { parseCapture } from './capture.ts';
import { detect } from './detect.ts';
import { replayDoor } from './replay-door.ts';

const folders = [join(import.meta.dirname, 'fixtures'), process.env['HOMERUNNER_CAPTURES'] ?? ''];

/** The fields that are compared; graphics come with their own probes. */
const compared = [
  'os',
  'arch',
  'cpu',
  'memoryMiB',
  'emulation',
  'disks',
  'power',
  'virtualization',
  'engines',
];

async function replay(file: string): Promise<HostProfile> {
  return detect(replayDoor(parseCapture(readFileSync(file, 'utf8'), file)), {
    reserve: { cpu: 20, memory: 15 },
    engines: { dockerElsewhere: false, runtimeFolder: null, homeFolder: null },
    monotonic: () => 0,
  });
}

/** Objects: only what is named. Lists of labels and features: contained. Other lists: same length, each met by another. */
function expectPart(actual: unknown, expected: unknown, path: string): void {
  if (Array.isArray(expected)) {
    expect(Array.isArray(actual), path).toBe(true);
    if (/features$|labels$/.test(path)) expect(actual, path).toEqual(expect.arrayContaining(expected));
    else {
      expect(actual, path).toHaveLength(expected.length);
      expected.forEach((item, i) => expectPart((actual as unknown[])[i], item, `${path}[${i}]`));
    }
  } else if (typeof expected === 'object' && expected !== null) {
    for (const [key, value] of Object.entries(expected))
      expectPart((actual as Record<string, unknown> | null)?.[key], value, `${path}.${key}`);
  } else expect(actual, path).toEqual(expected);
}

describe.each(folders)('captures in %s', (folder) => {
  if (!existsSync(folder)) {
    test('replayed', ({ skip }) => {
      skip('HOMERUNNER_CAPTURES names no folder of captures');
    });
    return;
  }
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.json') && !name.endsWith('.expected.json'))
    .map((name) => name.replace(/\.json$/, ''));
  test.each(names)('%s', async (name) => {
    const expected = JSON.parse(readFileSync(join(folder, `${name}.expected.json`), 'utf8')) as Record<
      string,
      unknown
    >;
    const profile = await replay(join(folder, `${name}.json`));
    for (const key of compared)
      if (key in expected) expectPart(profile[key as keyof HostProfile], expected[key], key);
    expect(profile.labels).toEqual(['self-hosted', profile.os, profile.arch]);
  });
});
