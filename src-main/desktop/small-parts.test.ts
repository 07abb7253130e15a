import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readArguments } from './args.ts';
import { autostartEntry } from './autostart.ts';
import { centred, inside, smallest } from './bounds.ts';
import { mayRelaunch, tooOften } from './crashes.ts';
import { languageOf } from './language.ts';
import { addressOf, pageAddress, safeAddress } from './links.ts';
import { fileOf } from './own-files.ts';
import { pauseEnd } from './pause-lengths.ts';
import { defaultPreferences, readPreferences } from './preference-values.ts';
import { sampleJob } from './sample.ts';
import { isBounded } from './size.ts';
import { trayImage } from './tray-images.ts';
import { hasTrayHost } from './tray-host.ts';

describe('the words it was started with', () => {
  it('are found among those of Chromium', () => {
    const words = ['--inspect=0', '--remote-debugging-port=0', '.', '--home', '/x', '--background'];
    expect(readArguments(words)).toEqual({ home: '/x', background: true, afterCrash: null });
    expect(readArguments(['--home=/y', '--after-crash', '5'])).toEqual({
      home: '/y',
      background: false,
      afterCrash: 5,
    });
  });

  it('never throw', () => {
    fc.assert(fc.property(fc.array(fc.string()), (words) => void readArguments(words)));
  });
});

describe('where the window stands', () => {
  const number = fc.integer({ min: -10_000, max: 10_000 });
  const area = fc.record({
    x: number,
    y: number,
    width: fc.integer({ min: 200, max: 9000 }),
    height: fc.integer({ min: 200, max: 9000 }),
  });
  const wanted = fc.record({
    x: number,
    y: number,
    width: fc.integer({ min: 0, max: 20_000 }),
    height: fc.integer({ min: 0, max: 20_000 }),
  });

  it('is always wholly on the screen, and not smaller than can be used where that has room', () => {
    fc.assert(
      fc.property(wanted, area, (w, a) => {
        for (const b of [inside(w, a), centred(a)]) {
          expect(b.x).toBeGreaterThanOrEqual(a.x);
          expect(b.y).toBeGreaterThanOrEqual(a.y);
          expect(b.x + b.width).toBeLessThanOrEqual(a.x + a.width);
          expect(b.y + b.height).toBeLessThanOrEqual(a.y + a.height);
          expect(b.width).toBeGreaterThanOrEqual(Math.min(smallest.width, a.width));
        }
      }),
    );
  });

  it('stays as it was where that fits', () => {
    const screen = { x: 0, y: 0, width: 1920, height: 1080 };
    const kept = { x: 100, y: 50, width: 900, height: 700 };
    expect(inside(kept, screen)).toEqual(kept);
  });
});

describe('failures', () => {
  it('are too often at the third within five minutes, and then counted anew', () => {
    let now = 0;
    const failed = tooOften(3, () => now);
    expect([failed(), failed(), failed(), failed()]).toEqual([false, false, true, false]);
    now = 6 * 60_000;
    expect([failed(), failed()]).toEqual([false, false]);
  });

  it('start it again only where it has not just done so', () => {
    expect(mayRelaunch(null, 1e12)).toBe(true);
    expect(mayRelaunch(1e12, 1e12 + 1000)).toBe(false);
    expect(mayRelaunch(1e12, 1e12 + 3_600_000)).toBe(true);
  });
});

it('takes the first language that there are texts for', () => {
  expect(languageOf(null, ['fr-FR', 'de-AT', 'en'])).toBe('de');
  expect(languageOf(null, ['fr'])).toBe('en');
  expect(languageOf('en', ['de'])).toBe('en');
});

describe('pages outside', () => {
  it('are https, or of this machine itself, and carry no password', () => {
    expect(safeAddress('https://example.org/a?b')).toBe('https://example.org/a?b');
    expect(safeAddress('http://127.0.0.1:8080/a?b')).toBe('http://127.0.0.1:8080/a?b');
    for (const bad of [
      'http://example.org',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'https://a:b@c',
      'smb://x',
      '',
      null,
    ])
      expect(() => safeAddress(bad)).toThrow();
  });

  it('are at a forge of an account, or at GitHub', () => {
    const accounts = [{ url: 'https://ghes.example.org' }, { url: 'http://127.0.0.1:8080' }];
    for (const good of [
      'https://github.com/login/device',
      'https://docs.github.com/en/actions#x',
      'https://ghes.example.org/settings/tokens/new?scopes=repo,workflow#top',
      'http://127.0.0.1:8080/a',
    ])
      expect(pageAddress(good, accounts)).toBe(good);
    for (const bad of [
      'http://github.com/',
      'https://github.com.evil.org/',
      'https://evil.org/github.com',
      'https://github.com@evil.org/',
      'https://you:secret@github.com/',
      'https://github.com:8443/',
      'http://ghes.example.org/',
      'http://127.0.0.1:9090/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      '',
    ])
      expect(() => pageAddress(bad, accounts), bad).toThrow('at no forge');
    expect(() => pageAddress('http://127.0.0.1:8080/', [])).toThrow('at no forge');
  });

  it('are those that the package names', () => {
    expect(addressOf('website', { homepage: 'https://example.org' })).toBe('https://example.org/');
    expect(() => addressOf('issues', {})).toThrow('names no such page');
  });
});

