/** Why a forge could not be reached, in a person's words. */
import { problem, type ProblemError } from '../../../../contract/problem.ts';
import { certificateTrouble, codeIn } from '../../../os/net-errors.ts';

interface Cause {
  readonly words: (host: string) => string;
  /** What to look at first; asking again may help. */
  readonly check: string;
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
];

/** The problem of a request that got no answer. Nothing of the error's own text is repeated. */
export function unreachable(thrown: unknown, host: string, account: string): ProblemError {
  const code = codeIn(thrown);
  const trouble = certificateTrouble(code, host, 'the address of the account');
  if (trouble !== null)
    return problem('forge-unreachable', trouble.message, trouble.hint, { subject: account });
  const cause = causes.find(({ codes }) => code !== null && codes.includes(code));
  const tls = code?.startsWith('ERR_SSL') === true || code === 'EPROTO';
  const words = cause?.words(host) ?? (tls ? `${host} does not speak TLS as it should.` : null);
  return problem(
    'forge-unreachable',
    words ?? `${host} did not answer${code === null ? '' : ` (${code})`}.`,
    againAfter(cause?.check ?? network, account),
    { subject: account },
  );
}

function againAfter(check: string, account: string): string {
  return account === newAccount ? `${check}, then try again.` : `${check}; it is asked again by itself.`;
}
