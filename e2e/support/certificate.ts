/** A certificate that nobody trusts who is not told to, made with the program openssl. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Why there can be none on this machine; null: there can. */
export function noCertificates(): string | null {
  const { error, status } = spawnSync('openssl', ['version'], { stdio: 'ignore' });
  return error === undefined && status === 0 ? null : 'the program openssl is not on this machine';
}

export interface SelfSigned {
  /** The certificate, as NODE_EXTRA_CA_CERTS and SSL_CERT_FILE name it. */
  readonly file: string;
  /** PEM. */
  readonly key: string;
  readonly cert: string;
}

/** For this host name, signed by itself, in files in `folder`. */
export function selfSigned(folder: string, host: string): SelfSigned {
  const [key, file] = ['key.pem', 'certificate.pem'].map((name) => path.join(folder, name)) as [
    string,
    string,
  ];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const name = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
  const { status, stderr } = spawnSync(
    'openssl',
    ['req', '-x509', ...kind, ...name, '-keyout', key, '-out', file],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`openssl made no certificate: ${stderr}`);
  return { file, key: readFileSync(key, 'utf8'), cert: readFileSync(file, 'utf8') };
}
