/** The schema: migration n brings `user_version` from n to n + 1. Written ones never change; new ones are appended. */

const open = `('queued', 'assigned', 'running')`;
const rank = (row: string) =>
  `CASE ${row}.state WHEN 'queued' THEN 0 WHEN 'assigned' THEN 1 WHEN 'running' THEN 2 ELSE 3 END`;

export const migrations: readonly string[] = [
  `
  CREATE TABLE jobs (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    forge TEXT NOT NULL,
    pool TEXT,
    runner TEXT,
    name TEXT NOT NULL,
    url TEXT,
    labels TEXT NOT NULL,
    arch TEXT,
    state TEXT NOT NULL CHECK (
      state IN ('queued', 'assigned', 'running', 'succeeded', 'failed', 'cancelled', 'lost')
    ),
    created_at REAL NOT NULL,
    started_at REAL,
    ended_at REAL,
    exit_code INTEGER,
    result TEXT,
    ended_by TEXT,
    peak_cpu REAL,
    peak_memory_mib REAL,
    attempt INTEGER NOT NULL,
    retry_of TEXT,
    retried_as TEXT,
    submission TEXT,
    commit_id TEXT,
    cancel_requested INTEGER NOT NULL,
    deadline REAL,
    problem TEXT
  ) STRICT;
  CREATE INDEX jobs_open ON jobs (forge, seq) WHERE state IN ${open};

  CREATE TRIGGER jobs_forward_only BEFORE UPDATE OF state ON jobs
  WHEN ${rank('NEW')} <= ${rank('OLD')}
  BEGIN SELECT RAISE(ABORT, 'a job state moves forward only'); END;

  CREATE TRIGGER jobs_one_outcome
  BEFORE UPDATE OF exit_code, result, ended_by, ended_at, started_at, pool, runner, problem ON jobs
  WHEN OLD.state NOT IN ${open}
  BEGIN SELECT RAISE(ABORT, 'an outcome is never overwritten'); END;

  CREATE TABLE runners (
    name TEXT PRIMARY KEY,
    pool TEXT NOT NULL,
    forge TEXT NOT NULL,
    job TEXT,
    record TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE refs (
    repository TEXT NOT NULL,
    ref TEXT NOT NULL,
    job TEXT NOT NULL,
    PRIMARY KEY (repository, ref)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX refs_job ON refs (job);

  -- The empty pool is the whole host: NULL would not be unique.
  CREATE TABLE pauses (pool TEXT PRIMARY KEY, pause TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT,
    message TEXT NOT NULL
  ) STRICT;
  CREATE INDEX events_at ON events (at);

  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  -- What begins and ends stretches of time is rare and must not be pushed out by what happens all the time.
  CREATE TABLE span_events (
    seq INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT,
    message TEXT NOT NULL
  ) STRICT;
  CREATE INDEX span_events_at ON span_events (at);
  INSERT INTO span_events (at, kind, subject, message)
    SELECT at, kind, subject, message FROM events
    WHERE kind IN ('online', 'offline', 'pause', 'resume') ORDER BY seq;
  DELETE FROM events WHERE kind IN ('online', 'offline', 'pause', 'resume');

  -- Running jobs are those without an end.
  CREATE INDEX jobs_ran ON jobs (ended_at, started_at) WHERE started_at IS NOT NULL;
  `,
  `
  CREATE TABLE unnamed (job TEXT PRIMARY KEY, record TEXT NOT NULL, told TEXT NOT NULL) STRICT;
  `,
];
