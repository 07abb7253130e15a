/** Why a forge could not be reached, in a person's words. */
import { problem, type ProblemError } from '../../../../contract/problem.ts';

const untrusted = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
];

interface Cause {
  readonly words: (host: string) => string;
  /** What to do where asking again alone helps nothing. */
  readonly hint?: string;
  /** What to look at first, where asking again may help. */
  readonly check?: string;
}

/** Stands for the account that is signed in just now: who does that waits for the answer, and nothing asks again. */
export const newAccount = 'sign-in';

const network = 'Check the network of this machine';
const causes: readonly (Cause & { readonly codes: readonly string[] })[] = [
  {
    codes: ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME'],
    words: (host) => `The name ${host} is not found: this machine has no network, or the name is wrong.`,
    check: 'Check the network and the address of the account',
  },
  {
    codes: ['ECONNREFUSED'],
    words: (host) => `Nothing accepts connections at ${host}.`,
    check: 'Check that the forge runs and that its address is right',
  },
  {
    codes: ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'],
    words: (host) => `${host} broke the connection off.`,
    check: network,
  },
  {
    codes: ['ETIMEDOUT', 'ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'UND_ERR_CONNECT_TIMEOUT'],
    words: (host) => `${host} cannot be reached over the network.`,
    check: network,
  },
  {
    codes: untrusted,
    words: (host) => `${host} shows a certificate that this machine does not trust.`,
    hint: 'For a forge with a certificate authority of its own, name the authority’s file in NODE_EXTRA_CA_CERTS and start Homerunner again.',
  },
  {
    codes: ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'],
    words: (host) => `The certificate of ${host} is not valid at this time.`,
    hint: 'Check the clock of this machine; otherwise the forge’s administrator has to renew it.',
  },
  {
    codes: ['ERR_TLS_CERT_ALTNAME_INVALID'],
    words: (host) => `The certificate of ${host} was made for another name.`,
    hint: 'Check the address of the account.',
  },
];

/** The problem of a request that got no answer. Nothing of the error's own text is repeated. */
export function unreachable(thrown: unknown, host: string, account: string): ProblemError {
  const code = codeIn(thrown);
  const cause = causes.find(({ codes }) => code !== null && codes.includes(code));
  const tls = code?.startsWith('ERR_SSL') === true || code === 'EPROTO';
  const words = cause?.words(host) ?? (tls ? `${host} does not speak TLS as it should.` : null);
  return problem(
    'forge-unreachable',
    words ?? `${host} did not answer${code === null ? '' : ` (${code})`}.`,
    cause?.hint ?? againAfter(cause?.check ?? network, account),
    { subject: account },
  );
}

function againAfter(check: string, account: string): string {
  return account === newAccount ? `${check}, then try again.` : `${check}; it is asked again by itself.`;
}

/** The first code along the chain of causes; connections to several addresses fail together, each with its own. */
function codeIn(thrown: unknown): string | null {
  for (let at = thrown; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && at.code !== '') return at.code;
    if (at instanceof AggregateError) return codeIn(at.errors[0]);
  }
  return null;
}
