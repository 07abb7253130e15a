import { expect, test } from 'vitest';
import { isGeneric, normaliseName, productName, spokenName } from './gpu-names.ts';

test.each([
  ['NVIDIA GeForce RTX 4070 Laptop GPU', 'GeForce RTX 4070 Laptop GPU'],
  ['NVIDIA H100 80GB HBM3', 'H100 80GB HBM3'],
  ['NVIDIA RTX 1000 Ada Generation Laptop GPU', 'RTX 1000 Ada Generation Laptop GPU'],
  ['Tesla T4', 'Tesla T4'],
  ['Intel(R) Arc(TM) B580 Graphics', 'Arc B580'],
  ['Intel(R) Arc(tm) Pro B60 Graphics', 'Arc Pro B60'],
  ['Intel(R) Arc(TM) 140V GPU (16GB)', 'Arc 140V'],
  ['Intel(R) UHD Graphics 770', 'UHD Graphics 770'],
  ['Intel(R) Iris(R) Xe Graphics', 'Iris Xe Graphics'],
  ['AMD Radeon(TM) 780M Graphics', 'Radeon 780M'],
  ['AMD Radeon RX 7900 XT', 'Radeon RX 7900 XT'],
  ['Qualcomm(R) Adreno(TM) X1-85 GPU', 'Adreno X1-85'],
  ['Apple M4 Max', 'M4 Max'],
])('%s is called %s', (printed, spoken) => {
  expect(spokenName(printed)).toBe(spoken);
});

test.each([
  ['NVIDIA GeForce ...', null],
  ['Navi 23 [Radeon RX 6600/6600 XT', null],
  ['Navi 22 [Radeon RX 6700/6700 XT / 6800M]', null],
  ['Arcturus GL-XL [Instinct MI100]', 'Instinct MI100'],
  ['AMD Ryzen 9 9950X3D 16-Core Processor', null],
  ['Graphics Device', null],
  ['kHW_AppleM1Item', null],
  ['0x0c34', null],
  ['[N/A]', null],
  ['', null],
  [null, null],
])('what %j names is %j', (printed, product) => {
  expect(productName(printed)).toBe(product);
});

test('names of whole generations are generic, those with a number are not', () => {
  const generic = [
    'AMD Radeon(TM) Graphics',
    'Intel(R) UHD Graphics',
    'Intel(R) Graphics',
    'Intel(R) Graphics [0xe211]',
  ];
  expect(generic.map(isGeneric)).toEqual(generic.map(() => true));
  expect(['Intel(R) UHD Graphics 770', 'AMD Radeon 780M', 'NVIDIA A10'].map(isGeneric)).toEqual([
    false,
    false,
    false,
  ]);
});

test('normalising drops signs, case and the vendor', () => {
  expect(normaliseName('  Intel(R)  Arc(TM) A770 Graphics')).toBe('arc a770 graphics');
  expect(normaliseName('NVIDIA NVIDIA A10')).toBe('nvidia a10');
});
