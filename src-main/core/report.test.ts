import { expect, it } from 'vitest';
import type { Snapshot } from '../contract/snapshot.ts';
import { reportText } from './report.ts';

const facts = {
  at: 1_800_000_000_000,
  versions: { homerunner: '1.2.3', node: '20.1.1' },
  system: 'Linux 6.1 (x64)',
  machine: null,
  configuration: '{\n  "version": 1\n}\n',
  snapshot: null,
  problems: [],
  log: [],
};

it('says in sections what is known, and that the rest is not', () => {
  const text = reportText(facts);
  const titles = [...text.matchAll(/^== (.+)$/gm)].map(([, title]) => title);
  expect(titles).toEqual([
    ...['When', 'Versions', 'System', 'Problems', 'State', 'Configuration', 'Machine', 'Log'],
  ]);
  expect(text).toContain('2027-01-15T08:00:00.000Z');
  expect(text).toContain('homerunner 1.2.3\nnode 20.1.1');
  expect(text).toContain('No supervisor runs.');
  expect(text).toMatch(/Read it before you send it/);
});

it('shows jobs by the first word of their command, and no address', () => {
  const job = { id: 'j', name: 'curl -H "X-Key: hunter2" x', url: 'https://forge/secret' };
  const snapshot = {
    jobs: [job],
    runners: [
      { name: 'hr-1', job },
      { name: 'hr-2', job: null },
    ],
  } as unknown as Snapshot;
  const text = reportText({ ...facts, snapshot });
  expect(text).not.toMatch(/hunter2|forge\/secret/);
  expect(text.match(/"name": "curl"/g)).toHaveLength(2);
});

it('tells problems with what to do, and cuts long lines of the log', () => {
  const problems = [{ code: 'disk-reserve' as const, message: 'Full.', hint: 'Free some.' }];
  const text = reportText({ ...facts, problems, log: ['short', 'x'.repeat(5000)] });
  expect(text).toContain('disk-reserve: Full. Free some.');
  expect(text).toContain(`\nshort\n${'x'.repeat(1000)}…\n`);
});
