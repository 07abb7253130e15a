/** Answers of tools in the form that they have, of made-up machines: for tests of single parsers, and to be damaged. */
import type { Capture } from '../capture.ts';

export const nvidiaXml = `<?xml version="1.0" ?>
<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">
<nvidia_smi_log>
	<driver_version>570.86.10</driver_version>
	<cuda_version>12.8</cuda_version>
	<attached_gpus>2</attached_gpus>
	<gpu id="00000000:01:00.0">
		<product_name>NVIDIA A100-SXM4-40GB</product_name>
		<product_architecture>Ampere</product_architecture>
		<mig_mode><current_mig>Enabled</current_mig></mig_mode>
		<mig_devices>
			<mig_device>
				<index>0</index>
				<gpu_instance_id>1</gpu_instance_id>
				<compute_instance_id>0</compute_instance_id>
				<device_attributes><shared><multiprocessor_count>42</multiprocessor_count></shared></device_attributes>
				<fb_memory_usage><total>19968 MiB</total></fb_memory_usage>
			</mig_device>
			<mig_device>
				<index>1</index>
				<gpu_instance_id>9</gpu_instance_id>
				<compute_instance_id>0</compute_instance_id>
				<device_attributes><shared><multiprocessor_count>14</multiprocessor_count></shared></device_attributes>
				<fb_memory_usage><total>4864 MiB</total></fb_memory_usage>
			</mig_device>
		</mig_devices>
		<uuid>GPU-00000000-0000-0000-0000-000000000001</uuid>
		<pci>
			<pci_device_id>20B010DE</pci_device_id>
			<pci_bus_id>00000000:01:00.0</pci_bus_id>
		</pci>
		<fb_memory_usage><total>40960 MiB</total><used>1 MiB</used></fb_memory_usage>
	</gpu>
	<gpu id="00000000:81:00.0">
		<product_name>NVIDIA L4</product_name>
		<product_architecture>Ada Lovelace</product_architecture>
		<mig_devices>
			None
		</mig_devices>
		<uuid>GPU-00000000-0000-0000-0000-000000000002</uuid>
		<pci><pci_device_id>27B810DE</pci_device_id><pci_bus_id>00000000:81:00.0</pci_bus_id></pci>
		<fb_memory_usage><total>23034 MiB</total></fb_memory_usage>
	</gpu>
</nvidia_smi_log>
`;

export const nvidiaList = `GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-00000000-0000-0000-0000-000000000001)
  MIG 3g.20gb     Device  0: (UUID: MIG-00000000-0000-0000-0000-00000000000a)
  MIG 1g.5gb+me   Device  1: (UUID: MIG-00000000-0000-0000-0000-00000000000b)
GPU 1: NVIDIA L4 (UUID: GPU-00000000-0000-0000-0000-000000000002)
`;

export const nvidiaQuery = `
==============NVSMI LOG==============

Driver Version                            : 570.86.10
CUDA Version                              : 12.8

Attached GPUs                             : 1
GPU 00000000:01:00.0
    Product Name                          : NVIDIA A100-SXM4-40GB
    Product Architecture                  : Ampere
    MIG Mode
        Current                           : Enabled
    MIG Device
        Index                             : 0
        GPU Instance ID                   : 1
        Compute Instance ID               : 0
        Device Attributes
            Shared
                Multiprocessor count      : 42
        Shared FB Memory Usage
            Total                         : 19968 MiB
    GPU UUID                              : GPU-00000000-0000-0000-0000-000000000001
    PCI
        Bus                               : 0x01
        Device Id                         : 0x20B010DE
        Bus Id                            : 00000000:01:00.0
    FB Memory Usage
        Total                             : 40960 MiB
        Used                              : 1 MiB
    BAR1 Memory Usage
        Total                             : 65536 MiB
`;

