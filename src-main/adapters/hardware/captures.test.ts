/**
 * Replays every capture of a folder and compares what was expected of it; HOMERUNNER_CAPTURES names a folder beside
 * our own. Prints how many of the expected facts are right, by kind of machine (the first word of a capture's name).
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { HostProfile } from '../../contract/host.ts';
import { parseCapture } from './capture.ts';
import { compareFacts } from './capture-facts.test-kit.ts';
import { detect } from './detect.ts';
import { replayDoor } from './replay-door.ts';

const given = process.env['HOMERUNNER_CAPTURES'];
const folders = [join(import.meta.dirname, 'fixtures'), ...(given === undefined ? [] : [given])];

async function replay(file: string): Promise<HostProfile> {
  return detect(replayDoor(parseCapture(readFileSync(file, 'utf8'), file)), {
    reserve: { cpu: 20, memory: 15 },
    engines: { dockerElsewhere: false, runtimeFolder: null, homeFolder: null },
    monotonic: () => 0,
  });
}

describe.each(folders)('captures in %s', (folder) => {
  const score = new Map<string, { right: number; expected: number }>();
  afterAll(() => {
    if (folder !== given) return;
    const rows = [...score].map(
      ([kind, { right, expected }]) => `  ${kind.padEnd(14)} ${right} / ${expected}`,
    );
    console.info(['facts right / expected', ...rows.sort()].join('\n'));
  });
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const captures = names.filter((name) => name.endsWith('.json') && !name.endsWith('.expected.json'));
  test('there are captures', () => {
    expect(captures).not.toEqual([]);
  });
  test.each(captures.map((name) => name.replace(/\.json$/, '')))('%s', async (name) => {
    const expected: unknown = JSON.parse(readFileSync(join(folder, `${name}.expected.json`), 'utf8'));
    const profile = await replay(join(folder, `${name}.json`));
    const { right, wrong } = compareFacts(profile, expected);
    for (const kind of [name.split('-')[0] ?? '', '(all)']) {
      const so = score.get(kind) ?? { right: 0, expected: 0 };
      score.set(kind, { right: so.right + right, expected: so.expected + right + wrong.length });
    }
    expect(wrong).toEqual([]);
  });
});
