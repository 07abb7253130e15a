import { describe, expect, it } from 'vitest';
import { newAccount, unreachable } from './network.ts';

/** As `fetch` throws it: the code is in the cause. */
const thrown = (code: string) =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('secret words'), { code }) });
const told = (code: string, account = 'me') =>
  unreachable(thrown(code), 'github.example.org', account).problem;

describe('a forge that gave no answer', () => {
  it.each(['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'])(
    'with a certificate of an unknown authority (%s) says where to name the authority',
    (code) => {
      expect(told(code)).toMatchObject({
        code: 'forge-unreachable',
        message: 'github.example.org shows a certificate that this machine does not trust.',
        hint: expect.stringMatching(
          /certificates of this system.* NODE_EXTRA_CA_CERTS, and start Homerunner/,
        ),
        subject: 'me',
      });
    },
  );

  it.each([
    ['CERT_HAS_EXPIRED', /not valid at this time/, /clock of this machine/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /made for another name/, /Check the address of the account/],
    ['EPROTO', /does not speak TLS/, /Check the network/],
    ['ENOTFOUND', /name github.example.org is not found/, /it is asked again by itself/],
    ['EWHATEVER', /did not answer \(EWHATEVER\)/, /Check the network/],
  ])('with %s says so, and what to do', (code, message, hint) => {
    const found = told(code);
    expect([found.message, found.hint]).toEqual([
      expect.stringMatching(message),
      expect.stringMatching(hint),
    ]);
    expect(JSON.stringify(found)).not.toContain('secret words');
  });

  it('at the sign-in says to try again', () => {
    expect(told('ENOTFOUND', newAccount).hint).toMatch(/, then try again\.$/);
  });
});
