/** The operating system's keyring, as Electron reaches it. */
import { safeStorage } from 'electron';

/** Encrypts with a key that the keyring holds. */
export interface Cipher {
  /** Where the key is kept, in the system's own name; null where that has none. */
  backend(): string | null;
  /** May ask the owner to unlock the keyring. */
  available(): Promise<boolean>;
  encrypt(text: string): Promise<Buffer>;
  decrypt(data: Buffer): Promise<string>;
}

/** What Chromium falls back to encrypts with a key that everybody knows. */
const weak = ['basic_text', 'unknown'];

/** Asks only when asked: the keyring may have to be unlocked by the owner. After the application is ready. */
export function keyringCipher(platform: NodeJS.Platform): Cipher {
  const backend = (): string | null => {
    if (platform === 'darwin') return 'Keychain';
    if (platform === 'win32') return 'DPAPI';
    const selected = safeStorage.getSelectedStorageBackend();
    return weak.includes(selected) ? null : selected;
  };
  // The name proves nothing by itself: it is that of the keyring even while that is locked.
  const strong = (): boolean => backend() !== null;
  return hasAsync()
    ? {
        backend,
        available: async () => strong() && (await safeStorage.isAsyncEncryptionAvailable()),
        encrypt: (text) => safeStorage.encryptStringAsync(text),
        decrypt: async (data) => (await safeStorage.decryptStringAsync(data)).result,
      }
    : syncCipher(backend, strong);
}

/* eslint-disable @typescript-eslint/no-deprecated -- Electron before 41 has no others. */
function syncCipher(backend: () => string | null, strong: () => boolean): Cipher {
  return {
    backend,
    available: () => Promise.resolve(strong() && safeStorage.isEncryptionAvailable()),
    encrypt: (text) => Promise.resolve(safeStorage.encryptString(text)),
    decrypt: (data) => Promise.resolve(safeStorage.decryptString(data)),
  };
}
/* eslint-enable @typescript-eslint/no-deprecated */

function hasAsync(): boolean {
  return 'isAsyncEncryptionAvailable' in safeStorage;
}
