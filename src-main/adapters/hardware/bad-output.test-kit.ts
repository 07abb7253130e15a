/** Tools that hang, shout, translate, or end their lines otherwise, for variants.test.ts. */
import { says, type Variant } from './variant.test-kit.ts';

const smi = 'nvidia-smi -q -x';
const card = `<nvidia_smi_log>
<driver_version>570.124.04</driver_version>
<cuda_version>12.8</cuda_version>
<gpu id="00000000:01:00.0">
<product_name>NVIDIA GeForce RTX 3060</product_name>
<uuid>GPU-1</uuid>
<fb_memory_usage>
<total>12288 MiB</total>
</fb_memory_usage>
</gpu>
</nvidia_smi_log>
`;
const known = { model: 'GeForce RTX 3060', memoryMiB: 12_288, driver: '570.124.04', ready: true };

/** With a processor and memory, so that the one gap is the tool's. */
const host = {
  '/proc/cpuinfo': 'processor : 0\nmodel name : Some CPU\n',
  '/proc/meminfo': 'MemTotal:        1024000 kB\n',
};

const gap = (code: string, probe = 'gpu-nvidia') => ({ gaps: [{ probe, problem: { code } }] });

export const badOutput: readonly Variant[] = [
  {
    what: 'a tool that hangs',
    recording: { files: host, commands: { [smi]: { stdout: '', code: null } } },
    expected: { gpus: [], ...gap('tool-timeout') },
  },
  {
    what: 'megabytes of rubbish',
    recording: { files: host, commands: { [smi]: says('<gpu <gpu> \n'.repeat(400_000)) } },
    expected: { gpus: [], ...gap('tool-unreadable') },
  },
  {
    what: 'lines that end as on Windows',
    recording: { files: host, commands: { [smi]: says(card.replaceAll('\n', '\r\n')) } },
    expected: { gpus: [known], gaps: [] },
  },
  {
    what: 'NULs around an answer',
    recording: { files: host, commands: { [smi]: says(`\0\0${card}\0`) } },
    expected: { gpus: [known], gaps: [] },
  },
  {
    what: 'a decimal comma is no number',
    recording: { files: host, commands: { [smi]: says(card.replace('12288', '12288,0')) } },
    expected: { gpus: [{ model: 'GeForce RTX 3060', memoryMiB: null, ready: true }], gaps: [] },
  },
  {
    what: 'keys in another language',
    recording: {
      files: { '/proc/meminfo': host['/proc/meminfo'] },
      commands: { lscpu: says('Architektur:   x86_64\nProzessor(en):   8\nModellname:   Core i7\n') },
    },
    expected: { cpu: { model: null, cores: null }, ...gap('tool-unreadable', 'cpu') },
  },
  {
    what: 'a processor list with NULs and Windows line ends',
    recording: {
      files: {
        '/proc/cpuinfo':
          'processor\t: 0\r\nmodel name\t: Intel(R) N100\r\n\r\nprocessor\t: 1\r\nmodel name\t: Intel(R) N100\r\n\0',
        '/proc/meminfo': 'MemTotal:       16384000 kB\r\n',
      },
    },
    expected: { memoryMiB: 16_000, cpu: { model: 'N100', threads: 2 } },
  },
];
