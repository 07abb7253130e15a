/** Labels: what a job asks for and what a runner offers. Forges compare them without regard to case. */
import type { Os } from '../contract/host.ts';
import type { Arch } from '../contract/job.ts';
import type { Pool } from '../contract/pool.ts';

/** A label as it is compared: trimmed, in lower case. */
export function normalise(label: string): string {
  return label.trim().toLowerCase();
}

/**
 * The labels that every native runner of this host may carry. Only what is ready is published, so engines,
 * graphics and emulation add theirs once a probe has proved them.
 */
export function labelsOf(host: { readonly os: Os; readonly arch: Arch }): readonly string[] {
  return ['self-hosted', host.os, host.arch];
}

/**
 * The labels that the runners of a pool carry: the host's and the pool's own. Large and GPU pools, and those of a
 * foreign architecture, leave the general ones out, so that no small job takes a runner that a special one needs.
 */
export function labelsOfPool(
  pool: Pick<Pool, 'arch' | 'size' | 'labels'>,
  host: { readonly arch: Arch; readonly labels: readonly string[] },
): readonly string[] {
  const special = pool.size === 'large' || pool.size === 'gpu' ? [pool.size] : [];
  const general = special.length === 0 && pool.arch === host.arch ? host.labels : [];
  return [...new Set([...general, ...special, ...pool.labels].map(normalise))];
}

/**
 * Does a runner with these labels take this job? The architecture must be the same and each label of the job
 * must be offered; a job without labels goes to any runner of its architecture.
 */
export function matches(
  jobLabels: readonly string[],
  jobArch: Arch,
  offered: readonly string[],
  offeredArch: Arch,
): boolean {
  if (jobArch !== offeredArch) return false;
  const offers = new Set(offered.map(normalise));
  return jobLabels.every((label) => offers.has(normalise(label)));
}
