/** Certificate authorities that this machine's owner trusts besides the known ones. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';

/**
 * What TLS has to trust (PEM) where the runtime does not itself read the file that NODE_EXTRA_CA_CERTS names: an
 * installed application of Electron, whose fuse for NODE_OPTIONS bars both. Null: the runtime sees to it, or there is no
 * such file with certificates; whoever meets an unknown one is then told of the variable.
 */
export function extraAuthorities(
  environment: Readonly<NodeJS.ProcessEnv>,
  isElectron = 'electron' in process.versions,
): readonly string[] | null {
  const file = environment['NODE_EXTRA_CA_CERTS'] ?? '';
  if (file === '' || !isElectron) return null;
  try {
    const text = readFileSync(file, 'utf8');
    return new X509Certificate(text).raw.length > 0 ? [...rootCertificates, text] : null;
  } catch {
    return null;
  }
}
