/** Why `nvidia-smi` tells nothing. Its exit codes are NVML's; some versions print the error and end with 0. */
import { type Problem, type ProblemCode, problem } from '../../../contract/problem.ts';
import type { Answer } from '../door.ts';

interface Failure {
  readonly code: ProblemCode;
  readonly exit: number | null;
  readonly text: RegExp;
  readonly message: string;
  readonly hint: string;
}

const failures: readonly Failure[] = [
  {
    code: 'driver-mismatch',
    exit: 18,
    text: /driver\/library version mismatch/i,
    message: 'The NVIDIA driver in memory is older or newer than the programs that were installed for it.',
    hint: 'Restart the machine: the driver was updated while it ran.',
  },
  {
    code: 'driver-missing',
    exit: 9,
    text: /couldn't communicate with the NVIDIA driver/i,
    message: 'nvidia-smi is installed, but the NVIDIA driver is not loaded.',
    hint: 'See with `dmesg | grep -i nvidia` why: Secure Boot without a signed module, a module that was not built for this kernel (DKMS), or nouveau in its place.',
  },
  {
    code: 'driver-missing',
    exit: 12,
    text: /(?:couldn't find|not find) libnvidia-ml/i,
    message: 'The library of the NVIDIA driver (libnvidia-ml) is missing.',
    hint: 'Install the NVIDIA driver again, with all of its packages of the same version.',
  },
  {
    code: 'forbidden',
    exit: 4,
    text: /insufficient permissions/i,
    message: 'This user may not ask the NVIDIA driver.',
    hint: 'See who may use the files /dev/nvidia*: often the members of the group video.',
  },
  {
    code: 'driver-missing',
    exit: 6,
    text: /no devices were found/i,
    message: 'The NVIDIA driver is loaded and finds no card that it can use.',
    hint: 'See with `dmesg | grep -i nvrm` why: a card that is too old or too new for this driver, or one that did not start.',
  },
  {
    code: 'tool-unreadable',
    exit: 15,
    text: /gpu is lost|fallen off the bus/i,
    message: 'An NVIDIA card no longer answers (it fell off the bus).',
    hint: 'Restart the machine; if it happens again, look at its power supply and its temperature.',
  },
  {
    code: 'driver-missing',
    exit: 8,
    text: /power cable/i,
    message: "An NVIDIA card's power cables are not attached.",
    hint: 'Switch the machine off and attach them.',
  },
];

/** Always a problem: it is asked only where no card could be read. `missing` says so of an option that is not known. */
export function nvidiaFailure(answer: Answer): Problem | 'missing' {
  const text = `${answer.stdout.slice(0, 4096)}\n${answer.stderr.slice(0, 4096)}`;
  const found =
    failures.find((failure) => failure.text.test(text)) ?? failures.find(({ exit }) => exit === answer.code);
  if (found !== undefined)
    return problem(found.code, found.message, found.hint, { subject: 'nvidia-smi' }).problem;
  // Invalid argument: older versions do not know all fields.
  if (answer.code === 2 || answer.code === 3) return 'missing';
  return problem(
    'tool-unreadable',
    `The answer of nvidia-smi was not understood (exit code ${answer.code}).`,
    'Run nvidia-smi by hand to see what it says.',
    { subject: 'nvidia-smi' },
  ).problem;
}
