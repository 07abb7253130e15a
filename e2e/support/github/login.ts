/** The device flow: a code for a person, and the questions of the program that waits for the answer. */
import { randomBytes } from 'node:crypto';
import type { Answer } from './call.ts';
import type { World } from './world.ts';

const said = (body: object): Answer => ({ status: 200, body });
const error = (code: string, description: string, more: object = {}): Answer =>
  said({ error: code, error_description: description, ...more });

function start(world: World, form: URLSearchParams): Answer {
  const clientId = form.get('client_id') ?? '';
  if (!world.clients.has(clientId)) return { status: 404, body: { error: 'Not Found' } };
  const letters = randomBytes(4).toString('hex').toUpperCase();
  const code = {
    deviceCode: randomBytes(20).toString('hex'),
    userCode: `${letters.slice(0, 4)}-${letters.slice(4)}`,
    clientId,
    scope: form.get('scope') ?? '',
    expiresAt: Date.now() + world.waits.deviceCode,
    interval: world.waits.deviceInterval / 1000,
    askedAt: null,
    answer: null,
  };
  world.deviceCodes.push(code);
  return said({
    device_code: code.deviceCode,
    user_code: code.userCode,
    verification_uri: world.page('login/device'),
    expires_in: Math.round(world.waits.deviceCode / 1000),
    interval: code.interval,
  });
}

function ask(world: World, form: URLSearchParams): Answer {
  if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:device_code')
    return error('unsupported_grant_type', 'The grant type must be the one of the device flow.');
  if (!world.clients.has(form.get('client_id') ?? ''))
    return error('incorrect_client_credentials', 'The client_id is incorrect.');
  const asked = [form.get('device_code'), form.get('client_id')];
  const code = world.deviceCodes.find((one) => one.deviceCode === asked[0] && one.clientId === asked[1]);
  if (!code) return error('incorrect_device_code', 'The device_code provided is not valid.');
  if (Date.now() > code.expiresAt) return error('expired_token', 'This device_code has expired.');
  const early = code.askedAt !== null && Date.now() - code.askedAt < code.interval * 900;
  code.askedAt = Date.now();
  if (early) {
    code.interval += 5;
    return error('slow_down', 'Too many requests have been made in the same timeframe.', {
      interval: code.interval,
    });
  }
  if (code.answer === 'denied') return error('access_denied', 'The authorization request was denied.');
  if (code.answer === null)
    return error('authorization_pending', 'The authorization request is still pending.');
  world.deviceCodes.splice(world.deviceCodes.indexOf(code), 1);
  return said({ access_token: code.answer.token, token_type: 'bearer', scope: code.scope });
}

/** Answers what is asked under /login; null: nothing of this kind. */
export function login(world: World, method: string, path: string, body: string): Answer | null {
  if (method !== 'POST') return null;
  const form = body.startsWith('{')
    ? new URLSearchParams(JSON.parse(body) as Record<string, string>)
    : new URLSearchParams(body);
  if (path === '/login/device/code') return start(world, form);
  return path === '/login/oauth/access_token' ? ask(world, form) : null;
}
