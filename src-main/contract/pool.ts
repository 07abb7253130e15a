/** A pool: one wish of the owner. The schema is the type; the config file and the commands use it alike. */
import * as v from 'valibot';
import { AccountIdSchema } from './account.ts';
import { architectures, forgeIds, LabelSchema } from './job.ts';

export const modes = ['auto', 'manual', 'ephemeral'] as const;
export type Mode = (typeof modes)[number];
export const presets = ['lazy', 'balanced', 'aggressive'] as const;
export type Preset = (typeof presets)[number];
export const sizes = ['standard', 'large', 'multi', 'gpu'] as const;
export type Size = (typeof sizes)[number];
export const runtimes = ['process', 'container', 'vm'] as const;
export type RuntimeId = (typeof runtimes)[number];

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1000));
const seconds = v.pipe(v.number(), v.minValue(0), v.maxValue(365 * 86_400));

export const PoolIdSchema = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'a pool name is 1 to 32 lower-case letters, digits, -'),
);

/** Single numbers that replace those of the preset; absent means the preset's. */
export const ScalingOverridesSchema = v.object({
  threshold: v.optional(v.pipe(count, v.minValue(1))),
  oldestWaitSeconds: v.optional(seconds),
  warm: v.optional(count),
  cooldownSeconds: v.optional(seconds),
});

export const PoolSchema = v.object({
  id: PoolIdSchema,
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  forge: v.picklist(forgeIds),
  /**
   * Null for the local forge. At GitHub `owner/repository`, an organisation, `enterprises/NAME`, or `owner/*`: all
   * repositories of one owner, with a registration at each as work appears.
   */
  scope: v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  /** The account by which it registers; null for the local forge. */
  account: v.nullable(AccountIdSchema),
  /** The runner group of an organisation or enterprise; null: the default one. */
  group: v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(100))),
  /** The owner has confirmed that jobs of public repositories may run here. */
  publicAllowed: v.boolean(),
  /** github: workflows are told, by a variable kept fresh there, whether runners may be made here just now. */
  fallback: v.boolean(),
  arch: v.picklist(architectures),
  runtime: v.picklist(runtimes),
  size: v.picklist(sizes),
  /** Set by hand, these replace the size's arithmetic; fractions of a core are allowed. */
  cores: v.nullable(v.pipe(v.number(), v.minValue(0.1), v.maxValue(4096))),
  memoryMiB: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(16))),
  mode: v.picklist(modes),
  scaling: v.picklist(presets),
  overrides: ScalingOverridesSchema,
  min: count,
  max: v.pipe(count, v.minValue(1)),
  weight: v.pipe(v.number(), v.minValue(0.01), v.maxValue(1000)),
  labels: v.array(LabelSchema),
  idleTimeoutSeconds: seconds,
  /** 0 is none. */
  maxLifetimeSeconds: seconds,
});
export type Pool = v.InferOutput<typeof PoolSchema>;

/** What `pool add` and `pool edit` take: only what the owner named; the rest is defaults or stays. */
export const PoolEditSchema = v.partial(v.omit(PoolSchema, ['id']));
export type PoolEdit = v.InferOutput<typeof PoolEditSchema>;
