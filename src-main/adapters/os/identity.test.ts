import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bootId, installId, machineId, machineQuestions, type Questions, userOf } from './identity.ts';

const nothing: Questions = {
  platform: 'linux',
  file: () => null,
  output: () => Promise.resolve(null),
  hostname: () => 'box',
  uptime: () => 1000,
  now: () => 1_700_000_000_000,
};
/** A machine that answers one program as recorded. */
const machine = (platform: NodeJS.Platform, line: string, stdout: string): Questions => ({
  ...nothing,
  platform,
  output: (command, args) => Promise.resolve([command, ...args].join(' ') === line ? stdout : null),
});

const ioreg = `+-o J314sAP  <class IOPlatformExpertDevice, id 0x100000227, registered, matched, active, busy 0 (0 ms), retain 37>
    {
      "IOPolledInterface" = "AppleARMWatchdogTimerHibernateHandler is not serializable"
      "IOPlatformUUID" = "01234567-89AB-CDEF-0123-456789ABCDEF"
      "model" = <"MacBookPro18,3">
    }
`;
const guid = `
HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Cryptography
    MachineGuid    REG_SZ    5a1b2c3d-0000-4444-8888-999999999999

`;
const prefetch =
  'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management\\PrefetchParameters';

describe('machineId', () => {
  it('is what the system says', async () => {
    const files = (path: string) => ({ ...nothing, file: (p: string) => (p === path ? 'abc' : null) });
    expect(await machineId(files('/etc/machine-id'))).toBe('abc');
    expect(await machineId(files('/var/lib/dbus/machine-id'))).toBe('abc');
    expect(await machineId(machine('darwin', 'ioreg -rd1 -c IOPlatformExpertDevice', ioreg))).toBe(
      '01234567-89AB-CDEF-0123-456789ABCDEF',
    );
    const query = 'reg query HKLM\\SOFTWARE\\Microsoft\\Cryptography /v MachineGuid';
    expect(await machineId(machine('win32', query, guid))).toBe('5a1b2c3d-0000-4444-8888-999999999999');
  });

  it('is the host name where the system says nothing', async () => {
    for (const platform of ['linux', 'darwin', 'win32', 'freebsd'] as const)
      expect(await machineId({ ...nothing, platform })).toBe('box');
  });
});

describe('bootId', () => {
  it('is what the system says', async () => {
    const linux = {
      ...nothing,
      file: (p: string) => (p === '/proc/sys/kernel/random/boot_id' ? 'b-1' : null),
    };
    expect(await bootId(linux)).toBe('b-1');
    expect(await bootId(machine('darwin', 'sysctl -n kern.bootsessionuuid', 'B-2\n'))).toBe('B-2');
    const registry = `\n${prefetch}\n    BootId    REG_DWORD    0x1f\n\n`;
    expect(await bootId(machine('win32', `reg query ${prefetch} /v BootId`, registry))).toBe('boot-31');
  });

  it('is the rounded time of the start where the system says nothing', async () => {
    const later = { ...nothing, uptime: () => 1060, now: () => 1_700_000_060_000 };
    expect(await bootId(nothing)).toMatch(/^started-\d+$/);
    expect(await bootId(later)).toBe(await bootId(nothing));
    expect(await bootId({ ...nothing, uptime: () => 5 })).not.toBe(await bootId(nothing));
  });

  it('of this machine is the same each time', async (context) => {
    if (process.platform !== 'linux')
      context.skip('the file that it is compared with is there on Linux alone');
    const real = machineQuestions('linux');
    const file = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    expect([await bootId(real), await bootId(real)]).toEqual([file, file]);
  });
});

describe('machineQuestions', () => {
  it('answers null to what cannot be answered', async () => {
    const real = machineQuestions(process.platform);
    expect(real.file('/not/there')).toBeNull();
    expect(await real.output('no-such-program-here', [])).toBeNull();
    expect(await real.output(process.execPath, ['-e', 'process.exit(3)'])).toBeNull();
    expect(await real.output(process.execPath, ['-p', '1'])).toBe('1\n');
  });
});

describe('installId', () => {
  it('is six hex digits that differ with machine, user and folder', () => {
    const ids = [
      installId('m', 'u', '/h'),
      installId('M', 'u', '/h'),
      installId('m', 'U', '/h'),
      installId('m', 'u', '/H'),
      installId('mu', '', '/h'),
    ];
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{6}$/);
    expect(new Set(ids).size).toBe(ids.length);
    expect(installId('m', 'u', '/h')).toBe(ids[0]);
  });

  it('knows a user', () => {
    expect(userOf()).toBe(String(process.getuid?.() ?? process.env['USERNAME']));
  });
});
