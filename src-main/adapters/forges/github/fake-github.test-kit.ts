/** For tests: as much of GitHub as runners and demand ask for, in memory. */
import {
  type FakeJob,
  type FakeRepository,
  type FakeRunner,
  jobDto,
  repositoryDto,
  runDto,
} from './fake-dto.test-kit.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export interface Request {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

interface FakeGroup {
  id: number;
  name: string;
  default: boolean;
  visibility: string;
  /** Those that it lets in: repositories, and organisations of an enterprise's. */
  repositories: string[];
  allows_public_repositories?: boolean;
  inherited?: boolean;
}

export class FakeGitHub {
  readonly repositories = new Map<string, FakeRepository>();
  readonly runners = new Map<string, FakeRunner[]>();
  groups: FakeGroup[] = [];
  /** By name: its organisations and its own runner groups. */
  readonly enterprises = new Map<
    string,
    { organisations: { login: string; viewerIsAMember: boolean }[]; groups: FakeGroup[] }
  >();
  /** What GraphQL says is wrong; none: nothing is. */
  graphErrors: { type: string; message: string }[] = [];
  readonly requests: Request[] = [];
  /** Answers before the fake does, by method and path; after: does it, then answers with this status. */
  fault: (method: string, path: string) => { status: number; after?: boolean } | null = () => null;
  hasEtags = true;
  /** The whole configuration of a one-job runner. */
  jitConfig = (name: string): string => `jit-of-${name}`;
  /** Its clock minus ours. */
  skew = 0;
  #next = 100;

  repository(name: string, more: Partial<FakeRepository> = {}): FakeRepository {
    const made = {
      name,
      isPrivate: true,
      isArchived: false,
      pushedAt: Date.now() - 24 * 3_600_000,
      runs: [],
      formerly: [],
      ...more,
    };
    this.repositories.set(name, made);
    return made;
  }

  /** A run of these jobs, one for each list of labels; their ids. */
  queue(name: string, ...labels: string[][]): FakeJob[] {
    const now = Date.now() + this.skew;
    const jobs = labels.map((own) => ({
      id: (this.#next += 1),
      name: `build ${this.#next}`,
      status: 'queued',
      conclusion: null,
      labels: own,
      runner: null,
      createdAt: now,
      startedAt: null,
    }));
    const run = { id: (this.#next += 1), status: 'queued', jobs, createdAt: now, updatedAt: now };
    this.repositories.get(name)?.runs.unshift(run);
    return jobs;
  }

  begin(job: FakeJob, runner: string | null): void {
    Object.assign(job, { status: 'in_progress', runner, startedAt: Date.now() + this.skew });
    this.#settleRuns();
  }

  end(job: FakeJob, conclusion = 'success'): void {
    Object.assign(job, { status: 'completed', conclusion });
    this.#settleRuns();
  }

  #settleRuns(): void {
    for (const { runs } of this.repositories.values())
      for (const run of runs) {
        const status = run.jobs.every((job) => job.status === 'completed')
          ? 'completed'
          : run.jobs.every((job) => job.status === 'queued')
            ? 'queued'
            : 'in_progress';
        if (status !== run.status) Object.assign(run, { status, updatedAt: Date.now() + this.skew });
      }
  }

  /** Registers a runner as another program would. */
  plant(scope: string, name: string, more: Partial<FakeRunner> = {}): FakeRunner {
    const runner: FakeRunner = {
      id: (this.#next += 1),
      name,
      os: 'linux',
      status: 'offline',
      busy: false,
      labels: [{ name: 'x' }],
      group: 1,
      ...more,
    };
    this.runners.set(scope, [...(this.runners.get(scope) ?? []), runner]);
    return runner;
  }

  names(scope: string): string[] {
    return (this.runners.get(scope) ?? []).map(({ name }) => name);
  }

  answer(asked: Asked): Answer {
    const fault = this.fault(asked.method, asked.path);
    if (fault !== null && fault.after !== true) return this.#noted(asked, { status: fault.status });
    const answer = this.#answer(asked);
    return this.#noted(asked, fault === null ? answer : { status: fault.status });
  }

  #noted({ method, path }: Asked, answer: Answer): Answer {
    this.requests.push({ at: Date.now(), method, path, status: answer.status });
    return answer;
  }

  #answer(asked: Asked): Answer {
    const { path } = asked;
    const [kind = '', one = '', two = ''] = path.slice(1).split('/');
    if (path === '/user/repos' || /^\/orgs\/[^/]+\/repos$/.test(path)) return this.#list(asked, one);
    if (path === '/graphql') return this.#organisations(asked);
    if (path.includes('/actions/runner-groups')) return this.#groups(path);
    const scope = kind === 'repos' ? `${one}/${two}` : kind === 'orgs' ? one : `enterprises/${one}`;
    if (path.includes('/actions/runners')) return this.#runner(asked, scope);
    const repository = [...this.repositories.values()].find(
      ({ name, formerly }) => name === scope || formerly.includes(scope),
    );
    if (repository === undefined) return { status: 404, body: { message: 'Not Found' } };
    if (path.includes('/actions/')) return this.#actions(asked, repository);
    return { status: 200, body: repositoryDto(repository) };
  }

  #list({ query }: Asked, owner: string): Answer {
    const page = Number(query.get('page') ?? 1);
    const all = [...this.repositories.values()]
      .filter(({ name }) => owner === 'repos' || name.startsWith(`${owner}/`))
      .sort((a, b) => b.pushedAt - a.pushedAt);
    return { status: 200, body: all.slice((page - 1) * 100, page * 100).map(repositoryDto) };
  }

