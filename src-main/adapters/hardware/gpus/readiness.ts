/** Can jobs compute on a card? The interface must have answered for it; else what is missing, and how to get it. */
import { type Problem, problem } from '../../../contract/problem.ts';
import type { Installer } from '../installer.ts';
import { installHint } from '../installer.ts';
import type { Sighting } from './sighting.ts';

export interface Circumstances {
  readonly installer: Installer | null;
  /** Why the vendor's tool told nothing. */
  readonly failure: Problem | null;
  readonly kfd: 'missing' | 'denied' | 'usable';
  readonly linux: boolean;
  readonly architecture: string | null;
}

export function readiness(
  card: Sighting,
  around: Circumstances,
): { readonly ready: boolean; readonly problem: Problem | null } {
  if (card.problem !== null) return { ready: false, problem: card.problem };
  if (card.works) return { ready: true, problem: null };
  return { ready: false, problem: lacking(card, around) };
}

function lacking(card: Sighting, around: Circumstances): Problem {
  const what = { subject: card.address ?? card.pciId ?? card.vendor };
  if (card.module === 'vfio-pci' || card.module === 'pci-stub')
    return problem(
      'driver-missing',
      'The card is set aside for a virtual machine.',
      'Take it out of the settings of vfio-pci to use it here.',
      what,
    ).problem;
  if (around.failure !== null) return around.failure;
  if (card.vendor === 'NVIDIA') return nvidiaLacks(card, around, what);
  if (card.vendor === 'AMD') return amdLacks(card, around, what);
  if (card.vendor === 'Intel') return intelLacks(card, around, what);
  return problem(
    'driver-missing',
    `Programs for computing do not know graphics of ${card.vendor}.`,
    'They draw, and jobs compute on the processor.',
    what,
  ).problem;
}

interface About {
  readonly subject: string;
}

/** The last driver for these is of branch 580; the open kernel modules need Turing or newer (NVIDIA's installation guide). */
const oldNvidia = new Set(['Maxwell', 'Pascal', 'Volta']);

function nvidiaLacks(card: Sighting, around: Circumstances, about: About): Problem {
  if (card.module === 'nvidia' && card.driver !== null)
    return problem(
      'tool-missing',
      `The NVIDIA driver ${card.driver} is loaded, but its program nvidia-smi was not found.`,
      'Install the programs of the same driver version (nvidia-utils), or start a container with the capability "utility".',
      about,
    ).problem;
  const nouveau =
    card.module === 'nouveau' || card.module === 'nova' ? ` It is driven by ${card.module}.` : '';
  const old = oldNvidia.has(around.architecture ?? '');
  const last = old && around.installer !== null ? ' The last driver for it is of the branch 580.' : '';
  return problem(
    'driver-missing',
    `The NVIDIA driver is missing: nvidia-smi was not found.${nouveau}`,
    `${installHint(around.installer, old ? 'nvidia-old' : 'nvidia')}${last}`,
    about,
  ).problem;
}

/** By a module that only draws. */
function drivenBy(module: string, hint: string, about: About): Problem {
  const message = `The card is driven by ${module}, with which programs cannot compute.`;
  return problem('driver-missing', message, hint, about).problem;
}

function amdLacks(card: Sighting, around: Circumstances, about: About): Problem {
  if (around.kfd === 'denied')
    return problem(
      'forbidden',
      'This user may not open /dev/kfd, through which programs compute on AMD cards.',
      'Run `sudo usermod -aG render,video $USER` and sign in again.',
      about,
    ).problem;
  if (around.linux && around.kfd === 'missing' && card.gfxTarget !== null)
    return problem(
      'driver-missing',
      'The card is ready to compute, but the device file /dev/kfd is not there.',
      'In a container, start it with `--device /dev/kfd --device /dev/dri`; elsewhere load the module amdgpu again.',
      about,
    ).problem;
  if (!around.linux)
    return problem(
      'driver-missing',
      'The libraries for computing (HIP) are not installed.',
      'Install AMD Software: Adrenalin Edition, or the HIP SDK.',
      about,
    ).problem;
  if (card.module === null || card.module === 'amdgpu')
    return problem(
      'driver-missing',
      'No driver offers a way to compute on this card: it is not in /sys/class/kfd.',
      installHint(around.installer, 'amd'),
      about,
    ).problem;
  return drivenBy(card.module, 'Cards before GCN 2 have no driver for computing.', about);
}

function intelLacks(card: Sighting, around: Circumstances, about: About): Problem {
  if (card.module !== null && card.module !== 'i915' && card.module !== 'xe' && around.linux)
    return drivenBy(card.module, 'Use a kernel with the driver xe or i915.', about);
  if (!around.linux)
    return problem(
      'driver-missing',
      'The runtime for computing on Intel graphics (Level Zero) is not installed.',
      "Install Intel's graphics driver from https://www.intel.com/content/www/us/en/download-center/home.html.",
      about,
    ).problem;
  return problem(
    'driver-missing',
    'The runtime for computing on Intel graphics (Level Zero) is not installed, or this user may not open /dev/dri/renderD*.',
    installHint(around.installer, 'intel'),
    about,
  ).problem;
}
