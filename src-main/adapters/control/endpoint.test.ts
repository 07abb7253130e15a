import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { announce, type EndpointHost, endpointToReach, endpointToServe } from './endpoint.ts';

const uid = process.getuid?.() ?? 0;
let folder: string;
let home: string;
let host: EndpointHost;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hr-end-'));
  home = path.join(folder, 'home');
  mkdirSync(path.join(folder, 'xdg'), { mode: 0o700 });
  host = { platform: 'linux', env: { XDG_RUNTIME_DIR: path.join(folder, 'xdg') }, uid, tmp: folder };
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('lies in the runtime folder, named by the home; supervisor and client agree', () => {
  const endpoint = endpointToServe(home, host);
  expect(endpoint.path).toMatch(new RegExp(`^${folder}/xdg/homerunner/[0-9a-f]{8}\\.sock$`));
  expect(statSync(path.dirname(endpoint.path)).mode & 0o777).toBe(0o700);
  expect(endpointToReach(home, host)).toEqual(endpoint);
  expect(endpointToServe(`${home}2`, host).path).not.toBe(endpoint.path);
});

test('without a runtime folder, or one that is not there, or a relative one: a private folder in /tmp', () => {
  for (const runtime of [undefined, '', `${folder}/absent`, 'relative']) {
    const { path: at } = endpointToServe(home, { ...host, env: { XDG_RUNTIME_DIR: runtime } });
    expect(path.dirname(at)).toBe(path.join(folder, `homerunner-${uid}`));
    expect(statSync(path.dirname(at)).mode & 0o777).toBe(0o700);
  }
});

test('the path of last resort is in /tmp, whatever TMPDIR says', () => {
  const { path: at } = endpointToReach(home, { platform: 'linux', env: { TMPDIR: folder }, uid: 4_242_424 });
  expect(path.dirname(at)).toBe('/tmp/homerunner-4242424');
  expect(existsSync(path.dirname(at))).toBe(false);
});

test('never more than 100 bytes', () => {
  const long = path.join(folder, 'ü'.repeat(60));
  mkdirSync(long);
  const endpoint = endpointToServe(path.join(home, 'x'.repeat(3000)), {
    ...host,
    env: { XDG_RUNTIME_DIR: long },
  });
  expect(path.dirname(endpoint.path)).toBe(path.join(folder, `homerunner-${uid}`));
  expect(Buffer.byteLength(endpoint.path)).toBeLessThanOrEqual(100);
});

test('a folder of ours that others can enter is closed to them', () => {
  mkdirSync(path.join(folder, `homerunner-${uid}`));
  chmodSync(path.join(folder, `homerunner-${uid}`), 0o777);
  const { path: at } = endpointToServe(home, { ...host, env: {} });
  expect(statSync(path.dirname(at)).mode & 0o777).toBe(0o700);
});

test('a folder of somebody else, a link, or a file in its place is refused with a sentence', () => {
  const place = path.join(folder, `homerunner-${uid + 1}`);
  const stranger = { ...host, env: {}, uid: uid + 1 };
  mkdirSync(place);
  expect(() => endpointToServe(home, stranger)).toThrow(`The folder ${place} for the control socket cannot`);
  rmSync(place, { recursive: true });
  mkdirSync(path.join(folder, 'elsewhere'));
  for (const make of [
    () => symlinkSync(path.join(folder, 'elsewhere'), path.join(folder, `homerunner-${uid}`)),
    () => writeFileSync(path.join(folder, `homerunner-${uid}`), ''),
  ]) {
    make();
    expect(() => endpointToServe(home, { ...host, env: {} })).toThrow(/cannot be used/);
    rmSync(path.join(folder, `homerunner-${uid}`));
  }
});

test('a client finds the supervisor whose environment was another', () => {
  const endpoint = endpointToServe(home, { ...host, env: {} });
  announce(home, endpoint, { version: '1.0.0', pid: 1 });
  expect(endpointToReach(home, host).path).toBe(endpoint.path);
  expect(statSync(path.join(home, 'run', 'endpoint.json')).mode & 0o777).toBe(0o600);
});

test('a damaged announcement is as none', () => {
  mkdirSync(path.join(home, 'run'), { recursive: true });
  const computed = endpointToServe(home, host).path;
  for (const text of ['', '{', 'null', '[]', '{}', '{"path":7}', '{"path":"relative.sock"}']) {
    writeFileSync(path.join(home, 'run', 'endpoint.json'), text);
    expect(endpointToReach(home, host).path).toBe(computed);
  }
});

test('on Windows: a pipe and a secret that only the owner of the home can read', () => {
  const windows: EndpointHost = { platform: 'win32', env: {}, uid: 0 };
  expect(endpointToReach(home, windows).secret).toBe('');
  const endpoint = endpointToServe(home, windows);
  expect(endpoint.path).toMatch(/^\\\\\.\\pipe\\homerunner-[0-9a-f]{8}$/);
  expect(endpoint.secret).toMatch(/^[0-9a-f]{64}$/);
  expect(statSync(path.join(home, 'run', 'pipe-secret')).mode & 0o777).toBe(0o600);
  expect(endpointToReach(home, windows)).toEqual(endpoint);
  expect(endpointToServe(home, windows)).toEqual(endpoint);
});
