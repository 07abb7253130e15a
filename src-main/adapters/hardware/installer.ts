/** How software is installed on this system: the command that its owner would type. */
import type { Door } from './door.ts';

export type Installer = 'apt-debian' | 'apt-ubuntu' | 'dnf' | 'pacman' | 'zypper' | 'apk' | 'brew' | 'winget';

const byId: Readonly<Record<string, Installer>> = {
  ubuntu: 'apt-ubuntu',
  debian: 'apt-debian',
  fedora: 'dnf',
  rhel: 'dnf',
  centos: 'dnf',
  arch: 'pacman',
  suse: 'zypper',
  opensuse: 'zypper',
  'opensuse-tumbleweed': 'zypper',
  'opensuse-leap': 'zypper',
  alpine: 'apk',
};

/** By the distribution, else by those that it says it is like; null where it is unknown. */
export async function probeInstaller(door: Door): Promise<Installer | null> {
  if (door.platform === 'darwin') return 'brew';
  if (door.platform === 'win32') return 'winget';
  const text = (await door.readFile('/etc/os-release')) ?? '';
  const value = (key: string): string =>
    new RegExp(`^${key}=(?:"([^"\\n]*)"|([^\\n]*))$`, 'm').exec(text)?.slice(1).join('') ?? '';
  const ids = [value('ID'), ...value('ID_LIKE').split(' ')].map((id) => id.trim().toLowerCase());
  return ids.map((id) => byId[id]).find((installer) => installer !== undefined) ?? null;
}

export type Software = 'nvidia' | 'nvidia-old' | 'amd' | 'intel' | 'emulation' | 'docker';

const commands: Readonly<Record<Software, Partial<Record<Installer, string>>>> = {
  nvidia: {
    'apt-ubuntu': 'sudo ubuntu-drivers install',
    'apt-debian': 'sudo apt install nvidia-driver',
    dnf: 'sudo dnf install akmod-nvidia xorg-x11-drv-nvidia-cuda',
    pacman: 'sudo pacman -S nvidia-open nvidia-utils',
  },
  // The open modules need Turing or newer.
  'nvidia-old': {
    'apt-ubuntu': 'sudo ubuntu-drivers install',
    'apt-debian': 'sudo apt install nvidia-driver',
    dnf: 'sudo dnf install akmod-nvidia-580xx xorg-x11-drv-nvidia-580xx-cuda',
  },
  amd: {
    'apt-debian': 'sudo apt install rocm-smi rocminfo',
    dnf: 'sudo dnf install rocm-smi rocm-hip',
    pacman: 'sudo pacman -S rocm-hip-runtime rocm-smi-lib',
    zypper: 'sudo zypper install rocm-smi',
  },
  intel: {
    'apt-ubuntu': 'sudo apt install intel-opencl-icd libze-intel-gpu1',
    'apt-debian': 'sudo apt install intel-opencl-icd libze-intel-gpu1',
    dnf: 'sudo dnf install intel-compute-runtime',
    pacman: 'sudo pacman -S intel-compute-runtime level-zero-loader',
    zypper: 'sudo zypper install intel-opencl level-zero',
  },
  emulation: {
    'apt-ubuntu': 'sudo apt install qemu-user-static binfmt-support',
    'apt-debian': 'sudo apt install qemu-user-static binfmt-support',
    dnf: 'sudo dnf install qemu-user-static',
    pacman: 'sudo pacman -S qemu-user-static qemu-user-static-binfmt',
    zypper: 'sudo zypper install qemu-linux-user',
    apk: 'sudo apk add qemu-openrc qemu-aarch64',
    brew: 'softwareupdate --install-rosetta --agree-to-license',
  },
  docker: {
    'apt-ubuntu': 'sudo apt install docker.io',
    'apt-debian': 'sudo apt install docker.io',
    dnf: 'sudo dnf install podman',
    pacman: 'sudo pacman -S docker',
    zypper: 'sudo zypper install docker',
    apk: 'sudo apk add docker',
    brew: 'brew install --cask docker',
    winget: 'winget install Docker.DockerDesktop',
  },
};

const elsewhere: Readonly<Record<Software, string>> = {
  'nvidia-old': 'Install the driver of branch 580 from https://www.nvidia.com/drivers',
  nvidia: 'Install the driver from https://www.nvidia.com/drivers',
  amd: 'Install ROCm as https://rocm.docs.amd.com tells',
  intel: 'Install the runtime from https://github.com/intel/compute-runtime/releases',
  emulation: 'Install qemu-user-static and register its handlers with the flag F',
  docker: 'Install docker or podman',
};

/** A sentence with the command for this system; one without where the system is unknown or has no package. */
export function installHint(installer: Installer | null, software: Software): string {
  const command = installer === null ? undefined : commands[software][installer];
  if (command === undefined) return `${elsewhere[software]}.`;
  const restart = software.startsWith('nvidia') ? ' and restart the machine' : '';
  return `Run \`${command}\`${restart}.`;
}