  /** Two a page. */
  #organisations({ body }: Asked): Answer {
    const { enterprise, after } = body['variables'] as { enterprise: string; after: string | null };
    const errors = this.graphErrors;
    const found = this.enterprises.get(enterprise);
    if (found === undefined || errors.length > 0)
      return { status: 200, body: { data: { enterprise: null }, errors } };
    const end = Number(after ?? 0) + 2;
    const nodes = found.organisations.slice(end - 2, end);
    const pageInfo = { hasNextPage: end < found.organisations.length, endCursor: String(end) };
    return { status: 200, body: { data: { enterprise: { organizations: { nodes, pageInfo } } } } };
  }

  #groups(path: string): Answer {
    const enterprise = /^\/enterprises\/([^/]+)/.exec(path)?.[1];
    const groups = enterprise === undefined ? this.groups : (this.enterprises.get(enterprise)?.groups ?? []);
    const [, id, key] = /runner-groups\/(\d+)\/(repositories|organizations)/.exec(path) ?? [];
    if (key === undefined) return { status: 200, body: { runner_groups: groups } };
    const names = groups.find((one) => one.id === Number(id))?.repositories ?? [];
    const name = key === 'repositories' ? 'full_name' : 'login';
    return { status: 200, body: { [key]: names.map((one) => ({ [name]: one })) } };
  }

  #runner({ method, path, query, body }: Asked, scope: string): Answer {
    const here = this.runners.get(scope) ?? [];
    const id = Number(/runners\/(\d+)/.exec(path)?.[1]);
    const one = here.find((runner) => runner.id === id);
    if (path.endsWith('/generate-jitconfig')) return this.#jit(scope, body);
    if (path.endsWith('/registration-token'))
      return {
        status: 201,
        body: { token: 'AAAA', expires_at: new Date(Date.now() + 3_600_000).toISOString() },
      };
    if (path.endsWith('/runners')) {
      const name = query.get('name');
      const rows = here.filter((runner) => name === null || runner.name === name);
      return { status: 200, body: { total_count: rows.length, runners: rows } };
    }
    if (one === undefined) return { status: 404, body: { message: 'Not Found' } };
    if (path.endsWith('/labels')) {
      one.labels = (body['labels'] as string[]).map((name) => ({ name }));
      return { status: 200, body: { total_count: one.labels.length, labels: one.labels } };
    }
    if (method === 'GET') return { status: 200, body: one };
    if (one.busy)
      return { status: 422, body: { message: `Bad request - Runner "${one.name}" is still running a job"` } };
    this.runners.set(
      scope,
      here.filter((runner) => runner !== one),
    );
    return { status: 204 };
  }

  #jit(scope: string, body: Record<string, unknown>): Answer {
    const name = String(body['name']);
    if (this.names(scope).includes(name))
      return {
        status: 409,
        body: { message: `Already exists - A runner with the name ${name} already exists.` },
      };
    const labels = (body['labels'] as string[]).map((label) => ({ name: label }));
    if (labels.some((label) => label.name === 'bad'))
      return { status: 422, body: { message: 'Validation Failed', errors: ['Label bad is reserved'] } };
    const group = Number(body['runner_group_id']);
    const runner = this.plant(scope, name, { os: 'unknown', labels, group });
    return { status: 201, body: { runner, encoded_jit_config: this.jitConfig(name) } };
  }

  #actions({ method, path, query }: Asked, repository: FakeRepository): Answer {
    const { runs } = repository;
    const ofRun = Number(/runs\/(\d+)/.exec(path)?.[1]);
    const ofJob = Number(/jobs\/(\d+)/.exec(path)?.[1]);
    const run = runs.find(({ id, jobs }) => id === ofRun || jobs.some((job) => job.id === ofJob));
    if (path.endsWith('/actions/runs')) {
      const status = query.get('status');
      const before = Date.parse(query.get('created')?.replace('<=', '') ?? '');
      const rows = runs
        .filter((one) => status === null || one.status === status)
        .filter((one) => Number.isNaN(before) || one.createdAt <= before);
      const page = rows.slice(0, Number(query.get('per_page') ?? 30));
      return {
        status: 200,
        body: { total_count: rows.length, workflow_runs: page.map((one) => runDto(one, repository)) },
      };
    }
    if (run === undefined) return { status: 404, body: { message: 'Not Found' } };
    if (path.endsWith('/jobs'))
      return { status: 200, body: { jobs: run.jobs.map((job) => jobDto(job, run, repository)) } };
    const job = run.jobs.find(({ id }) => id === ofJob);
    if (method === 'GET') return { status: 200, body: job && jobDto(job, run, repository) };
    if (path.endsWith('/rerun'))
      return run.status === 'completed'
        ? { status: 201 }
        : { status: 403, body: { message: 'The workflow run is still going' } };
    return run.status === 'completed'
      ? { status: 409, body: { message: 'Cannot cancel a workflow run that is completed.' } }
      : { status: 202, body: {} };
  }
}
