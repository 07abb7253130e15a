/** Serves SupervisorApi on the control socket. No client can hurt it: lines, requests and buffers are bounded. */
import { chmodSync, rmSync } from 'node:fs';
import net from 'node:net';
import type { SupervisorApi } from '../../contract/api.ts';
import type { Log } from '../../core/ports.ts';
import { Connection, type ServerIdentity } from './connection.ts';
import type { Endpoint } from './endpoint.ts';

/** Enough for every tool of one person; beyond it a client is told to come back. */
const mostClients = 256;

export interface ControlServer {
  /** Ends all connections, once what was written has been sent, and removes the socket. */
  close(): Promise<void>;
}

/** Listens at `endpoint`, whose lock the caller holds: a socket file that is there is a dead one's. */
export async function serve(
  api: SupervisorApi,
  endpoint: Endpoint,
  identity: ServerIdentity,
  log: Log,
): Promise<ControlServer> {
  const connections = new Set<Connection>();
  const unfinished = { bytes: 0 };
  const server = net.createServer((socket) => {
    if (connections.size >= mostClients) {
      socket.destroy();
      return;
    }
    const connection = new Connection(socket, api, endpoint, identity, unfinished, () =>
      connections.delete(connection),
    );
    connections.add(connection);
  });
  const isFile = !endpoint.path.startsWith('\\\\');
  if (isFile) rmSync(endpoint.path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(endpoint.path, () => {
      server.off('error', reject);
      resolve();
    });
  });
  if (isFile) chmodSync(endpoint.path, 0o600);
  server.on('error', (error) => {
    log.error('The control socket failed.', { error: String(error) });
  });
  return {
    async close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      for (const connection of connections) connection.end();
      await closed;
    },
  };
}
