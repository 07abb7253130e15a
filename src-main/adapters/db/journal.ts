/** What a row of the journal must be, so that no damaged one reaches the plan. */
import * as v from 'valibot';
import { architectures, forgeIds } from '../../contract/job.ts';
import type { RunnerRecord } from '../../core/runner.ts';

const time = v.nullable(v.number());

const RecordSchema = v.looseObject({
  name: v.string(),
  pool: v.string(),
  forge: v.picklist(forgeIds),
  scope: v.nullable(v.string()),
  arch: v.picklist(architectures),
  labels: v.array(v.string()),
  resources: v.looseObject({ cpus: v.union([v.number(), v.array(v.number())]), memoryMiB: v.number() }),
  oneJob: v.boolean(),
  intendedAt: v.number(),
  notBefore: v.number(),
  registration: v.nullable(v.string()),
  preparedAt: time,
  process: v.nullable(v.looseObject({ pid: v.number(), startTime: v.string(), bootId: v.string() })),
  startedAt: time,
  job: v.nullable(v.string()),
  jobsDone: v.number(),
  lastJob: v.optional(v.looseObject({ name: v.string(), startedAt: v.number() })),
  idleSince: time,
  ending: v.nullable(v.looseObject({ why: v.string(), now: v.boolean(), at: v.number() })),
  fencedAt: time,
  signalledAt: time,
  removedAt: time,
  failure: v.nullable(v.looseObject({ problem: v.looseObject({ message: v.string() }), at: v.number() })),
});

/** Has this value every field of a runner's record, each of its kind? */
export function isRunnerRecord(value: unknown): value is RunnerRecord {
  return v.is(RecordSchema, value);
}
