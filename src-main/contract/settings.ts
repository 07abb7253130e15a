/** What the owner sets for the whole machine: every field of the configuration but its version and its pools. */
import * as v from 'valibot';

const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

export const SettingsSchema = v.object({
  /** What the names of runners begin with. */
  namePrefix: v.pipe(
    v.string(),
    v.regex(
      /^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$/,
      '1 to 32 letters, digits, - _ . that begin with a letter or digit',
    ),
  ),
  /** What the owner keeps of the machine, in percent; at least one thread and 2 GiB are kept in any case. */
  reserve: v.object({ cpuPercent: whole(0, 95), memoryPercent: whole(0, 95) }),
  /** The most runners at once in place of the arithmetic of cores and memory; null: the arithmetic. */
  capacity: v.object({ slots: v.nullable(whole(1, 1000)) }),
  /** Below this much free space on the volume of the home folder nothing new is started. */
  diskReserveGiB: v.pipe(v.number(), v.minValue(0), v.maxValue(1_000_000)),
  limits: v.object({
    /** Runners with whole cores are kept on CPUs of their own. */
    cpuAffinity: v.boolean(),
    /** Cores and memory of a runner are enforced where the machine can. */
    enforce: v.boolean(),
    /** The scheduling priority of jobs: 0 as everything else, 19 the last. */
    nice: whole(0, 19),
  }),
  /** Everything is looked at again after this long, whatever events came. */
  resyncSeconds: whole(1, 3600),
  /** Least time between two registrations of one pool. */
  registrationStaggerSeconds: v.pipe(v.number(), v.minValue(0), v.maxValue(3600)),
  history: v.object({
    /** Ended jobs that are kept with their logs and outputs. */
    jobs: whole(0, 1_000_000),
  }),
  github: v.object({
    /** The longest that one request may take. */
    apiTimeoutSeconds: whole(1, 600),
    /** The version of the runner program; null: the newest that the forge offers. */
    runnerVersion: v.nullable(
      v.pipe(v.string(), v.regex(/^\d{1,5}(\.\d{1,5}){2}$/, 'a version such as 2.330.0')),
    ),
    /** The runner program is replaced by a newer version between jobs. */
    autoUpdate: v.boolean(),
    /** The client id for signing in by a code; null: that of this build, if it has one. */
    clientId: v.nullable(
      v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/, 'the client id of an OAuth or GitHub App')),
    ),
  }),
  log: v.object({
    level: v.picklist(['debug', 'info', 'warn', 'error']),
    /** Null: logs/homerunner.log in the home folder. */
    file: v.nullable(v.pipe(v.string(), v.minLength(1))),
  }),
});
export type Settings = v.InferOutput<typeof SettingsSchema>;

/** A change of settings: only the groups that are named; a group is given whole. */
export const SettingsEditSchema = v.partial(SettingsSchema);
export type SettingsEdit = v.InferOutput<typeof SettingsEditSchema>;
