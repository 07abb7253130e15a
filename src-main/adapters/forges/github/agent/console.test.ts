import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Console, hear, nothingTold, type Told } from './console.ts';
import { exitProblem, meaningOf } from './phrases.ts';

const stamp = '2026-08-17 14:16:02Z';
const at = Date.UTC(2026, 7, 17, 14, 16, 2);
const told = (...lines: string[]): Told => lines.reduce((before, line) => hear(before, line, 7), nothingTold);

describe('the words of the agent', () => {
  it('only "Listening for Jobs" means that it listens', () => {
    expect(told('√ Connected to GitHub', "Current runner version: '2.336.0'").listening).toBe(false);
    expect(told(`${stamp}: Listening for Jobs`).listening).toBe(true);
    expect(told('Listening for Jobs', `${stamp}: Running job: Listening for Jobs`).listening).toBe(false);
  });

  it('"Listening for Jobs" ends the job of a process before: nobody else tells of it', () => {
    const begun = `${stamp}: Running job: build`;
    const again = told(begun, 'Killed', '2026-08-17 14:16:09Z: Listening for Jobs');
    expect(again.job).toMatchObject({ name: 'build', startedAt: at, endedAt: at + 7000, result: null });
    // A log that was cut is heard again.
    expect(told(begun, '2026-08-17 14:15:44Z: Listening for Jobs').job?.endedAt).toBeNull();
    expect(told(begun, `${stamp}: Listening for Jobs`).job?.endedAt).toBeNull();
  });

  it('tells the present job and the last one apart', () => {
    const begun = told(`${stamp}: Running job: build (ubuntu)`);
    expect(begun.job).toEqual({
      name: 'build (ubuntu)',
      startedAt: at,
      endedAt: null,
      result: null,
      repository: null,
      run: null,
      logFrom: 0,
    });
    const ended = hear(begun, '2026-08-17 14:17:40Z: Job build (ubuntu) completed with result: Canceled', 0);
    expect(ended.job).toMatchObject({ startedAt: at, endedAt: at + 98_000, result: 'cancelled' });
    const next = hear(ended, '2026-08-17 14:18:00Z: Running job: next', 0);
    expect(next).toMatchObject({
      earlier: [{ name: 'build (ubuntu)', result: 'cancelled' }],
      job: { name: 'next', endedAt: null, result: null },
    });
    // Cancelled before it had a worker.
    expect(hear(next, '2026-08-17 14:18:09Z: Running job: last', 0).earlier).toMatchObject([
      { name: 'build (ubuntu)' },
      { name: 'next', endedAt: at + 127_000, result: null },
    ]);
  });

  it.each([
    ['Succeeded', 'succeeded'],
    ['SucceededWithIssues', 'succeeded'],
    ['Failed', 'failed'],
    ['Skipped', 'skipped'],
    ['Abandoned', 'abandoned'],
  ])('calls %s %s', (word, result) => {
    expect(told(`${stamp}: Job a completed with result: ${word}`).job).toMatchObject({ name: 'a', result });
  });

  it('is not misled by a job that is called like a line of its own', () => {
    const name = `x completed with result: Failed`;
    expect(told(`${stamp}: Running job: ${name}`).job).toMatchObject({ name, endedAt: null });
    expect(
      told(`${stamp}: Running job: ${name}`, `${stamp}: Job ${name} completed with result: Succeeded`).job,
    ).toMatchObject({ name, result: 'succeeded' });
  });

  it('takes trouble for over when it listens again, and what ends it for good', () => {
    const lost = `${stamp}: Runner connect error: No such host. Retrying until reconnected.`;
    expect(told(lost).trouble).toMatchObject({
      code: 'forge-unreachable',
      message: 'The runner has lost GitHub: No such host.',
    });
    expect(told(lost, `${stamp}: Runner reconnected.`).trouble).toBe(null);
    const clock =
      "The local machine's clock may be out of sync with the server time by more than five minutes.";
    expect(told(clock, lost).trouble?.message).toContain('clock is wrong');
    expect(told(lost, clock).trouble?.message).toContain('clock is wrong');
    expect(told('A session for this runner already exists.', `${stamp}: Listening for Jobs`).trouble).toBe(
      null,
    );
  });

  it.each([
    [
      'An error occurred: Runner version v2.331.0 is deprecated and cannot receive messages.',
      'agent-outdated',
    ],
    ['An error occured: Runner version 2.300.0 is deprecated and cannot receive messages.', 'agent-outdated'],
    ['Stop retry on SessionConflictException after retried for 240 seconds.', 'name-taken'],
    [
      'Failed to create a session. The runner registration has been deleted from the server, please re-configure. Runner',
      'not-found',
    ],
    ['The runner no longer exists on the server. Cleaning up local configuration.', 'not-found'],
    ['An error occurred: Not configured. Run config.(sh/cmd) to configure the runner.', 'unexpected'],
    ["Process terminated. Couldn't find a valid ICU package installed on the system.", 'tool-missing'],
    ['System.IO.IOException: No space left on device', 'disk-reserve'],
    ['Runner update in progress, do not shutdown runner.', 'agent-outdated'],
  ])('"%s" is over: %s', (line, code) => {
    expect(told(line).over).toMatchObject({ code });
    expect(told(line, 'An error occurred: Not configured. Run config.(sh/cmd)').over).toMatchObject({ code });
  });

  it('knows its exit codes', () => {
    const codes = [null, 0, 130, 137, 143, 1, 2, 3, 4, 5, 7, 134].map(
      (code) => exitProblem(code)?.code ?? null,
    );
    expect(codes).toEqual([
      null,
      null,
      null,
      null,
      null,
      'unexpected',
      'unexpected',
      'agent-outdated',
      'agent-outdated',
      'name-taken',
      'agent-outdated',
      'unexpected',
    ]);
  });

  it('any other line says nothing', () => {
    fc.assert(
      fc.property(fc.string(), (line) => {
        expect(meaningOf(`√ ${line}`)?.meaning.kind ?? 'over').toBe('over');
        expect(meaningOf(`${stamp}: ! ${line}`)?.meaning.kind ?? 'over').toBe('over');
      }),
    );
  });
});

