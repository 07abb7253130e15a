/** Serves the agent's archives, in parts where a part is asked for. */
import { createReadStream, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AgentVersion } from './model.ts';
import type { World } from './world.ts';

/** The next `times` downloads break off after so many bytes. */
export interface Cut {
  readonly after: number;
  times: number;
}

const place = /^\/(?:downloads|_objects)\/v([^/]+)\/([^/]+)$/;

export const isArchive = (path: string): boolean => place.test(path);

function find(world: World, path: string): AgentVersion | undefined {
  const [, version, filename] = place.exec(path) ?? [];
  return world.agents.find((agent) => agent.version === version && agent.filename === filename);
}

interface Part {
  readonly from: number;
  readonly to: number;
}

/** The part that `Range` names; null: the whole; 'beyond': none of it exists. */
function partOf(range: string | undefined, size: number): Part | null | 'beyond' {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === undefined) return null;
  const from = Number(first);
  return from >= size ? 'beyond' : { from, to: last ? Math.min(Number(last), size - 1) : size - 1 };
}

function send(response: ServerResponse, file: string, part: Part, cut: Cut | null): void {
  const limit = cut && cut.times > 0 ? cut.after : Infinity;
  if (cut && cut.times > 0) cut.times -= 1;
  let sent = 0;
  const stream = createReadStream(file, { start: part.from, end: part.to, highWaterMark: 16_384 });
  stream.on('data', (chunk) => {
    sent += chunk.length;
    if (sent < limit) return;
    stream.destroy();
    response.socket?.destroy();
  });
  stream.pipe(response);
  response.on('close', () => stream.destroy());
}

/** An archive is where the download page redirects to, as at the real one. */
export function download(
  world: World,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  cut: Cut | null,
): void {
  const agent = find(world, path);
  if (!agent) {
    response.writeHead(404).end('Not Found');
    return;
  }
  const bearer = (request.headers.authorization ?? '').replace(/^Bearer /i, '');
  if (world.downloadTokens?.has(bearer) === false) {
    response.writeHead(401).end('Unauthorized');
    return;
  }
  if (path.startsWith('/downloads/')) {
    response.writeHead(302, { location: world.page(`_objects/v${agent.version}/${agent.filename}`) }).end();
    return;
  }
  const { size, mtimeMs } = statSync(agent.file);
  const tag = `"${size.toString(16)}-${Math.round(mtimeMs).toString(16)}"`;
  const ifRange = request.headers['if-range'];
  const part = ifRange !== undefined && ifRange !== tag ? null : partOf(request.headers.range, size);
  const headers = { etag: tag, 'accept-ranges': 'bytes', 'content-type': 'application/octet-stream' };
  if (part === 'beyond') {
    response.writeHead(416, { ...headers, 'content-range': `bytes */${size}` }).end();
    return;
  }
  const { from, to } = part ?? { from: 0, to: size - 1 };
  const range = part ? { 'content-range': `bytes ${from}-${to}/${size}` } : {};
  response.writeHead(part ? 206 : 200, { ...headers, ...range, 'content-length': to - from + 1 });
  if (request.method === 'HEAD') response.end();
  else send(response, agent.file, { from, to }, cut);
}
