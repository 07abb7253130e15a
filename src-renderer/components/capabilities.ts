/** The picture of each kind of work. */
import type { CapabilityId } from '../../src-main/contract/host.ts';
import type { IconName } from './icons.ts';

export const capabilityIcons: Readonly<Record<CapabilityId, IconName>> = {
  build: 'process',
  'build-emulated': 'emulate',
  container: 'container',
  vm: 'vm',
  inference: 'inference',
  training: 'training',
};
