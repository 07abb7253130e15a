/** What is read of a GitHub workflow: enough to say which of its jobs this host can take. */

/** One way in which a job asks for a runner; a matrix has several. */
export interface RunnerWish {
  readonly labels: readonly string[];
  readonly group: string | null;
}

/** `unknown`: only GitHub can work out its expression. `elsewhere`: the job is another workflow, which says it there. */
export type RunsOn =
  | { readonly kind: 'known'; readonly wishes: readonly RunnerWish[] }
  | { readonly kind: 'unknown'; readonly text: string }
  | { readonly kind: 'elsewhere'; readonly workflow: string };

export interface WorkflowJob {
  readonly id: string;
  readonly runsOn: RunsOn;
  readonly container: boolean;
  readonly services: boolean;
  /** The actions of its steps, as they are written. */
  readonly uses: readonly string[];
  /** The shell texts of its steps. */
  readonly scripts: readonly string[];
}

export interface Workflow {
  /** Names of the events that start it. */
  readonly triggers: readonly string[];
  readonly jobs: readonly WorkflowJob[];
}

export type WorkflowRead =
  { readonly ok: true; readonly workflow: Workflow } | { readonly ok: false; readonly why: string };
