/** The configuration as a text that goes from one machine to another. */
import * as v from 'valibot';
import type { Arch } from '../../contract/job.ts';
import { PoolSchema } from '../../contract/pool.ts';
import { problem } from '../../contract/problem.ts';
import { type Settings, SettingsSchema } from '../../contract/settings.ts';
import { type Config, parseConfig } from './schema.ts';

/** The fields that this version knows, and nothing else that stands in the file. */
export function settingsOf(config: Config): Settings {
  return v.parse(SettingsSchema, config);
}

/**
 * Settings and pools as JSON for people. What this version does not know is left out: it may be a secret on a wrong
 * line.
 */
export function exportText(config: Config): string {
  const pools = config.pools.map((pool) => v.parse(PoolSchema, pool));
  return `${JSON.stringify({ version: config.version, ...settingsOf(config), pools }, null, 2)}\n`;
}

/**
 * The configuration of such a text, or of a file config.json. Throws `config-field` with the field where anything in it
 * is wrong, `config-newer` where a newer version wrote it. `notes` say what has no effect here.
 */
export function parseText(
  text: string,
  host: { readonly arch: Arch },
): { readonly config: Config; readonly notes: readonly string[] } {
  const { config, wrong, readOnly, problems } = parseConfig(json(text), host);
  const [newer] = problems.filter((found) => readOnly && found.code === 'config-newer');
  if (newer !== undefined)
    throw problem(
      'config-newer',
      'The text was written by a newer Homerunner, which may mean something else by it: nothing was changed.',
      'Update Homerunner here, then import it.',
    );
  const [first, ...others] = wrong;
  if (first !== undefined)
    throw problem(
      'config-field',
      others.length === 0 ? first.message : `${first.message} ${moreText(others.length)}`,
      'Correct the text and import it again: nothing was changed.',
      { subject: first.subject },
    );
  return { config, notes: problems.map((found) => found.message) };
}

function moreText(count: number): string {
  return count === 1 ? 'One more thing is wrong in it.' : `${count} more things are wrong in it.`;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (error) {
    // Its words quote the text, which is none of the log's business.
    const place = /\((line \d+ column \d+)\)/.exec(String(error))?.[1];
    throw problem(
      'config-field',
      `The text is not JSON${place === undefined ? '' : ` (${place})`}: nothing was changed.`,
      'Import what `homerunner config export` wrote, or a config.json.',
    );
  }
}