describe('its log', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'console-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const file = () => join(folder, 'log');

  it('is understood in whatever pieces it comes, with either end of lines', async () => {
    const text = [
      '',
      '√ Connected to GitHub',
      `${stamp}: Listening for Jobs`,
      `${stamp}: Running job: größe √`,
      `${stamp}: Job größe √ completed with result: Failed`,
      '',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(120), { maxLength: 6 }),
        fc.constantFrom('\n', '\r\n'),
        async (sizes, end) => {
          const bytes = Buffer.from(text.join(end));
          writeFileSync(file(), '');
          const reader = new Console();
          let from = 0;
          for (const size of [...sizes, bytes.length]) {
            appendFileSync(file(), bytes.subarray(from, from + size));
            from += size;
            await reader.read(file(), 0);
          }
          const job = { name: 'größe √', result: 'failed', logFrom: bytes.indexOf(`${stamp}: Running job`) };
          expect(reader.told).toMatchObject({ listening: true, job });
        },
      ),
      { numRuns: 50 },
    );
  });

  it('may hold lines without end, be cut, and not be there yet', async () => {
    const reader = new Console();
    await reader.read(file(), 0);
    expect(reader.told).toEqual(nothingTold);
    writeFileSync(file(), `${'x'.repeat(1_000_000)}${stamp}: Listening for Jobs`);
    await reader.read(file(), 0);
    appendFileSync(file(), `\n${stamp}: Running job: a\n`);
    await reader.read(file(), 0);
    const logFrom = 1_000_000 + `${stamp}: Listening for Jobs\n`.length;
    expect(reader.told).toMatchObject({ listening: false, job: { name: 'a', logFrom } });
    truncateSync(file(), 0);
    appendFileSync(file(), `${stamp}: Job a completed with result: Succeeded`);
    await reader.read(file(), 0);
    expect(reader.told.job?.endedAt).toBe(null);
    reader.close(0);
    expect(reader.told.job).toMatchObject({ startedAt: at, result: 'succeeded' });
  });
});
