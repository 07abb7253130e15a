/** What belongs to the window alone, in a small file of its own: read with care, for anybody may have edited it. */
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ipcMain } from 'electron';
import Store from 'electron-store';
import * as v from 'valibot';
import type { Preferences } from '../contract/desktop.ts';
import type { Log } from '../core/ports.ts';
import { type Bounds, BoundsSchema } from './bounds.ts';
import { readPreferences } from './preference-values.ts';

/** More answered notices than that are none of ours. */
const mostDismissed = 200;

export interface PreferencesFile {
  read(): Preferences;
  /** Kept in memory alone where the file cannot be written. */
  change(change: Partial<Preferences>): Preferences;
  bounds(): Bounds | null;
  keepBounds(bounds: Bounds): void;
}

/** Opens `preferences.json` in `folder`; a file that is broken is kept beside it under another name. */
export function openPreferences(folder: string, log: Log): PreferencesFile {
  const store = open(folder, log);
  let preferences = readPreferences(store?.get('preferences'));
  const bounds = v.safeParse(BoundsSchema, store?.get('bounds'));
  let kept = bounds.success ? bounds.output : null;
  const write = (key: string, value: object): void => {
    try {
      store?.set(key, value);
    } catch (error) {
      log.warn('The preferences could not be written.', { error: String(error) });
    }
  };
  return {
    read: () => preferences,
    change(change) {
      preferences = {
        ...preferences,
        ...change,
        dismissed: [...new Set(change.dismissed ?? preferences.dismissed)].slice(-mostDismissed),
      };
      write('preferences', preferences);
      return preferences;
    },
    bounds: () => kept,
    keepBounds(bounds) {
      kept = bounds;
      write('bounds', bounds);
    },
  };
}

/** By this channel it tells any page where files lie; ours ask nobody, and no other is to. */
const storeChannel = 'electron-store-get-data';

function open(folder: string, log: Log): Store | null {
  const store = openFile(folder, log);
  ipcMain.removeAllListeners(storeChannel);
  return store;
}

function openFile(folder: string, log: Log): Store | null {
  const name = 'preferences';
  const file = join(folder, `${name}.json`);
  try {
    return new Store({ cwd: folder, name });
  } catch (error) {
    log.warn('The preferences could not be read; they begin anew.', { error: String(error) });
  }
  try {
    if (existsSync(file)) renameSync(file, join(folder, `${name}.broken.json`));
    return new Store({ cwd: folder, name });
  } catch {
    return null;
  }
}
