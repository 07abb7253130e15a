/** Lights about the workflows: which jobs come here, and what will not work for them. None of them blocks. */
import type { Light } from '../../../../contract/commands.ts';
import { type FitPool, fitOf, type JobFit } from '../../../../core/workflows/fit.ts';
import { labelsOfPool } from '../../../../core/labels.ts';
import type { Ask, Repository } from './ask.ts';
import { type WorkflowFile, workflowsOf } from './files.ts';
import { good, namesOf, unasked, warning } from './light.ts';

/** Files that are looked at in one repository, and in each of many. */
const mostFiles = 50;
const mostFilesOfMany = 5;

interface Found extends JobFit {
  /** `build in ci.yml`. */
  readonly where: string;
}

export async function workflowLights(ask: Ask, repositories: readonly Repository[]): Promise<Light[]> {
  const many = repositories.length > 1;
  let files: readonly WorkflowFile[];
  try {
    const lists = await Promise.all(
      repositories.map((repository) =>
        workflowsOf(
          ask,
          repository,
          many ? mostFilesOfMany : mostFiles,
          many ? `${repository.full_name} ` : '',
        ),
      ),
    );
    files = lists.flat();
  } catch (error) {
    return [unasked('workflows', 'what the workflows ask for', error)];
  }
  const found = jobsOf(ask, files);
  return [readable(files), privileged(files), labels(ask, found), engine(found), programs(found)];
}

function jobsOf(ask: Ask, files: readonly WorkflowFile[]): readonly Found[] {
  const { pool, host } = ask;
  const offered: FitPool = {
    labels: labelsOfPool(pool, { arch: host.arch, labels: host.hostLabels }),
    group: pool.group ?? 'Default',
  };
  return files.flatMap(({ file, read }) =>
    read.ok
      ? read.workflow.jobs.map((job) => ({ ...fitOf(job, offered, host), where: `${job.id} in ${file}` }))
      : [],
  );
}

function readable(files: readonly WorkflowFile[]): Light {
  const name = 'workflows';
  if (files.length === 0) {
    const hint = 'Add one under .github/workflows, with a job that runs on self-hosted.';
    return warning(name, 'There is no workflow on the default branch yet.', hint);
  }
  const bad = files.flatMap(({ file, read }) => (read.ok ? [] : [`${file} (${read.why})`]));
  return bad.length === 0
    ? good(name, `${files.length === 1 ? '1 workflow was' : `${files.length} workflows were`} read.`)
    : warning(
        name,
        `Not looked at: ${namesOf(bad, 3)}.`,
        'GitHub shows on its Actions page what is wrong with it.',
      );
}

/** Such a workflow runs with the rights of the repository on code that strangers propose. */
function privileged(files: readonly WorkflowFile[]): Light {
  const name = 'pull-request-target';
  const using = files.flatMap(({ file, read }) =>
    read.ok && read.workflow.triggers.includes('pull_request_target') ? [file] : [],
  );
  return using.length === 0
    ? good(name, 'No workflow is started by pull_request_target.')
    : warning(
        name,
        `Started by pull_request_target: ${namesOf(using)}. It runs without an approval, with the secrets of the repository.`,
        'Use pull_request, or make sure that it never checks out the code of the pull request.',
      );
}

function labels({ pool, host }: Ask, found: readonly Found[]): Light {
  const name = 'labels';
  const of = (verdict: Found['verdict']): readonly Found[] => found.filter((job) => job.verdict === verdict);
  const asking = (jobs: readonly Found[]): string =>
    namesOf(
      jobs.map(({ where, asks }) => `${where} (${asks ?? ''})`),
      4,
    );
  const taken = of('taken').length;
  const parts = [`${taken} of ${found.length} jobs ${taken === 1 ? 'comes' : 'come'} to this pool.`];
  if (of('other').length > 0) parts.push(`No runner of it takes ${asking(of('other'))}.`);
  if (of('hosted').length > 0) parts.push(`On machines of GitHub: ${asking(of('hosted'))}.`);
  if (of('unknown').length > 0) parts.push(`Not known before they start: ${asking(of('unknown'))}.`);
  const partly = of('taken').filter(({ asks }) => asks !== null);
  if (partly.length > 0) parts.push(`Only in part: ${asking(partly)}.`);
  const message = parts.join(' ');
  const maybe = taken + of('unknown').length + of('elsewhere').length;
  if (of('other').length === 0 && (maybe > 0 || found.length === 0)) return good(name, message);
  const offered = labelsOfPool(pool, { arch: host.arch, labels: host.hostLabels });
  return warning(
    name,
    message,
    `Jobs that are to come here say runs-on: [${offered.join(', ')}], or some of these.`,
  );
}

function engine(found: readonly Found[]): Light {
  const needing = found.filter((job) => job.engine.length > 0);
  return needing.length === 0
    ? good('docker', 'No job that comes here needs a container engine that is not there.')
    : warning(
        'docker',
        `These jobs need Docker, which jobs cannot use here: ${namesOf(
          needing.map((job) => `${job.where} (${job.engine.join(', ')})`),
          4,
        )}.`,
        'Install Docker, or let these jobs run on machines of GitHub.',
      );
}

/** What machines of GitHub have, and this one may not: programs, and the right to become root. */
function programs(found: readonly Found[]): Light {
  const rights = found.filter((job) => job.rights).map((job) => job.where);
  const lacking = found
    .filter((job) => job.tools.length > 0)
    .map((job) => `${job.where} (${job.tools.join(', ')})`);
  const parts = [
    lacking.length > 0 ? `Not found on this machine: ${namesOf(lacking, 4)}.` : null,
    rights.length > 0 ? `Installs packages or uses sudo: ${namesOf(rights, 4)}.` : null,
  ].filter((part) => part !== null);
  return parts.length === 0
    ? good('tools', 'The programs that its jobs call are here, or are brought by setup actions.')
    : warning(
        'tools',
        parts.join(' '),
        'Install what is missing, or have a setup action bring it; sudo works only where it asks for no password.',
      );
}
