/** For tests: what the fake holds, and how GitHub shows it. */

export interface FakeRunner {
  id: number;
  name: string;
  os: string;
  status: 'online' | 'offline';
  busy: boolean;
  labels: { name: string }[];
  group: number;
}

export interface FakeJob {
  id: number;
  name: string;
  status: string;
  conclusion: string | null;
  labels: string[];
  runner: string | null;
  createdAt: number;
  startedAt: number | null;
}

export interface FakeRun {
  id: number;
  status: string;
  jobs: FakeJob[];
  createdAt: number;
  updatedAt: number;
}

export interface FakeRepository {
  name: string;
  isPrivate: boolean;
  isArchived: boolean;
  pushedAt: number;
  runs: FakeRun[];
  /** Asked for under these names too. */
  formerly: string[];
}

export function repositoryDto({ name, isPrivate, isArchived, pushedAt }: FakeRepository) {
  return {
    full_name: name,
    private: isPrivate,
    archived: isArchived,
    pushed_at: new Date(pushedAt).toISOString(),
  };
}

export function runDto({ id, status, createdAt, updatedAt }: FakeRun, { name, isPrivate }: FakeRepository) {
  return {
    id,
    status,
    created_at: new Date(createdAt).toISOString(),
    updated_at: new Date(updatedAt).toISOString(),
    run_attempt: 1,
    repository: { full_name: name, private: isPrivate },
  };
}

export function jobDto(job: FakeJob, run: FakeRun, { name }: FakeRepository) {
  return {
    id: job.id,
    run_id: run.id,
    name: job.name,
    status: job.status,
    conclusion: job.conclusion,
    labels: job.labels,
    html_url: `https://github.com/${name}/actions/runs/${run.id}/job/${job.id}`,
    created_at: new Date(job.createdAt).toISOString(),
    started_at: job.startedAt === null ? null : new Date(job.startedAt).toISOString(),
    completed_at: job.status === 'completed' ? new Date(job.createdAt + 60_000).toISOString() : null,
    runner_name: job.runner,
  };
}
