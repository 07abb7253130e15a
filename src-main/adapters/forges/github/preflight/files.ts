/** Reads the workflows of a repository on its default branch. */
import type { WorkflowRead } from '../../../../core/workflows/types.ts';
import { problemOf, ProblemError } from '../../../../contract/problem.ts';
import { partsOf } from './account.ts';
import { type Ask, get, type Repository } from './ask.ts';
import { parseWorkflow } from './parse.ts';

/** A workflow file is text that people write: one that is bigger is generated, and would take seconds to read. */
const mostBytes = 128 * 1024;

interface Entry {
  readonly type?: string;
  readonly name: string;
  readonly size?: number;
}

export interface WorkflowFile {
  /** `ci.yml`, or `owner/repository ci.yml` where several repositories are looked at. */
  readonly file: string;
  readonly read: WorkflowRead;
}

/** The first `most` of its workflows; none where it has no such folder. Throws where GitHub cannot be asked for the folder. */
export async function workflowsOf(
  ask: Ask,
  { full_name }: Repository,
  most: number,
  prefix = '',
): Promise<readonly WorkflowFile[]> {
  const where = partsOf(full_name);
  const files = (await folder(ask, where)).filter(
    ({ name, type = 'file' }) => type === 'file' && /\.ya?ml$/i.test(name),
  );
  return Promise.all(
    files.slice(0, most).map(async (entry) => ({
      file: `${prefix}${entry.name}`,
      read: await readFile(ask, where, entry),
    })),
  );
}

async function folder(ask: Ask, where: { owner: string; repo: string }): Promise<readonly Entry[]> {
  try {
    const data = await get<unknown>(ask, '/repos/{owner}/{repo}/contents/.github/workflows', where);
    return Array.isArray(data) ? (data as readonly Entry[]) : [];
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'not-found') return [];
    throw error;
  }
}

async function readFile(
  ask: Ask,
  where: { owner: string; repo: string },
  { name, size = 0 }: Entry,
): Promise<WorkflowRead> {
  const tooBig: WorkflowRead = { ok: false, why: 'it is too big to be looked at' };
  if (size > mostBytes) return tooBig;
  try {
    const route = '/repos/{owner}/{repo}/contents/.github/workflows/{name}';
    const { content } = await get<{ content?: string }>(ask, route, { ...where, name });
    const bytes = Buffer.from(content ?? '', 'base64');
    return bytes.length > mostBytes ? tooBig : await parseWorkflow(bytes.toString('utf8'));
  } catch (error) {
    return { ok: false, why: problemOf(error).message };
  }
}
