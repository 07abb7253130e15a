import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AutostartWish, autostartOf, type LoginItems } from './autostart.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'autostart-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

class Items implements LoginItems {
  openAtLogin = false;
  status = 'enabled';
  getLoginItemSettings(): { openAtLogin: boolean; status: string } {
    return { openAtLogin: this.openAtLogin, status: this.status };
  }
  setLoginItemSettings({ openAtLogin }: { openAtLogin: boolean }): void {
    this.openAtLogin = openAtLogin;
  }
}

const wish = (more: Partial<AutostartWish> = {}): AutostartWish => ({
  platform: 'linux',
  installed: true,
  program: '/opt/Homerunner/homerunner',
  args: ['--background'],
  configFolder: folder,
  loginItems: new Items(),
  ...more,
});

it('on Linux writes an entry, reads back what is true, and removes it', () => {
  const autostart = autostartOf(wish());
  const file = join(folder, 'autostart', 'homerunner.desktop');
  expect(autostart.state()).toEqual({ on: false, reason: null });
  autostart.change(true);
  expect(readFileSync(file, 'utf8')).toContain('Exec="/opt/Homerunner/homerunner" "--background"');
  expect(autostart.state().on).toBe(true);
  writeFileSync(file, `${readFileSync(file, 'utf8')}Hidden=true\n`);
  expect(autostart.state().on).toBe(false);
  autostart.change(false);
  expect(existsSync(file)).toBe(false);
});

it('says where the folder is not ours', () => {
  writeFileSync(join(folder, 'autostart'), 'a file');
  expect(() => autostartOf(wish()).change(true)).toThrow('cannot be changed');
});

it('elsewhere is a login item, which the system may have to be told to allow', () => {
  const loginItems = new Items();
  const autostart = autostartOf(wish({ platform: 'darwin', loginItems }));
  autostart.change(true);
  expect(autostart.state()).toEqual({ on: true, reason: null });
  loginItems.status = 'requires-approval';
  expect(autostart.state().reason).toContain('System Settings');
});

it('in a checkout cannot be set, and says why', () => {
  const autostart = autostartOf(wish({ installed: false }));
  expect(autostart.state().reason).toContain('installed');
  expect(() => autostart.change(true)).toThrow('installed');
});
