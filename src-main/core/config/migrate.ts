/** How the configuration file of an older version becomes one of this version: one pure step from each to the next. */

export type RawConfig = Readonly<Record<string, unknown>>;

/** Step n makes version n + 1 of version n. Whatever a step does not know it leaves as it is. */
export const migrations: readonly ((raw: RawConfig) => RawConfig)[] = [
  // Version 0 is a file without a number, as a person writes one: its fields are those of version 1.
  (raw) => raw,
];

/** The version of the file that this program writes. */
export const currentVersion = migrations.length;

/** The version that a file says it has: 0 where it says none, null where what it says is no version. */
export function versionOf(raw: RawConfig): number | null {
  const said = raw['version'];
  if (said === undefined) return 0;
  return typeof said === 'number' && Number.isSafeInteger(said) && said >= 0 ? said : null;
}

/** Takes a file of version `from` through all later steps. A version that is current or newer comes back as it is. */
export function migrate(raw: RawConfig, from: number, steps = migrations): RawConfig {
  return steps
    .slice(from)
    .reduce<RawConfig>((older, step, index) => ({ ...step(older), version: from + index + 1 }), raw);
}
