import { expect, test } from 'vitest';
import { problemOf } from '../../../contract/problem.ts';
import { parseOwnModels } from './own-models.ts';

const file = (gpu: Record<string, unknown>) => JSON.stringify({ schema: 1, gpus: [gpu] });

test('a model needs a vendor and a name; the rest may be left out', () => {
  expect(parseOwnModels(file({ vendor: 'AMD', model: 'Radeon RX 10000' }), 'h.json')).toEqual([
    {
      ...{
        vendor: 'AMD',
        model: 'Radeon RX 10000',
        names: ['radeon rx 10000'],
        pciIds: [],
        revisions: [],
        architecture: null,
      },
      ...{ segment: null, memoryMiB: [], memoryKind: 'dedicated', bandwidthGBs: null },
      ...{ computeCapability: null, gfxTarget: null },
    },
  ]);
  const full = {
    vendor: 'NVIDIA',
    model: 'X',
    aliases: ['NVIDIA X(TM)'],
    pciIds: ['10de:ffff'],
    memoryBandwidthGBs: 5,
  };
  expect(parseOwnModels(file(full), 'h.json')).toMatchObject([{ names: ['x'], bandwidthGBs: 5 }]);
});

test.each([
  ['{', /h\.json/],
  [JSON.stringify({ schema: 2, gpus: [] }), /schema: this version reads schema 1/],
  [file({ vendor: 'AMD', model: 'X', pciIds: ['0x1002'] }), /gpus → 0 → pciIds → 0: write it as 10de:2684/],
  [file({ vendor: 'AMD', model: 'X', memoryMiB: [-1] }), /memoryMiB/],
  [file({ vendor: 'Voodoo', model: '5' }), /vendor/],
])('%s is refused, naming what is wrong', (content, message) => {
  let thrown: unknown;
  try {
    parseOwnModels(content, 'h.json');
  } catch (error) {
    thrown = error;
  }
  expect(problemOf(thrown)).toMatchObject({ code: 'config-field', subject: 'h.json' });
  expect(problemOf(thrown).message).toMatch(message);
});
