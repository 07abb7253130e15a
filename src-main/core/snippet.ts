/** A workflow whose jobs run on this workstation while it is there, and on GitHub's own machines otherwise. */
import type { Pool } from '../contract/pool.ts';
import { problem } from '../contract/problem.ts';
import { labelsOfPool } from './labels.ts';

/** The variable that is kept fresh: epoch seconds of the last time, 0 where runners are paused or have ended. */
export const onlineVariable = 'HOMERUNNER_ONLINE';

/** Seconds; an older variable means that the workstation has gone. */
export const freshForSeconds = 300;

export interface SnippetWish {
  readonly variable: string;
  /** `owner/repository`, or whatever its scope is called; shown in a comment alone. */
  readonly repository: string;
  /** The labels by which jobs ask for our runners. */
  readonly labels: readonly string[];
}

/** The workflow for a pool at GitHub; throws `usage` for another. */
export function snippetFor(pool: Pool): string {
  if (pool.forge !== 'github')
    throw problem('usage', `The pool ${pool.id} is not one at GitHub.`, 'See `homerunner pool list`.');
  return workflowSnippet({
    variable: onlineVariable,
    repository: pool.scope ?? pool.id,
    // What every one of its runners carries; a job asks for no more than that.
    labels: labelsOfPool(pool, { arch: pool.arch, labels: ['self-hosted', pool.arch] }),
  });
}

/**
 * The text of a whole workflow file. Its first job runs at GitHub, takes some seconds, and tells the second where to
 * run. Throws `usage` for names that GitHub or a shell would read as something else.
 */
export function workflowSnippet({ variable, repository, labels }: SnippetWish): string {
  if (!/^[A-Za-z_]\w{0,99}$/.test(variable) || /^GITHUB_/i.test(variable)) {
    throw problem(
      'usage',
      `${JSON.stringify(variable)} is no name of a variable.`,
      'Use letters, digits, _.',
    );
  }
  if (labels.length === 0 || labels.some((label) => label.includes('${{') || /[\s\p{Cc},]/u.test(label))) {
    throw problem('usage', 'These labels cannot stand in a workflow.', 'Give labels without spaces or ${{.');
  }
  const here = JSON.stringify(labels).replaceAll("'", "''");
  return `# ${repository.replaceAll(/[^\w./*-]+/g, ' ').trim()}: jobs run on the workstation while it is there, else at GitHub.
#
# What it costs: the job "where" runs on a machine of GitHub for some seconds, which is billed as one minute
# per run in private repositories, and is free in public ones. Each run begins that much later.
# It reads the variable ${variable}, which Homerunner refreshes every 2 minutes while it may start
# runners. One that is older than ${freshForSeconds / 60} minutes, or 0, means: not there.
name: workstation or hosted
on: [push]
permissions: {}
jobs:
  where:
    runs-on: ubuntu-latest
    timeout-minutes: 2
    outputs:
      runner: \${{ steps.choose.outputs.runner }}
    steps:
      - id: choose
        shell: bash
        env:
          SEEN: \${{ vars.${variable} }}
          HERE: '${here}'
          HOSTED: '"ubuntu-latest"'
        run: |
          runner="$HOSTED"
          if [[ "$SEEN" =~ ^[0-9]{1,12}$ ]]; then
            age=$(( $(date +%s) - 10#$SEEN ))
            if (( age >= -${freshForSeconds} && age <= ${freshForSeconds} )); then runner="$HERE"; fi
          fi
          printf 'runner=%s\\n' "$runner" >> "$GITHUB_OUTPUT"

  build:
    needs: where
    runs-on: \${{ fromJSON(needs.where.outputs.runner) }}
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@v4
      - run: echo "This ran on $RUNNER_NAME"
`;
}