describe('own files', () => {
  it('lie in the folder, however the path is written', () => {
    expect(fileOf('/a/b.js', '/app')).toBe(join('/app', 'a', 'b.js'));
    for (const path of ['/../x', '/%2e%2e/x', '/..%2fx', '/a/../../x', '/%', '/a%00.js'])
      expect(fileOf(path, '/app')).toBeNull();
    fc.assert(
      fc.property(fc.webPath(), (path) => {
        const file = fileOf(`/${path}`, '/app');
        expect(file === null || file.startsWith('/app/')).toBe(true);
      }),
    );
  });
});

describe('the lengths of a pause', () => {
  const utc = () => 0;
  const at = (text: string) => Date.parse(`2026-03-10T${text}Z`);

  it('tomorrow is the next 8:00 that is not near', () => {
    expect(pauseEnd('tomorrow', at('23:00'), utc)).toEqual({
      kind: 'until',
      at: Date.parse('2026-03-11T08:00Z'),
    });
    expect(pauseEnd('tomorrow', at('03:00'), utc)).toEqual({ kind: 'until', at: at('08:00') });
    expect(pauseEnd('tomorrow', at('05:00'), utc)).toEqual({
      kind: 'until',
      at: Date.parse('2026-03-11T08:00Z'),
    });
  });

  it('others are as long as they say', () => {
    expect(pauseEnd('15m', 0, utc)).toEqual({ kind: 'duration', milliseconds: 900_000 });
    expect(pauseEnd('forever', 0, utc)).toEqual({ kind: 'indefinite' });
    expect(pauseEnd('2h', 0, utc)).toBeNull();
  });
});

describe('preferences', () => {
  it('a field that is wrong costs no other', () => {
    const read = readPreferences({ theme: 'pink', density: 'compact', language: 'de', unknown: 1 });
    expect(read).toEqual({ ...defaultPreferences, density: 'compact', language: 'de' });
  });

  it('anything else is as if there was nothing', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(Object.keys(readPreferences(value)).sort()).toEqual(Object.keys(defaultPreferences).sort());
      }),
    );
  });
});

describe('the size of what a page sends', () => {
  it('any small plain value passes', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => isBounded({ do: 'execute', args: value })));
  });

  it('what is large, deep or not plain does not', () => {
    let deep: unknown = {};
    for (let i = 0; i < 50; i++) deep = [deep];
    for (const bad of [
      'x'.repeat(6_000_000),
      new Array(100_000).fill(0),
      deep,
      new Map(),
      new Uint8Array(1),
      new Date(0),
    ])
      expect(isBounded({ args: bad })).toBe(false);
  });
});

describe('the picture in the tray', () => {
  const linux = { platform: 'linux', dark: false, desktop: '' } as const;

  it('can be seen on its panel', () => {
    expect(trayImage('f', 'idle', linux)).toBe(join('f', 'idle-on-light.png'));
    expect(trayImage('f', 'idle', { ...linux, dark: true })).toBe(join('f', 'idle-on-dark.png'));
    expect(trayImage('f', 'idle', { ...linux, desktop: 'ubuntu:GNOME' })).toBe(join('f', 'idle-on-dark.png'));
    expect(trayImage('f', 'paused', { ...linux, platform: 'win32' })).toBe(join('f', 'paused-on-light.ico'));
    expect(trayImage('f', 'problem', { ...linux, platform: 'darwin' })).toBe(
      join('f', 'problemTemplate.png'),
    );
  });
});

describe('is there a place for an icon', () => {
  type Answers = Readonly<Record<string, { ran: boolean; ok: boolean; output: string }>>;
  const absent = { ran: false, ok: false, output: '' };
  const ask = (answers: Answers) =>
    hasTrayHost('linux', ([name]) => Promise.resolve(answers[name] ?? absent));

  it('the bus says so, in the words of either program', async () => {
    expect(await ask({ gdbus: { ran: true, ok: true, output: '(<true>,)' } })).toBe(true);
    expect(await ask({ gdbus: { ran: true, ok: true, output: '(<false>,)' } })).toBe(false);
    expect(await ask({ busctl: { ran: true, ok: true, output: 'b true' } })).toBe(true);
    const unknown = 'GDBus.Error:org.freedesktop.DBus.Error.ServiceUnknown: The name is not activatable';
    expect(await ask({ gdbus: { ran: true, ok: false, output: unknown } })).toBe(false);
  });

  it('nobody can be asked: not known', async () => {
    expect(await ask({})).toBeNull();
    expect(
      await ask({ gdbus: { ran: true, ok: false, output: 'Error connecting: no such file' } }),
    ).toBeNull();
  });

  it('elsewhere than on Linux there always is one', async () => {
    expect(await hasTrayHost('darwin', () => Promise.reject(new Error('nobody is asked')))).toBe(true);
  });
});

it('quotes what starts at login by the rules of desktop entries', () => {
  expect(autostartEntry('/opt/My "App"/100%', ['--home', '/a $b'])).toContain(
    String.raw`Exec="/opt/My \\"App\\"/100%%" "--home" "/a \\$b"`,
  );
});

it('has a sample for each kind of system', () => {
  expect(sampleJob('linux', '/x', 'p')).toMatchObject({ dir: '/x', pool: 'p', source: 'copy' });
  expect(sampleJob('win32', '/x', null).command[0]).toBe('powershell');
});
