/** What errors of the network tell: their code, and what is wrong with a certificate, in words. */
import type { Problem } from '../../contract/problem.ts';

/** The first code along the chain of causes; connections to several addresses fail together, each with its own. */
export function codeIn(thrown: unknown): string | null {
  for (let at = thrown; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && at.code !== '') return at.code;
    if (at instanceof AggregateError) return codeIn(at.errors[0]);
  }
  return null;
}

/** As OpenSSL and Node name them (https://nodejs.org/api/tls.html, "X509 certificate error codes"). */
const untrusted = [
  'CERT_CHAIN_TOO_LONG',
  'CERT_REJECTED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'INVALID_CA',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

/**
 * What is wrong with the certificate that `who` showed, and what to do; null: `code` is about something else. Asking
 * again helps in no case. `address` is how a person finds what was asked, "the address of the account".
 */
export function certificateTrouble(
  code: string | null,
  who: string,
  address: string,
): Pick<Problem, 'message' | 'hint'> | null {
  if (code === null) return null;
  if (untrusted.includes(code))
    return {
      message: `${who} shows a certificate that this machine does not trust.`,
      hint: 'Where the forge, or a proxy that reads along, has a certificate authority of its own: add the authority to the certificates of this system, which agents read, name its file in NODE_EXTRA_CA_CERTS, and start Homerunner again.',
    };
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return {
      message: `${who} shows a certificate that is not valid at this time.`,
      hint: 'Check the clock of this machine; otherwise who runs it has to renew the certificate.',
    };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return {
      message: `${who} shows a certificate that was made for another name.`,
      hint: `Check ${address}.`,
    };
  return null;
}
