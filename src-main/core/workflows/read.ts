/** Reads a workflow from its parsed YAML. It never throws: what is no workflow is a sentence. */
import { runsOnOf } from './runs-on.ts';
import type { WorkflowJob, WorkflowRead } from './types.ts';
import { fieldOf, isFields, listOf, textOf } from './values.ts';

export function readWorkflow(value: unknown): WorkflowRead {
  if (!isFields(value)) return { ok: false, why: 'it is no list of fields' };
  const jobs = fieldOf(value, 'jobs');
  if (!isFields(jobs)) return { ok: false, why: 'it has no jobs' };
  return {
    ok: true,
    workflow: {
      triggers: triggersOf(fieldOf(value, 'on')),
      jobs: Object.entries(jobs).flatMap(([id, job]) => (isFields(job) ? [jobOf(id, job)] : [])),
    },
  };
}

/** `on` is one event, a list of them, or fields by event. */
function triggersOf(on: unknown): readonly string[] {
  if (isFields(on)) return Object.keys(on);
  const events: readonly unknown[] = Array.isArray(on) ? on : [on];
  return events.map(textOf).filter((event) => event !== null);
}

function jobOf(id: string, job: unknown): WorkflowJob {
  const steps = listOf(fieldOf(job, 'steps'));
  const texts = (name: string): readonly string[] =>
    steps.map((step) => textOf(fieldOf(step, name))).filter((text) => text !== null);
  return {
    id,
    runsOn: runsOnOf(job),
    container: isThere(fieldOf(job, 'container')),
    services: isThere(fieldOf(job, 'services')),
    uses: texts('uses'),
    scripts: texts('run'),
  };
}

function isThere(value: unknown): boolean {
  return isFields(value) ? Object.keys(value).length > 0 : (textOf(value) ?? '') !== '';
}
