import { expect, it } from 'vitest';
import { defaultConfig } from './schema.ts';
import { changeOf, settingNames } from './set.ts';
import { settingsOf } from './transfer.ts';

const now = settingsOf(defaultConfig);
const change = (field: string, text: string) => changeOf(now, field, text);
const refusal = (field: string, text: string) => {
  try {
    change(field, text);
  } catch (error) {
    return error;
  }
  throw new Error('it was taken');
};

it('knows every setting by its name', () => {
  expect(settingNames).toContain('reserve.cpuPercent');
  expect(settingNames).toContain('diskReserveGiB');
  expect(settingNames).not.toContain('reserve');
});

it.each([
  ['reserve.cpuPercent', '30', { reserve: { cpuPercent: 30, memoryPercent: 15 } }],
  ['capacity.slots', 'null', { capacity: { slots: null } }],
  ['capacity.slots', '4', { capacity: { slots: 4 } }],
  ['limits.enforce', 'false', { limits: { ...now.limits, enforce: false } }],
  ['diskReserveGiB', '2.5', { diskReserveGiB: 2.5 }],
  ['log.level', 'debug', { log: { level: 'debug', file: null } }],
  ['log.file', '/a b', { log: { level: 'info', file: '/a b' } }],
  ['github.runnerVersion', '2.330.0', { github: { ...now.github, runnerVersion: '2.330.0' } }],
  ['github.runnerVersion', 'null', { github: now.github }],
  ['github.autoUpdate', 'false', { github: { ...now.github, autoUpdate: false } }],
  ['github.clientId', 'Iv1.abc', { github: { ...now.github, clientId: 'Iv1.abc' } }],
  ['namePrefix', '5', { namePrefix: '5' }],
])('%s %s', (field, text, expected) => {
  expect(change(field, text)).toEqual(expected);
});

it.each([
  ['reserve.cpuPercent', '96', /expected: a whole number from 0 to 95/],
  ['reserve.cpuPercent', 'lots', /a whole number/],
  ['limits.enforce', '1', /true or false/],
  ['log.level', 'loud', /one of debug, info/],
  ['github.apiTimeoutSeconds', '0', /a whole number from 1 to 600/],
  ['github.runnerVersion', '2.x', /a version such as/],
  ['reserve', '5', /several fields/],
  ['pools', '[]', /no setting pools/],
  ['__proto__', '1', /no setting __proto__/],
])('refuses %s %s', (field, text, message) => {
  expect(refusal(field, text)).toMatchObject({
    problem: { code: 'usage', message: expect.stringMatching(message) },
  });
});
