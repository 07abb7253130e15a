/** For each test an unpacked agent double and a server of its own. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { AgentOptions } from '../support/github-agent/archive.ts';
import { until } from '../support/until.ts';
import { AgentFolder, type Program } from './agent-program.ts';
import { AgentServer } from './agent-server.ts';

class AgentSite {
  server!: AgentServer;
  agent!: AgentFolder;

  /** Unpacks another archive instead. */
  async use(options: AgentOptions): Promise<void> {
    await this.agent.dispose();
    this.agent = await AgentFolder.make(options);
  }

  /** Writes the files of a registration, as a supervisor does. */
  configure(change: Record<string, unknown> = {}, bom = false): void {
    for (const [name, content] of Object.entries(this.server.files(change))) {
      const bytes = Buffer.from(content, 'base64');
      const mark = Buffer.from(bom ? '\uFEFF' : '');
      writeFileSync(path.join(this.agent.root, name), Buffer.concat([mark, bytes]));
    }
  }

  async listening(env: NodeJS.ProcessEnv = {}): Promise<Program> {
    const program = this.agent.listener(env);
    await program.says('Listening for Jobs');
    return program;
  }

  /** The pid of the worker, once there is one. */
  async working(program: Program): Promise<number> {
    return await until(
      () => this.agent.processes('Runner.Worker')[0],
      `a worker runs; the listener said:\n${program.stdout}`,
    );
  }

  /** The results that were reported. */
  completed(): unknown[] {
    return this.server.of('/complete').map((each) => each.body['result']);
  }
}

export function agentSite(): AgentSite {
  const site = new AgentSite();
  beforeEach(async () => {
    site.server = await AgentServer.start();
    site.agent = await AgentFolder.make();
  });
  afterEach(async () => {
    await site.agent.dispose();
    await site.server.close();
  });
  return site;
}
