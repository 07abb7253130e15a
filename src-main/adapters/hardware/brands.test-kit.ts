/** Names of processors as they are printed. */

/** Brand strings, vendor, and model as people say it. */
export const brands: readonly (readonly [string, string | null, string | null])[] = [
  ['AMD FX(tm)-8350 Eight-Core Processor', 'AMD', 'FX-8350'],
  ['AMD A10-7850K Radeon R7, 12 Compute Cores 4C+8G', 'AMD', 'A10-7850K'],
  ['AMD PRO A10-8770 R7, 10 COMPUTE CORES 4C+6G', 'AMD', 'PRO A10-8770'],
  ['AMD A6-3670 APU with Radeon(tm) HD Graphics', 'AMD', 'A6-3670'],
  ['AMD Custom APU 0405', 'AMD', 'Custom APU 0405'],
  ['Quad-Core AMD Opteron(tm) Processor 2356', 'AMD', 'Opteron 2356'],
  ['AMD Ryzen AI 9 HX 370 w/ Radeon 890M', 'AMD', 'Ryzen AI 9 HX 370'],
  ['AMD EPYC 9R14', 'AMD', 'EPYC 9R14'],
  ['Intel(R) Core(TM)2 Duo CPU     E8400  @ 3.00GHz', 'Intel', 'Core 2 Duo E8400'],
  ['Intel(R) Xeon(R) CPU           L5640  @ 2.27GHz', 'Intel', 'Xeon L5640'],
  ['Intel(R) Xeon(R) CPU E5-2670 0 @ 2.60GHz', 'Intel', 'Xeon E5-2670'],
  ['Intel(R) Xeon(R) 6972P', 'Intel', 'Xeon 6972P'],
  ['Intel(R) 300', 'Intel', '300'],
  ['INTEL(R) CORE(TM) I7-12700K', 'Intel', 'Core i7-12700K'],
  ['Intel Xeon E312xx (Sandy Bridge, IBRS update)', 'Intel', 'Xeon E312xx'],
  ['Genuine Intel(R) CPU 0000 @ 2.00GHz', 'Intel', null],
  ['ZHAOXIN KaiXian KX-U6780A@2.7GHz', 'Zhaoxin', 'KaiXian KX-U6780A'],
  ['Snapdragon(R) X Elite - X1E80100 - Qualcomm(R) Oryon(TM) CPU', 'Qualcomm', 'Snapdragon X Elite'],
  ['POWER9, altivec supported', null, 'POWER9'],
];
