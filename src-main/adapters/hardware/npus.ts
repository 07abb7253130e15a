/** Neural processors by name: what has no class of its own is told by its id. */
import type { HostProfile } from '../../contract/host.ts';
import type { Arch } from '../../contract/job.ts';
import type { Door } from './door.ts';
import { compatibleBoards } from './gpus/boards.ts';
import { readPci } from './gpus/pci.ts';
import { macChip } from './system-profiler.ts';

type Npu = HostProfile['npus'][number];

/** Sources: pci.ids; the kernel's drivers ivpu and amdxdna; the makers' own guides. */
const byPciId: Readonly<Record<string, string>> = {
  '8086:7d1d': 'Intel AI Boost (Meteor Lake)',
  '8086:ad1d': 'Intel AI Boost (Arrow Lake)',
  '8086:643e': 'Intel AI Boost (Lunar Lake)',
  '8086:b03e': 'Intel AI Boost (Panther Lake)',
  '1022:1502': 'AMD Ryzen AI (XDNA)',
  '1022:17f0': 'AMD Ryzen AI (XDNA 2)',
  '1ac1:089a': 'Google Coral Edge TPU',
  '1e60:2864': 'Hailo-8',
  '1e60:45c4': 'Hailo-10H',
  '1da3:1020': 'Intel Gaudi 2',
  '1da3:1060': 'Intel Gaudi 3',
};

const byBoard: Readonly<Record<string, string>> = {
  'rockchip,rk3588': 'Rockchip RK3588 NPU',
  'rockchip,rk3588s': 'Rockchip RK3588S NPU',
  'rockchip,rk3576': 'Rockchip RK3576 NPU',
  'rockchip,rk3568': 'Rockchip RK3568 NPU',
  'rockchip,rk3566': 'Rockchip RK3566 NPU',
  'qcom,x1e80100': 'Qualcomm Hexagon NPU',
  'qcom,x1p42100': 'Qualcomm Hexagon NPU',
};

/** `arch` is the machine's own: every Apple chip of the M line has a Neural Engine, and no Intel has. */
export async function probeNpus(door: Door, arch: Arch): Promise<readonly Npu[]> {
  if (door.platform === 'darwin') {
    if (arch !== 'arm64') return [];
    const chip = (await macChip(door)) ?? '';
    return /^Apple M\d/.test(chip) && !chip.includes('(Virtual)') ? [{ model: 'Apple Neural Engine' }] : [];
  }
  const [devices, boards] = await Promise.all([readPci(door), compatibleBoards(door)]);
  const found = [
    ...(devices ?? []).map((device) => byPciId[`${device.vendor}:${device.device}`]),
    ...boards.map((board) => byBoard[board]),
  ];
  return found.filter((model) => model !== undefined).map((model) => ({ model }));
}
