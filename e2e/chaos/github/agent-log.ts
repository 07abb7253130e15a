/** What an agent has said of a job in its log: whole lines only, since a job may be called whatever it likes. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What is kept with a job of the history, by its id there; null: nothing. */
export function keptLog(home: string, id: string): string | null {
  const file = path.join(home, 'jobs', id, 'log');
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

/** The lines after the last beginning of this job; null: it never began, as far as the log goes. */
function since(log: string, name: string): readonly string[] | null {
  const lines = log.split(/\r?\n/);
  const at = lines.findLastIndex((line) => said(line) === `Running job: ${name}`);
  return at < 0 ? null : lines.slice(at + 1);
}

/** Without the time before it. */
const said = (line: string): string => line.replace(/^[\d-]+ [\d:]+Z: /, '');

export const isBegunIn = (log: string, name: string): boolean => since(log, name) !== null;

/** The result that the agent told, as it calls it; null: nothing was told. */
export function toldOf(log: string, name: string): string | null {
  const start = `Job ${name} completed with result: `;
  const line = since(log, name)
    ?.map(said)
    .find((each) => each.startsWith(start));
  return line === undefined ? null : line.slice(start.length);
}
