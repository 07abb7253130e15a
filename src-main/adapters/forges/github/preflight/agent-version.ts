/** Does GitHub take the version of the runner's program that would be used? */
import { type Light } from '../../../../contract/commands.ts';
import { problemOf } from '../../../../contract/problem.ts';
import { releasesPage, type VersionView } from '../agent/releases.ts';
import type { Ask } from './ask.ts';
import { good, refusal, unasked, warning } from './light.ts';

const name = 'runner-version';

/** `scope`: where a runner of the pool would be registered. */
export async function versionLight({ api, pool, versions }: Ask, scope: string): Promise<Light> {
  try {
    const view = await versions(api, scope, pool.arch);
    return endLight(view, Date.now()) ?? lightOf(view);
  } catch (error) {
    const { code, message, hint, link } = problemOf(error);
    // These say themselves what is wrong; where GitHub offers nothing for this machine, too.
    if (['agent-outdated', 'tool-missing', 'not-found'].includes(code))
      return refusal(name, message, hint, link ?? null);
    return unasked(name, 'which version of the runner GitHub takes here', error);
  }
}

/** So long before the end of a version it is told, in milliseconds. */
const soonMs = 14 * 24 * 3_600_000;

/** When GitHub will take it no more, where that is known and near; null: nothing to say. */
function endLight({ used, ends }: VersionView, now: number): Light | null {
  if (ends === null || (!ends.isOver && ends.at - now > soonMs)) return null;
  const day = new Date(ends.at).toISOString().slice(0, 10);
  return ends.isOver
    ? refusal(
        name,
        `GitHub takes the runner's version ${used} no more since ${day}, and that one would be used.`,
        'Let newer versions be fetched: RUNNER_VERSION away, and `homerunner config set github.autoUpdate true`.',
        releasesPage,
      )
    : warning(
        name,
        `GitHub takes the runner's version ${used} until ${day}.`,
        'It goes on with a newer one as soon as GitHub offers it.',
        releasesPage,
      );
}

function lightOf(view: VersionView): Light {
  const { used, offered, refused, pin } = view;
  if (offered === null) {
    const what = pin === null ? 'the latest release' : 'what RUNNER_VERSION asks for';
    return good(name, `GitHub names no version of the runner here: ${used} is used, ${what}.`);
  }
  if (typeof offered !== 'string')
    return warning(
      name,
      `It is not known which version of the runner GitHub offers here: ${used} lies here and is used. ${offered.message}`,
      offered.hint,
      offered.link ?? null,
    );
  if (offered === used) {
    const again = refused.some(({ version }) => version === used);
    return again
      ? warning(
          name,
          `The runner's version ${used} was refused lately, and GitHub offers no other one here: it is tried again.`,
          'It goes on with a newer one as soon as GitHub offers it.',
          releasesPage,
        )
      : good(name, `GitHub offers the runner's version ${used} here, and it is used.`);
  }
  return otherLight(view, offered);
}

/** GitHub gives no job to a runner that is older than a month when a newer one is out. */
const month = 'GitHub gives no jobs to a version that is 30 days older than the next one.';

function otherLight({ used, refused, pin, updates }: VersionView, offered: string): Light {
  if (refused.some(({ version }) => version === offered))
    return warning(
      name,
      `GitHub offers the runner's version ${offered} here, which was refused lately: ${used} is used instead.`,
      'It goes on with a newer one as soon as GitHub offers it.',
      releasesPage,
    );
  if (pin !== null)
    return warning(
      name,
      `RUNNER_VERSION asks for the runner's version ${used}, and GitHub offers ${offered} here.`,
      `${month} Take RUNNER_VERSION away, or name a newer one there.`,
      releasesPage,
    );
  const how = 'Let it fetch new versions: `homerunner config set github.autoUpdate true`.';
  return warning(
    name,
    `The runner's version ${used} lies here and is used, and GitHub offers ${offered} here.`,
    updates ? month : `${month} ${how}`,
    releasesPage,
  );
}
