/** Named places at which a test build can be killed, so that each gap between two durable steps is hit exactly. */

/** In the order in which a runner and its job pass them. */
export const faultPoints = [
  'after-pin',
  'after-submit',
  'after-intent',
  'after-register',
  'after-registered',
  'after-prepare',
  'after-prepared',
  'after-claim',
  'after-checkout',
  'after-spawn',
  'after-started',
  'after-signal',
  'after-kill',
  'after-outputs',
  'before-outcome',
  'after-outcome',
  'after-settle',
  'after-fence',
  'after-remove',
  'before-forget',
  'after-forget',
] as const;
export type FaultPoint = (typeof faultPoints)[number];

interface Host {
  readonly process?: {
    readonly pid: number;
    readonly env: Readonly<Record<string, string | undefined>>;
    kill(pid: number, signal: string): void;
  };
}

const passes = new Map<FaultPoint, number>();

/**
 * Ends this process by SIGKILL when HOMERUNNER_CRASH_AT names this point, as `name` or as `name:n` for the n-th time
 * that it is passed. Does nothing in the product, whose build leaves it out.
 */
export function faultPoint(name: FaultPoint): void {
  if (!__FAULT_POINTS__) return;
  // eslint-disable-next-line no-restricted-globals -- the one thing in core that touches the world, in test builds only
  const { process } = globalThis as unknown as Host;
  const wanted = process?.env['HOMERUNNER_CRASH_AT'];
  if (process === undefined || wanted === undefined) return;
  const pass = (passes.get(name) ?? 0) + 1;
  passes.set(name, pass);
  const [point, time = '1'] = wanted.split(':');
  if (point === name && Number(time) === pass) process.kill(process.pid, 'SIGKILL');
}
