/** Which jobs of a workflow the runners of a pool take, and what will not work there. */
import { offersLabel } from '../labels.ts';
import { engineNeeds, toolsOf, wantsRights } from './tools.ts';
import type { RunnerWish, WorkflowJob } from './types.ts';

export interface FitPool {
  /** All labels that its runners carry. */
  readonly labels: readonly string[];
  /** The name of the runner group that they are in. */
  readonly group: string;
}

export interface FitHost {
  /** Is there a container engine that jobs may use? */
  readonly docker: boolean;
  /** Is there a program of this name that jobs find? */
  hasTool(name: string): boolean;
}

/**
 * `taken`: at least one of its runs comes here; `hosted`: it asks for GitHub's own machines; `other`: for runners that
 * this pool has not; `unknown`: only GitHub can tell; `elsewhere`: another workflow says it.
 */
export type Verdict = 'taken' | 'hosted' | 'other' | 'unknown' | 'elsewhere';

export interface JobFit {
  readonly job: string;
  readonly verdict: Verdict;
  /** What `runs-on` asks for that is not here, in words; null where nothing is. */
  readonly asks: string | null;
  /** Of jobs that may come here: what is missing for them. */
  readonly engine: readonly string[];
  readonly tools: readonly string[];
  readonly rights: boolean;
}

/** Labels of machines that GitHub runs itself, by the names of its images. */
const hostedLabel = /^(?:ubuntu|windows|macos)-(?:latest|slim|\d[\w.-]*)$/i;

export function fitOf(job: WorkflowJob, pool: FitPool, host: FitHost): JobFit {
  const { verdict, asks } = verdictOf(job, pool);
  const comes = verdict === 'taken' || verdict === 'unknown';
  return {
    job: job.id,
    verdict,
    asks,
    engine: comes && !host.docker ? engineNeeds(job) : [],
    tools: comes ? toolsOf(job).filter((tool) => !host.hasTool(tool)) : [],
    rights: comes && wantsRights(job),
  };
}

function verdictOf(job: WorkflowJob, pool: FitPool): Pick<JobFit, 'verdict' | 'asks'> {
  const { runsOn } = job;
  if (runsOn.kind === 'elsewhere') return { verdict: 'elsewhere', asks: runsOn.workflow };
  if (runsOn.kind === 'unknown') return { verdict: 'unknown', asks: runsOn.text };
  const lacking = runsOn.wishes.filter((wish) => !isMet(wish, pool));
  const asks = lacking.length === 0 ? null : [...new Set(lacking.map(wishText))].join('; ');
  if (lacking.length < runsOn.wishes.length) return { verdict: 'taken', asks };
  return { verdict: lacking.every(isHosted) ? 'hosted' : 'other', asks };
}

function isMet({ labels, group }: RunnerWish, pool: FitPool): boolean {
  if (group !== null && group.toLowerCase() !== pool.group.toLowerCase()) return false;
  return labels.every((label) => offersLabel(pool.labels, label));
}

function isHosted({ labels, group }: RunnerWish): boolean {
  return group === null && labels.length > 0 && labels.every((label) => hostedLabel.test(label));
}

function wishText({ labels, group }: RunnerWish): string {
  return [...(group === null ? [] : [`group ${group}`]), ...labels].join(', ');
}