export const nvidiaTable = `
+-----------------------------------------------------------------------------------------+
| NVIDIA-SMI 570.86.10              Driver Version: 570.86.10      CUDA Version: 12.8     |
|-----------------------------------------+------------------------+----------------------+
|   0  NVIDIA GeForce RTX 3090        Off |   00000000:01:00.0 Off |                  N/A |
| 42%   43C    P8             25W /  575W |     324MiB /  24576MiB |      0%      Default |
|                                         |                        |                  N/A |
+-----------------------------------------+------------------------+----------------------+
|   1  NVIDIA RTX PRO ...             On  |   00000000:02:00.0 Off |                  N/A |
| N/A   36C    P8              3W /  N/A  | Not Supported          |      0%      Default |
+-----------------------------------------+------------------------+----------------------+
`;

export const amdSmi = JSON.stringify([
  {
    gpu: 0,
    asic: {
      market_name: 'AMD Radeon RX 7900 XTX',
      device_id: '0x744c',
      rev_id: '0xc8',
      target_graphics_version: 'gfx1100',
    },
    bus: { bdf: '0000:03:00.0' },
    vram: { type: 'GDDR6', size: { value: 24560, unit: 'MB' } },
    driver: { name: 'amdgpu', version: '6.12.12' },
  },
]);

export const rocmSmi = `WARNING: AMD GPU device(s) is/are in a low-power state. Check power control/runtime_status

${JSON.stringify({
  card0: {
    'VRAM Total Memory (B)': '25753026560',
    'Card Series': 'AMD Radeon RX 7900 XTX',
    'Card Model': '0x744c',
    'GFX Version': 'gfx1100',
    'PCI Bus': '0000:03:00.0',
  },
  card1: {
    'VRAM Total Memory (B)': '536870912',
    'Card Series': 'AMD Ryzen 9 7950X 16-Core Processor',
    'Card Model': '0x164e',
    'GFX Version': 'gfx1036',
  },
  system: { 'Driver version': '6.12.12' },
})}`;

export const xpuList = JSON.stringify({
  device_list: [
    {
      device_id: 0,
      device_name: 'Intel(R) Arc(TM) Pro B50 Graphics',
      device_function_type: 'physical',
      pci_bdf_address: '0000:04:00.0',
      pci_device_id: '0xe212',
      uuid: '00000000-0000-0000-0000-000000000001',
    },
  ],
});

export const xpuDevice = JSON.stringify({
  device_id: 0,
  memory_physical_size_byte: '17079205888',
  driver_version: '25.1',
});

const kfd = `cpu_cores_count 0
simd_count 192
gfx_target_version 110000
vendor_id 4098
device_id 29772
location_id 768
domain 0
`;

export const displays = JSON.stringify({
  SPDisplaysDataType: [
    {
      sppci_model: 'Intel UHD Graphics 630',
      spdisplays_vendor: 'Intel',
      'spdisplays_device-id': '0x3e9b',
      spdisplays_vram_shared: '1536 MB',
      spdisplays_metalfamily: 'spdisplays_metalfeaturesetfamily11',
    },
    {
      sppci_model: 'AMD Radeon Pro 5500M',
      spdisplays_vendor: 'sppci_vendor_amd',
      'spdisplays_device-id': '0x7340',
      spdisplays_vram: '8 GB',
      spdisplays_mtlgpufamilysupport: 'spdisplays_metal3',
    },
  ],
});

const displayClass =
  'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}';
const registry = (value: string, type: string, ...data: readonly string[]): string =>
  `${data.map((text, i) => `\r\nHKEY_LOCAL_MACHINE\\X\\000${i}\r\n    ${value}    ${type}    ${text}\r\n`).join('')}\r\nEnd of search: ${data.length} match(es) found.\r\n`;

const answer = (stdout: string) => ({ stdout, stderr: '', code: 0 });
const machine = (name: string, more: Partial<Capture>): Capture => ({
  ...{ schema: 1, name, source: 'made up', platform: 'linux', arch: 'x64' },
  ...{ commands: {}, files: {}, dirs: {}, links: {}, volumes: {}, denied: [] },
  ...more,
});

const meminfo = { '/proc/meminfo': 'MemTotal:       65536000 kB\n' };
const pci = '/sys/bus/pci/devices';

