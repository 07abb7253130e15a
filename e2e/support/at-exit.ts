/** Programs that drive homes end what they started, however they end themselves. */
interface Killable {
  kill(): unknown;
}

const started = new Set<Killable>();

/** A home's programs, or one by itself, are killed when this process ends, by itself or by Ctrl-C. */
export function killAtExit(program: Killable): void {
  if (started.size === 0) {
    process.once('exit', () => {
      for (const each of started) each.kill();
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  }
  started.add(program);
}
