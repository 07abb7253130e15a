/** Homes on machines that are not here: what detection would have found is laid into its cache before the start. */
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { completeProfile, type HostFacts } from '../../src-main/core/classify.ts';
import { desktopFacts, gpu, withoutDriver } from '../../src-main/core/host.test-kit.ts';
import { Home, type Running } from './product.ts';
import { remove } from './remove.ts';

/** A workstation with a card at work, a cut one, and one whose driver is missing. */
export function workstation(): HostFacts {
  const cut = gpu({
    ...{ index: 1, model: 'A100-SXM4-80GB', architecture: 'Ampere', computeCapability: '8.0', uuid: 'GPU-2' },
    ...{ memoryMiB: 81_920, soldMiB: 81_920, usableMiB: 81_920, address: '0000:02:00.0', bandwidthGBs: 2039 },
    slices: ['3g.40gb', '3g.40gb', '1g.10gb'].map((profile, i) => ({
      ...{ profile, memoryMiB: profile === '1g.10gb' ? 9728 : 40_192, id: `MIG-${i}` },
    })),
  });
  const amd = withoutDriver(
    gpu({
      ...{ index: 2, vendor: 'AMD', model: 'Radeon RX 7900 XTX', architecture: 'RDNA 3', uuid: null },
      ...{ computeCapability: null, gfxTarget: 'gfx1100', address: '0000:03:00.0', pciId: '1002:744c' },
    }),
    'Run `sudo apt install rocm` and sign in again.',
  );
  return desktopFacts({
    gpus: [gpu(), cut, amd],
    npus: [{ model: 'AMD Ryzen AI (XDNA 2)' }],
    disks: [{ path: '/', freeMiB: 217_088, totalMiB: 953_344, kind: 'ssd' }],
    virtualization: {
      ...{ kvm: false, guest: null },
      problem: {
        code: 'forbidden',
        message: 'This user may not open /dev/kvm, through which virtual machines run.',
        hint: 'Run `sudo usermod -aG kvm $USER` and sign in again.',
      },
    },
  });
}

export class Machine {
  readonly home: Home;
  readonly #running: Running;
  readonly #bin: string;

  private constructor(home: Home, running: Running, bin: string) {
    this.home = home;
    this.#running = running;
    this.#bin = bin;
  }

  /** A supervisor that takes itself to be on a machine of these facts; its cards of NVIDIA tell of their load. */
  static async of(facts: HostFacts): Promise<Machine> {
    const home = new Home();
    const first = await home.run();
    await home.json(['status']);
    await first.stop();
    const file = path.join(home.path, 'run', 'host.json');
    const cache = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    const profile = completeProfile(facts, { cores: 6, memoryMiB: 9830 });
    writeFileSync(file, JSON.stringify({ ...cache, at: Date.now(), profile }));
    const bin = mkdtempSync(path.join(tmpdir(), 'hr-bin-'));
    const tool = path.join(bin, 'nvidia-smi');
    const lines = facts.gpus
      .filter((card) => card.vendor === 'NVIDIA' && card.slices.length === 0)
      .map((card) => `echo "0000${card.address ?? ''}, ${card.uuid ?? ''}, $n, 17612"`);
    writeFileSync(
      tool,
      `#!/bin/sh\nn=55\nwhile :; do n=$(( (n * 7 + 11) % 100 ))\n${lines.join('\n')}\nsleep 0.5; done\n`,
    );
    chmodSync(tool, 0o755);
    const running = await home.run({ env: { PATH: `${bin}:${process.env['PATH'] ?? ''}` } });
    return new Machine(home, running, bin);
  }

  async end(): Promise<void> {
    await this.#running.stop();
    await this.home.dispose();
    await remove(this.#bin);
  }
}
