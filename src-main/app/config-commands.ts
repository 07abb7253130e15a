/** The configuration: shown, changed, and taken from one machine to another; the same with a supervisor and without one. */
import type { CommandArgs, CommandResults } from '../contract/commands.ts';
import type { Settings, SettingsEdit } from '../contract/settings.ts';
import { changedGroups, poolNotes, settingsNotes, type Surroundings } from '../core/config/notes.ts';
import { type Config, defaultConfig } from '../core/config/schema.ts';
import { exportText, parseText, settingsOf } from '../core/config/transfer.ts';
import type { EnvironmentWish } from './deps.ts';
import { type PoolDesk, writable } from './pool-commands.ts';

export interface ConfigDesk extends PoolDesk {
  /** The absolute path of the home folder. */
  readonly home: string;
  /** What environment variables lay over it. */
  readonly overlay: EnvironmentWish['apply'];
  readonly surroundings: () => Promise<Surroundings>;
}

export function showConfig({ config, home }: ConfigDesk): CommandResults['config.show'] {
  const { config: now, problems, readOnly } = config.read();
  const why = (readOnly ? problems[0] : undefined) ?? config.unwritable();
  return {
    file: config.file,
    home,
    settings: settingsOf(now),
    defaults: settingsOf(defaultConfig),
    readOnly: why?.message ?? null,
    problems,
  };
}

/** Changes the groups that are named. */
export async function editConfig(
  { change }: CommandArgs<'config.edit'>,
  desk: ConfigDesk,
): Promise<CommandResults['config.edit']> {
  const around = await desk.surroundings();
  const { config } = writable(desk);
  const next = withChange(config, change);
  const [before, after] = [settingsOf(config), settingsOf(next)];
  if (changedGroups(before, after).length > 0) desk.config.write(next);
  desk.changed();
  return {
    settings: after,
    notes: [...settingsNotes(before, after, around), ...overlaid(before, next, desk)],
  };
}

/** What a group holds that this version does not know stays in it. */
function withChange(config: Config, change: SettingsEdit): Config {
  const groups = Object.entries(change).map(([group, value]) => {
    const before = config[group as keyof Settings];
    const both = isGroup(before) && isGroup(value) ? { ...before, ...value } : value;
    return [group, both] as const;
  });
  return { ...config, ...(Object.fromEntries(groups) as Partial<Settings>) };
}

const isGroup = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** An environment variable wins, and a change under it would seem to have been lost. */
function overlaid(before: Settings, next: Config, { overlay }: ConfigDesk): readonly string[] {
  const after = settingsOf(next);
  const hidden = changedGroups(after, settingsOf(overlay(next)));
  const groups = changedGroups(before, after).filter((group) => hidden.includes(group));
  return groups.length === 0
    ? []
    : [`Environment variables decide on ${groups.join(', ')} too: what they say goes before this.`];
}

export function exportConfig({ config }: ConfigDesk): CommandResults['config.export'] {
  return { text: exportText(config.read().config) };
}

/** Replaces all of it or nothing. */
export async function importConfig(
  { text }: CommandArgs<'config.import'>,
  desk: ConfigDesk,
): Promise<CommandResults['config.import']> {
  const around = await desk.surroundings();
  const { config: next, notes } = parseText(text, { arch: desk.hostArch });
  const { config } = writable(desk);
  const before = settingsOf(config);
  const kept = desk.config.replace(next);
  desk.changed();
  return {
    notes: [
      ...notes,
      ...poolNotes(config.pools, next.pools, desk.busy),
      ...settingsNotes(before, settingsOf(next), around),
      ...overlaid(before, next, desk),
      ...(kept === null ? [] : [`The configuration before is kept as ${kept}.`]),
    ],
  };
}
