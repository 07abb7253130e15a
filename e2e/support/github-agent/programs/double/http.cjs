/** JSON over HTTP to the server of the registration. */
const http = require('node:http');
const https = require('node:https');
const { way } = require('./tunnel.cjs');

/**
 * Asks and gives { status, body, text }. Rejects when there is no answer within `timeoutMs`, or when `signal` aborts.
 */
async function call(method, address, { authorization, json, timeoutMs = 100_000, signal } = {}) {
  const url = new URL(address);
  const by = await way(url, { timeoutMs, signal });
  return new Promise((resolve, reject) => {
    const payload = json === undefined ? null : JSON.stringify(json);
    const headers = {
      'user-agent': 'actions-runner-double',
      accept: 'application/json',
      ...(authorization && { authorization }),
      ...(payload !== null && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(payload),
      }),
    };
    const client = url.protocol === 'https:' ? https : http;
    const request = client.request(url, { method, headers, signal, ...by }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        resolve({ status: response.statusCode, text, body: parsed(text) });
      });
    });
    request.setTimeout(timeoutMs, () => request.destroy(new Error(`No answer within ${timeoutMs} ms`)));
    request.on('error', reject);
    request.end(payload ?? undefined);
  });
}

function parsed(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

module.exports = { call };
