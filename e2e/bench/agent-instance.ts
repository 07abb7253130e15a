/** How long a new runner waits for its copy of an agent of 500 MB that lies here, beside unpacking that agent. */
import { mkdirSync, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Instances } from '../../src-main/adapters/agents/instances.ts';
import { unpackTar } from '../../src-main/adapters/agents/unpack.ts';
import { extentOf, filesFolder, type KeptVersion } from '../../src-main/adapters/agents/versions.ts';
import { remove } from '../support/remove.ts';
import { program, writeAgentArchive } from './agent-archive.ts';
import { type Figure } from './figure.ts';

async function timed(work: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work;
  return performance.now() - began;
}

/** Unpacks once, copies once, and takes one spare. */
export async function agentInstanceFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'hr-bench-agent-'));
  const instances = new Instances({
    roomForSpare: () => Promise.resolve(true),
    failed: (error) => {
      throw error;
    },
  });
  try {
    const { file, sha256, bytes, files } = writeAgentArchive(path.join(folder, 'agent.tar.gz'));
    const at = path.join(folder, 'version');
    mkdirSync(path.join(at, filesFolder), { recursive: true });
    const unpacking = await timed(unpackTar('the agent', file, path.join(at, filesFolder)));
    const release = { version: '1', os: 'linux', arch: 'x64', url: '', sha256, bearer: null };
    const extent = await extentOf(path.join(at, filesFolder));
    if (extent.files !== files || extent.bytes !== bytes) throw new Error('Not all of it was unpacked.');
    const version: KeptVersion = { release, extent, folder: at, usedAt: 0 };
    const made = async (name: string): Promise<number> => {
      const target = path.join(folder, name);
      const taken = await timed(instances.make(version, target));
      if (!statSync(path.join(target, program)).isFile()) throw new Error('The copy is not whole.');
      return taken;
    };
    const copied = await made('copied');
    await instances.spare(version);
    const spared = await made('spared');
    const baseline = { name: 'unpacking it', value: unpacking };
    const note = `${Math.round(bytes / 1e6)} MB, ${files} files`;
    return [
      {
        name: 'a new instance of a cached agent, spare ready',
        unit: 'ms',
        value: spared,
        baseline,
        budget: { kind: 'ratio', most: 0.1 },
        note,
      },
      {
        name: 'a new instance of a cached agent, no spare yet',
        unit: 'ms',
        value: copied,
        baseline,
        // Where a file system copies by reference it keeps the same budget; elsewhere it is what the spare is for.
        budget: null,
        note,
      },
    ];
  } finally {
    await instances.close();
    await remove(folder);
  }
}
