import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from './redact.ts';

const redact = (text: string) => createRedactor().redact(text);
const body = 'A1b2C3d4E5f6G7h8I9j0';

describe('by form', () => {
  it.each([
    ...['ghp_', 'gho_', 'ghs_', 'ghu_', 'ghr_', 'github_pat_'],
    ...['glpat-', 'glrt-', 'glrtr-', 'glcbt-', 'gldt-', 'glptt-'],
  ])('takes out tokens that begin with %s', (prefix) => {
    for (const around of ['', '"', '=', ' ', ':', '/', '_']) {
      const text = redact(`x${around}${prefix}${body}${around}`);
      if (around !== '') expect(text).not.toContain(body);
    }
    expect(redact(`${prefix}${body}`)).toBe('***');
  });

  it.each([
    [`Authorization: Bearer ${body}`, 'Authorization: ***'],
    [`authorization: token ${body}, x`, 'authorization: ***, x'],
    [`{"Authorization":"Basic ${body}"}`, '{"Authorization":"***"}'],
    [`PRIVATE-TOKEN: ${body}`, 'PRIVATE-TOKEN: ***'],
    [`said Bearer ${body} twice`, 'said Bearer *** twice'],
    [`https://user:${body}@host/path`, 'https://***@host/path'],
    [`git+ssh://${body}@host/path`, 'git+ssh://***@host/path'],
    [`https://host/?a=1&access_token=${body}&b=2`, 'https://host/?a=1&access_token=***&b=2'],
    [`a -----BEGIN RSA PRIVATE KEY-----\n${body}\n${body}\n-----END RSA PRIVATE KEY----- b`, 'a *** b'],
    [`cut -----BEGIN PRIVATE KEY-----\n${body}`, 'cut ***'],
    [`eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${body}`, '***'],
  ])('%j', (text, redacted) => expect(redact(text)).toBe(redacted));

  it.each([
    'The basic idea bears a token of friendship.',
    'https://host/path?page=2#x and mail@example.org',
    'hr-a1b2c3-local-x9y8z7 is idle since 12:34:56',
    '/home/me/.local/share/homerunner/jobs/01J9ZQ/log',
    'ghost_writer and glpatience',
  ])('leaves %j as it is', (text) => expect(redact(text)).toBe(text));

  it('takes time in proportion to the length, whatever the text is', () => {
    const parts = [
      'a-',
      'a.',
      '://',
      '-----BEGIN A-----',
      'bearer ',
      'eyJ',
      'ghp_',
      '?token=',
      'cookie: ',
      ' ',
    ];
    const timeOf = (text: string) => {
      const start = performance.now();
      redact(text);
      return performance.now() - start;
    };
    for (const part of parts) expect(timeOf(part.repeat(20_000))).toBeLessThan(1000);
  });
});

describe('by value', () => {
  it('takes out what was registered, in every form that it may take', () => {
    const redactor = createRedactor();
    const secret = 'pa"ss\nwörd/with=signs&more';
    redactor.register(secret);
    for (const form of [
      secret,
      JSON.stringify(secret),
      encodeURIComponent(secret),
      new URLSearchParams({ s: secret }).toString(),
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret).toString('base64url'),
      'wörd/with=signs&more',
    ]) {
      const text = redactor.redact(`before ${form} after`);
      expect(text).toMatch(/^before .*\*\*\*.* after$/s);
      expect(text).not.toContain('signs');
    }
  });

  it('takes a secret that holds another as a whole', () => {
    const redactor = createRedactor();
    redactor.register('hunter');
    redactor.register('hunter22-longer');
    expect(redactor.redact('hunter22-longer hunter')).toBe('*** ***');
  });

  it('never lets one of four characters or more through', () => {
    fc.assert(
      fc.property(fc.string(), fc.stringMatching(/^[!-~]{4,40}$/), fc.string(), (before, secret, after) => {
        const redactor = createRedactor();
        redactor.register(secret);
        // What surrounds it may hold it, or form it with the mask, only where it is made of the mask's own signs.
        fc.pre(!'***'.includes(secret) && !/^\*+$/.test(secret));
        expect(redactor.redact(`${before}\n${secret}\n${after}`)).not.toContain(`\n${secret}\n`);
      }),
    );
  });

  it('leaves short ones, which stand in too many words', () => {
    const redactor = createRedactor();
    redactor.register('on');
    redactor.register('');
    expect(redactor.redact('one moment')).toBe('one moment');
  });
});

describe('isSecretName', () => {
  const { isSecretName } = createRedactor();
  it('knows names of secrets from others', () => {
    for (const name of [
      'token',
      'GITHUB_TOKEN',
      'Authorization',
      'private-key',
      'apiKey',
      'client_secret',
      'password',
    ])
      expect([name, isSecretName(name)]).toEqual([name, true]);
    for (const name of ['tokens', 'pool', 'key', 'secretary', 'tokenCount'])
      expect([name, isSecretName(name)]).toEqual([name, false]);
  });
});
