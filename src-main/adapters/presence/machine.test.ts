import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { machinePresence } from './machine.ts';

test('the free space of a real volume is a sane number', async () => {
  const free = await machinePresence(tmpdir(), 'boot').diskFreeMiB();
  expect(free).toBeGreaterThan(0);
  expect(free).toBeLessThan(1e9);
});

test('what cannot be measured is unknown, not zero', async () => {
  expect(await machinePresence('/nowhere/at/all', 'boot').diskFreeMiB()).toBeNull();
});
