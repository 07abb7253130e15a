/** https as the real agent does it: through the proxy of the environment, and trusting by what OpenSSL reads. */
const fs = require('node:fs');
const http = require('node:http');
const tls = require('node:tls');

/** Lower case wins. NO_PROXY is read by the tests of its own reader; here it is all or nothing. */
function proxyFor(url) {
  const { env } = process;
  if (url.protocol !== 'https:' || (env.no_proxy || env.NO_PROXY) === '*') return null;
  const address = env.https_proxy || env.HTTPS_PROXY;
  return address ? new URL(address) : null;
}

/** It does not know NODE_EXTRA_CA_CERTS, which is for the programs of its jobs. */
function trusted() {
  const file = process.env.SSL_CERT_FILE;
  return file ? fs.readFileSync(file) : tls.rootCertificates;
}

/** A connection to the host behind the proxy. */
function tunnel(proxy, url, { timeoutMs, signal }) {
  return new Promise((resolve, reject) => {
    const host = `${url.hostname}:${url.port || 443}`;
    const login = [proxy.username, proxy.password].map(decodeURIComponent).join(':');
    const headers = {
      host,
      ...(proxy.username && { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` }),
    };
    const place = { hostname: proxy.hostname, port: proxy.port || 80, method: 'CONNECT', path: host };
    const request = http.request({ ...place, headers, signal, agent: false });
    request.setTimeout(timeoutMs, () => request.destroy(new Error(`No answer within ${timeoutMs} ms`)));
    request.on('error', reject);
    request.on('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new Error(`The proxy tunnel request to proxy '${proxy.origin}' failed with ${statusCode}`));
    });
    request.end();
  });
}

/** What a request to this address needs besides: { agent } or a connection of its own, and whom it trusts. */
async function way(url, options) {
  if (url.protocol !== 'https:') return { agent: false };
  const proxy = proxyFor(url);
  const ca = trusted();
  if (proxy === null) return { agent: false, ca };
  const socket = await tunnel(proxy, url, options);
  return { createConnection: () => tls.connect({ socket, servername: url.hostname, ca }) };
}

module.exports = { way };
