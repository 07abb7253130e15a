import { expect, it } from 'vitest';
import type { ConfigPort } from '../app/deps.ts';
import { type Config, defaultConfig } from '../core/config/schema.ts';
import { remembering } from './config.ts';

function counted(): { port: ConfigPort; reads: () => number } {
  let config: Config = defaultConfig;
  let reads = 0;
  const write = (next: Config) => void (config = next);
  const port: ConfigPort = {
    file: '/nowhere/config.json',
    read: () => ((reads += 1), { config, problems: [], readOnly: false }),
    write,
    replace: (next) => (write(next), null),
    unwritable: () => null,
    watch: () => () => undefined,
  };
  return { port, reads: () => reads };
}

it('tells what was read last without reading again, and reads anew once it was written', () => {
  const { port, reads } = counted();
  const config = remembering(port);
  expect([config.last(), config.last(), reads()]).toEqual([config.last(), config.last(), 1]);
  config.write({ ...defaultConfig, namePrefix: 'other' });
  expect([config.last().config.namePrefix, reads()]).toEqual(['other', 2]);
  config.replace({ ...defaultConfig, namePrefix: 'third' });
  expect([config.last().config.namePrefix, reads()]).toEqual(['third', 3]);
});

it('tells what others read meanwhile', () => {
  const { port } = counted();
  const config = remembering(port);
  config.last();
  port.write({ ...defaultConfig, namePrefix: 'by hand' });
  expect(config.last().config.namePrefix).toBe(defaultConfig.namePrefix);
  config.read();
  expect(config.last().config.namePrefix).toBe('by hand');
});