/** Machines that answer with these. */
export const sampleCaptures: readonly Capture[] = [
  machine('nvidia', {
    commands: { 'nvidia-smi -q -x': answer(nvidiaXml), 'nvidia-smi -L': answer(nvidiaList) },
    files: meminfo,
  }),
  machine('nvidia-text', {
    commands: { 'nvidia-smi -q': answer(nvidiaQuery), 'nvidia-smi': answer(nvidiaTable) },
  }),
  machine('nvidia-table', { commands: { 'nvidia-smi': answer(nvidiaTable) }, files: meminfo }),
  machine('amd', {
    commands: {
      'amd-smi static --json': answer(amdSmi),
      'rocm-smi --showproductname --showmeminfo vram --json': answer(rocmSmi),
    },
  }),
  machine('amd-files', {
    files: {
      ...meminfo,
      '/dev/kfd': '',
      '/sys/class/kfd/kfd/topology/nodes/1/properties': kfd,
      [`${pci}/0000:03:00.0/class`]: '0x030000\n',
      [`${pci}/0000:03:00.0/vendor`]: '0x1002\n',
      [`${pci}/0000:03:00.0/device`]: '0x744c\n',
      [`${pci}/0000:03:00.0/revision`]: '0xc8\n',
      [`${pci}/0000:03:00.0/mem_info_vram_total`]: '25753026560\n',
    },
    dirs: { '/sys/class/kfd/kfd/topology/nodes': ['0', '1'], [pci]: ['0000:00:00.0', '0000:03:00.0'] },
    links: { [`${pci}/0000:03:00.0/driver`]: '../../../bus/pci/drivers/amdgpu' },
  }),
  machine('intel', {
    commands: { 'xpu-smi discovery -j': answer(xpuList), 'xpu-smi discovery -d 0 -j': answer(xpuDevice) },
  }),
  machine('lspci', {
    commands: {
      'lspci -vmmnD': answer(
        'Slot:\t0000:01:00.0\nClass:\t0302\nVendor:\t10de\nDevice:\t28a1\nRev:\ta1\nDriver:\tnouveau\n\nSlot:\t0000:00:0b.0\nClass:\t1200\nVendor:\t8086\nDevice:\t7d1d\n',
      ),
    },
    files: { '/etc/os-release': 'ID=fedora\n' },
  }),
  machine('mac', {
    platform: 'darwin',
    commands: {
      'sysctl hw machdep': answer(
        'hw.memsize: 17179869184\nhw.ncpu: 12\nmachdep.cpu.brand_string: Intel(R) Core(TM) i7-9750H CPU @ 2.60GHz\n',
      ),
      'system_profiler SPDisplaysDataType -json': answer(displays),
    },
  }),
  machine('windows', {
    platform: 'win32',
    commands: {
      [`reg query ${displayClass} /s /v DriverDesc`]: answer(
        registry('DriverDesc', 'REG_SZ', 'NVIDIA GeForce RTX 4080', 'Microsoft Remote Display Adapter'),
      ),
      [`reg query ${displayClass} /s /v HardwareInformation.qwMemorySize`]: answer(
        registry('HardwareInformation.qwMemorySize', 'REG_QWORD', '0x3ff000000'),
      ),
      [`reg query ${displayClass} /s /v MatchingDeviceId`]: answer(
        registry('MatchingDeviceId', 'REG_SZ', 'PCI\\VEN_10DE&DEV_2704&SUBSYS_1'),
      ),
      [`reg query ${displayClass} /s /v DriverVersion`]: answer(
        registry('DriverVersion', 'REG_SZ', '32.0.15.7680'),
      ),
    },
  }),
  machine('jetson', {
    arch: 'arm64',
    files: {
      ...meminfo,
      '/proc/device-tree/compatible': 'nvidia,p3737-0000+p3701-0005\0nvidia,tegra234\0',
      '/etc/nv_tegra_release': '# R36 (release), REVISION: 4.3, GCID: 1\n',
      '/dev/nvmap': '',
    },
  }),
];
