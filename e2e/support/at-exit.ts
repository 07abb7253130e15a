/** Programs that drive homes end what they started, however they end themselves. */
import type { Home } from './product.ts';

const homes = new Set<Home>();

/** `home`'s programs are killed when this process ends, by itself or by Ctrl-C. */
export function killAtExit(home: Home): void {
  if (homes.size === 0) {
    process.once('exit', () => {
      for (const each of homes) each.kill();
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  }
  homes.add(home);
}
