import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { problemOf } from '../../contract/problem.ts';
import { type Capture, captureText, parseCapture } from './capture.ts';
import { detect } from './detect.ts';
import { maskCapture } from './mask.ts';
import { recordingDoor } from './recording-door.ts';
import { replayDoor } from './replay-door.ts';

const empty: Capture = {
  ...{ schema: 1, name: 'x', source: 'y', platform: 'linux', arch: 'x64' },
  ...{ commands: {}, files: {}, dirs: {}, links: {}, volumes: {}, denied: [] },
};
const names = { user: 'ada', host: 'engine.example.org' };
const options = {
  reserve: { cpu: 20, memory: 15 },
  engines: { dockerElsewhere: false, runtimeFolder: null, homeFolder: null },
  monotonic: () => 0,
};

test.each([
  ['no JSON', '{"schema":', /^The capture c\.json cannot be read: .+\.$/],
  ['no object', '[]', /cannot be read/],
  ['another schema', JSON.stringify({ ...empty, schema: 2 }), /schema: this version reads schema 1/],
  ['an unknown platform', JSON.stringify({ ...empty, platform: 'amiga' }), /platform: /],
  [
    'a file that is no text',
    JSON.stringify({ ...empty, files: { '/proc/cpuinfo': 5 } }),
    /files → \/proc\/cpuinfo: /,
  ],
  [
    'a command without a code',
    JSON.stringify({ ...empty, commands: { lscpu: { stdout: '' } } }),
    /commands → lscpu → code/,
  ],
])('%s is refused, naming what is wrong', (_, text, message) => {
  let thrown: unknown;
  try {
    parseCapture(text, 'c.json');
  } catch (error) {
    thrown = error;
  }
  const problem = problemOf(thrown);
  expect(problem).toMatchObject({ code: 'capture-unreadable', subject: 'c.json' });
  expect(problem.message).toMatch(message);
});

test('a capture reads back as it was written', () => {
  expect(parseCapture(captureText(empty), 'x')).toEqual(empty);
  expect(parseCapture('{"schema":1,"platform":"linux","arch":"x64"}', 'x')).toEqual({
    ...empty,
    name: '',
    source: '',
  });
});

test.each(['laptop-hybrid', 'board-big-little', 'windows-12700k', 'mac-m1-pro-translated', 'nothing-known'])(
  'what was recorded of %s gives the same profile as the machine',
  async (name) => {
    const capture = parseCapture(
      readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8'),
      name,
    );
    const { door, capture: recorded } = recordingDoor(replayDoor(capture));
    const profile = await detect(door, options);
    const again = parseCapture(captureText(recorded({ name, source: 'test', names })), name);
    expect(await detect(replayDoor(again), options)).toEqual(profile);
    expect(Object.keys(again.files).every((file) => file in capture.files)).toBe(true);
  },
);

test('a program that took too long is recorded as such', async () => {
  const capture = { ...empty, commands: { lscpu: { code: null, stdout: '', stderr: '' } } };
  const { door, capture: recorded } = recordingDoor(replayDoor(capture));
  await expect(door.run('lscpu', [], { timeoutMs: 10 })).rejects.toMatchObject({
    problem: { code: 'tool-timeout' },
  });
  await expect(door.run('other', [], { timeoutMs: 10 })).rejects.toMatchObject({
    problem: { code: 'tool-missing' },
  });
  expect(recorded({ name: '', source: '', names }).commands).toEqual(capture.commands);
});

test('nothing that names the machine or its owner is left in a recording', () => {
  const secrets = [
    ...[
      'f0e1d2c3-1234-5678-9abc-def012345678',
      '3c:22:fb:aa:bb:cc',
      'AA-BB-CC-DD-EE-FF',
      'C02XG1YZJGH5',
      '10000000abcdef01',
    ],
    ...['1311768467463790320', '0x6f1f0a2b3c4d5e60', '0xd52bae2e458244e2'],
    ...['0123456789abcdef0123456789abcdef', 'ada', 'engine', 'tresor'],
  ];
  const text = [
    'GPU UUID: GPU-f0e1d2c3-1234-5678-9abc-def012345678, again f0e1d2c3-1234-5678-9abc-def012345678',
    'link/ether 3c:22:fb:aa:bb:cc and AA-BB-CC-DD-EE-FF',
    '"serial_number" : "C02XG1YZJGH5",',
    'Serial\t\t: 10000000abcdef01',
    '<serial>C02XG1YZJGH5</serial>',
    'unique_id 1311768467463790320',
    '"Unique ID": "0x6f1f0a2b3c4d5e60", "asic_serial": "0x6f1f0a2b3c4d5e60"',
    '    GPU PDI                  : 0xd52bae2e458244e2',
    'kern.hostname: engine.example.org, short: engine',
    '/home/ada/x and C:\\Users\\ada\\y, user ada',
    'machine 0123456789abcdef0123456789abcdef',
    '40 1 0:50 / /mnt rw - nfs4 tresor.lan:/photos rw and //tresor/music rw',
  ].join('\n');
  const masked = maskCapture(
    {
      ...empty,
      commands: { 'ls /home/ada': { code: 0, stdout: text, stderr: text } },
      files: { '/home/ada/f': text },
      dirs: { '/home': ['ada'] },
      links: { '/l': '/home/ada' },
      volumes: { '/home/ada': { freeMiB: 1, totalMiB: 2 } },
    },
    names,
  );
  const written = captureText(masked);
  for (const secret of secrets) expect(written).not.toContain(secret);
  expect(written).toContain('/home/user');
  // The same thing is still the same thing.
  expect(written.match(/00000000-0000-0000-0000-000000000001/g)).toHaveLength(6);
});

test('what only looks like a name or a number of its own stays', () => {
  const text = [
    'flags: fpu vm vme svm hypervisor',
    'magic 7f454c460201010000000000000000000200b700',
    '0000:01:00.0 and 00:1f.3 and 12:34:56',
    'model name : AMD Ryzen 9 5950X',
    'Canada adamant ada-lovelace',
  ].join('\n');
  const masked = maskCapture({ ...empty, files: { f: text } }, { user: 'root', host: 'vm' });
  expect(masked.files['f']).toBe(text);
  expect(maskCapture({ ...empty, files: { f: text } }, { user: 'ada', host: 'amd' }).files['f']).toBe(text);
});
