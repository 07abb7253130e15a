import { expect, it } from 'vitest';
import { seenJob } from './job.ts';

it('a job’s times are told by our clock, in whole milliseconds', () => {
  const at = '2026-05-01T12:00:00Z';
  const dto = { id: 1, run_id: 2, name: 'test', html_url: '', labels: [], runner_name: '', conclusion: null };
  const seen = seenJob({ ...dto, status: 'queued', created_at: at, started_at: at } as never, 'a/b', 0, 0.49);
  expect(seen).toMatchObject({ createdAt: Date.parse(at), startedAt: null, endedAt: null });
});
