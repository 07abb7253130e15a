/** A small proxy on loopback, as companies have them: tunnels by CONNECT, forwards plain http, and may want a login. */
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import type { SelfSigned } from './certificate.ts';

export interface SmallProxy {
  readonly port: number;
  /** "CONNECT host:port" or "METHOD url" of each request that was let through or refused. */
  readonly asked: string[];
  /** "NAME:PASSWORD" that it wants; null: none. */
  login: string | null;
  /** Hosts that it refuses. */
  readonly refused: Set<string>;
  /** Where it leads a host whose name nobody else knows. */
  readonly names: Map<string, number>;
  /** The first bytes that came through tunnels. */
  readonly first: Buffer[];
  close(): Promise<void>;
}

/** With a certificate it is itself asked by https. */
export async function startProxy(certificate?: Pick<SelfSigned, 'key' | 'cert'>): Promise<SmallProxy> {
  const sockets = new Set<net.Socket>();
  const server = certificate ? https.createServer(certificate) : http.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const proxy: SmallProxy = {
    port,
    asked: [],
    login: null,
    refused: new Set(),
    names: new Map(),
    first: [],
    async close() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  server.on('request', (request, response) => {
    forward(proxy, request, response);
  });
  server.on('connect', (request: http.IncomingMessage, socket: net.Socket, head: Buffer) => {
    sockets.add(socket);
    tunnel(proxy, request, socket, head);
  });
  return proxy;
}

function statusOf({ login, refused }: SmallProxy, headers: http.IncomingHttpHeaders, host: string): number {
  const wanted = login === null ? undefined : `Basic ${Buffer.from(login).toString('base64')}`;
  if (wanted !== undefined && headers['proxy-authorization'] !== wanted) return 407;
  return refused.has(host) ? 403 : 200;
}

function placeOf({ names }: SmallProxy, host: string, port: number): { host: string; port: number } {
  const here = names.get(host);
  return here === undefined ? { host, port } : { host: '127.0.0.1', port: here };
}

function forward(proxy: SmallProxy, request: http.IncomingMessage, response: http.ServerResponse): void {
  const { method = 'GET', headers } = request;
  const url = new URL(request.url ?? '', 'http://none');
  proxy.asked.push(`${method} ${url.href}`);
  const status = statusOf(proxy, headers, url.hostname);
  if (status !== 200) {
    response.writeHead(status).end();
    return;
  }
  const place = placeOf(proxy, url.hostname, Number(url.port || 80));
  const { 'proxy-authorization': _, ...onwards } = headers;
  const target = url.pathname + url.search;
  const onward = http.request({ ...place, method, path: target, headers: onwards, agent: false });
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}

function tunnel(
  proxy: SmallProxy,
  { url = '', headers }: http.IncomingMessage,
  socket: net.Socket,
  head: Buffer,
) {
  proxy.asked.push(`CONNECT ${url}`);
  const [host = '', port = '443'] = url.split(':');
  const status = statusOf(proxy, headers, host);
  socket.on('error', () => socket.destroy());
  if (status !== 200) {
    socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
    return;
  }
  const onward = net.connect(placeOf(proxy, host, Number(port)), () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (head.length > 0) onward.write(head);
    socket.once('data', (data) => proxy.first.push(data));
    socket.pipe(onward).pipe(socket);
  });
  onward.on('error', () => socket.destroy());
  socket.on('close', () => onward.destroy());
}
