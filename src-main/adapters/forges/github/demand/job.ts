/** A job as it was seen, in our words. */
import type { Arch } from '../../../../contract/job.ts';
import { normalise } from '../../../../core/labels.ts';
import type { AgentResult } from '../../../../core/agent-port.ts';
import type { ForgeJob } from '../../../../core/forge-port.ts';
import type { JobDto } from './dto.ts';

/** Times are wall-clock milliseconds by our clock. */
export interface SeenJob extends ForgeJob {
  readonly run: number;
  readonly status: string;
  /** The runner that has or had it. */
  readonly runner: string | null;
  /** When it was asked for. */
  readonly seenAt: number;
}

/** `skew`: our clock minus the forge's, milliseconds: its times are told by ours. */
export function seenJob(job: JobDto, repository: string, seenAt: number, skew: number): SeenJob {
  const at = (text: string | null | undefined): number | null => {
    const time = text == null ? NaN : Date.parse(text);
    return Number.isNaN(time) ? null : Math.round(time + skew);
  };
  const hasBegun = job.status === 'in_progress' || job.status === 'completed';
  return {
    id: `gh-${job.id}`,
    run: job.run_id,
    name: job.name,
    url: job.html_url,
    repository,
    labels: job.labels,
    status: job.status,
    runner: job.runner_name === '' ? null : job.runner_name,
    seenAt,
    createdAt: at(job.created_at) ?? at(job.started_at) ?? 0,
    // Before a job begins GitHub gives the time at which it was made.
    startedAt: hasBegun ? at(job.started_at) : null,
    endedAt: job.status === 'completed' ? at(job.completed_at) : null,
    result: job.status === 'completed' ? resultOf(job.conclusion) : null,
  };
}

/** A job waits for a runner of one's own only where it names labels. */
export function waitsForRunner({ status, labels }: SeenJob): boolean {
  return status === 'queued' && labels.length > 0;
}

/** Images of GitHub's own machines, such as ubuntu-24.04 and macos-latest; without the word self-hosted they name no machine of others. */
const hostedImage = /^(?:ubuntu|windows|macos)-/;

/** Does a job with these labels wait for a machine of GitHub, as long as nobody offers them? */
export function asksForHosted(labels: readonly string[], offered: readonly string[]): boolean {
  const names = labels.map(normalise);
  if (names.includes('self-hosted')) return false;
  const own = offered.map(normalise);
  return names.some((label) => hostedImage.test(label) && !own.includes(label));
}

function resultOf(conclusion: string | null): AgentResult {
  switch (conclusion) {
    case 'success':
    case 'neutral':
      return 'succeeded';
    case 'cancelled':
      return 'cancelled';
    case 'skipped':
      return 'skipped';
    case 'stale':
      return 'abandoned';
    default:
      return 'failed';
  }
}

const byLabel: Readonly<Record<string, Arch>> = {
  x64: 'x64',
  amd64: 'x64',
  x86_64: 'x64',
  arm64: 'arm64',
  aarch64: 'arm64',
  'arm64-emulated': 'arm64',
  arm: 'arm',
  riscv64: 'riscv64',
};

/** The architecture that a job's labels name; null: none. */
export function archOfLabels(labels: readonly string[]): Arch | null {
  for (const label of labels) {
    const key = label.trim().toLowerCase();
    if (Object.hasOwn(byLabel, key)) return byLabel[key] ?? null;
  }
  return null;
}
