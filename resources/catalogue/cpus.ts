// Made by make.mjs from the tables: do not edit.
// vendor, model, microarchitecture, cores, threads, performance cores, efficiency cores
export const cpus = `Intel	Core i7-2600K	Sandy Bridge	4	8		
Intel	Core i7-2600	Sandy Bridge	4	8		
Intel	Core i5-2500K	Sandy Bridge	4	4		
Intel	Core i5-2400	Sandy Bridge	4	4		
Intel	Core i3-2100	Sandy Bridge	2	4		
Intel	Core i7-3930K	Sandy Bridge-E	6	12		
Intel	Core i7-3960X	Sandy Bridge-E	6	12		
Intel	Xeon E5-2690	Sandy Bridge-EP	8	16		
Intel	Xeon E5-2680	Sandy Bridge-EP	8	16		
Intel	Xeon E5-2670	Sandy Bridge-EP	8	16		
Intel	Xeon E5-2650	Sandy Bridge-EP	8	16		
Intel	Xeon E5-2620	Sandy Bridge-EP	6	12		
Intel	Core i7-3770K	Ivy Bridge	4	8		
Intel	Core i7-3770	Ivy Bridge	4	8		
Intel	Core i5-3570K	Ivy Bridge	4	4		
Intel	Core i5-3470	Ivy Bridge	4	4		
Intel	Core i3-3220	Ivy Bridge	2	4		
Intel	Xeon E5-2697 v2	Ivy Bridge-EP	12	24		
Intel	Xeon E5-2695 v2	Ivy Bridge-EP	12	24		
Intel	Xeon E5-2690 v2	Ivy Bridge-EP	10	20		
Intel	Xeon E5-2680 v2	Ivy Bridge-EP	10	20		
Intel	Xeon E5-2670 v2	Ivy Bridge-EP	10	20		
Intel	Xeon E5-2660 v2	Ivy Bridge-EP	10	20		
Intel	Xeon E5-2650 v2	Ivy Bridge-EP	8	16		
Intel	Xeon E5-2640 v2	Ivy Bridge-EP	8	16		
Intel	Xeon E5-2620 v2	Ivy Bridge-EP	6	12		
Intel	Xeon E7-8890 v2	Ivy Bridge-EX	15	30		
Intel	Xeon E7-8870 v2	Ivy Bridge-EX	15	30		
Intel	Core i7-4770K	Haswell	4	8		
Intel	Core i7-4770	Haswell	4	8		
Intel	Core i7-4790K	Haswell	4	8		
Intel	Core i7-4790	Haswell	4	8		
Intel	Core i5-4690K	Haswell	4	4		
Intel	Core i5-4670K	Haswell	4	4		
Intel	Core i5-4590	Haswell	4	4		
Intel	Core i5-4460	Haswell	4	4		
Intel	Core i3-4130	Haswell	2	4		
Intel	Core i7-5960X	Haswell-E	8	16		
Intel	Core i7-5930K	Haswell-E	6	12		
Intel	Core i7-5820K	Haswell-E	6	12		
Intel	Xeon E5-2699 v3	Haswell-EP	18	36		
Intel	Xeon E5-2698 v3	Haswell-EP	16	32		
Intel	Xeon E5-2697 v3	Haswell-EP	14	28		
Intel	Xeon E5-2695 v3	Haswell-EP	14	28		
Intel	Xeon E5-2690 v3	Haswell-EP	12	24		
Intel	Xeon E5-2683 v3	Haswell-EP	14	28		
Intel	Xeon E5-2680 v3	Haswell-EP	12	24		
Intel	Xeon E5-2670 v3	Haswell-EP	12	24		
Intel	Xeon E5-2660 v3	Haswell-EP	10	20		
Intel	Xeon E5-2650 v3	Haswell-EP	10	20		
Intel	Xeon E5-2640 v3	Haswell-EP	8	16		
Intel	Xeon E5-2630 v3	Haswell-EP	8	16		
Intel	Xeon E5-2620 v3	Haswell-EP	6	12		
Intel	Xeon E7-8890 v3	Haswell-EX	18	36		
Intel	Xeon E7-8880 v3	Haswell-EX	18	36		
Intel	Core i7-5775C	Broadwell	4	8		
Intel	Core i5-5675C	Broadwell	4	4		
Intel	Core i5-5200U	Broadwell	2	4		
Intel	Core i7-5600U	Broadwell	2	4		
Intel	Core i7-6950X	Broadwell-E	10	20		
Intel	Core i7-6900K	Broadwell-E	8	16		
Intel	Core i7-6850K	Broadwell-E	6	12		
Intel	Xeon E5-2699 v4	Broadwell-EP	22	44		
Intel	Xeon E5-2698 v4	Broadwell-EP	20	40		
Intel	Xeon E5-2697 v4	Broadwell-EP	18	36		
Intel	Xeon E5-2695 v4	Broadwell-EP	18	36		
Intel	Xeon E5-2690 v4	Broadwell-EP	14	28		
Intel	Xeon E5-2683 v4	Broadwell-EP	16	32		
Intel	Xeon E5-2680 v4	Broadwell-EP	14	28		
Intel	Xeon E5-2660 v4	Broadwell-EP	14	28		
Intel	Xeon E5-2650 v4	Broadwell-EP	12	24		
Intel	Xeon E5-2640 v4	Broadwell-EP	10	20		
Intel	Xeon E5-2630 v4	Broadwell-EP	10	20		
Intel	Xeon E5-2620 v4	Broadwell-EP	8	16		
Intel	Xeon E7-8890 v4	Broadwell-EX	24	48		
Intel	Xeon E7-8880 v4	Broadwell-EX	22	44		
Intel	Xeon D-1541	Broadwell-DE	8	16		
Intel	Core i7-6700K	Skylake	4	8		
Intel	Core i7-6700	Skylake	4	8		
Intel	Core i5-6600K	Skylake	4	4		
Intel	Core i5-6500	Skylake	4	4		
Intel	Core i3-6100	Skylake	2	4		
Intel	Core i7-6600U	Skylake	2	4		
Intel	Core i7-6820HQ	Skylake	4	8		
Intel	Xeon E3-1230 v5	Skylake	4	8		
Intel	Core i9-7980XE	Skylake-X	18	36		
Intel	Core i9-7960X	Skylake-X	16	32		
Intel	Core i9-7940X	Skylake-X	14	28		
Intel	Core i9-7920X	Skylake-X	12	24		
Intel	Core i9-7900X	Skylake-X	10	20		
Intel	Core i7-7820X	Skylake-X	8	16		
Intel	Core i9-9980XE	Skylake-X	18	36		
Intel	Core i9-9900X	Skylake-X	10	20		
Intel	Xeon W-2195	Skylake-X	18	36		
Intel	Xeon W-2145	Skylake-X	8	16		
Intel	Xeon Platinum 8180	Skylake-SP	28	56		
Intel	Xeon Platinum 8176	Skylake-SP	28	56		
Intel	Xeon Platinum 8168	Skylake-SP	24	48		
Intel	Xeon Platinum 8160	Skylake-SP	24	48		
Intel	Xeon Gold 6154	Skylake-SP	18	36		
Intel	Xeon Gold 6152	Skylake-SP	22	44		
Intel	Xeon Gold 6148	Skylake-SP	20	40		
Intel	Xeon Gold 6140	Skylake-SP	18	36		
Intel	Xeon Gold 6130	Skylake-SP	16	32		
Intel	Xeon Gold 5120	Skylake-SP	14	28		
Intel	Xeon Gold 5118	Skylake-SP	12	24		
Intel	Xeon Silver 4116	Skylake-SP	12	24		
Intel	Xeon Silver 4114	Skylake-SP	10	20		
Intel	Xeon Silver 4110	Skylake-SP	8	16		
Intel	Xeon Bronze 3106	Skylake-SP	8	8		
Intel	Core i7-7700K	Kaby Lake	4	8		
Intel	Core i7-7700	Kaby Lake	4	8		
Intel	Core i5-7600K	Kaby Lake	4	4		
Intel	Core i5-7500	Kaby Lake	4	4		
Intel	Core i3-7100	Kaby Lake	2	4		
Intel	Core i7-7700HQ	Kaby Lake	4	8		
Intel	Core i5-7200U	Kaby Lake	2	4		
Intel	Core i7-8550U	Kaby Lake	4	8		
Intel	Core i5-8250U	Kaby Lake	4	8		
Intel	Core i7-8700K	Coffee Lake	6	12		
Intel	Core i7-8700	Coffee Lake	6	12		
Intel	Core i5-8600K	Coffee Lake	6	6		
Intel	Core i5-8400	Coffee Lake	6	6		
Intel	Core i3-8100	Coffee Lake	4	4		
Intel	Core i7-8750H	Coffee Lake	6	12		
Intel	Core i7-8850H	Coffee Lake	6	12		
Intel	Core i9-8950HK	Coffee Lake	6	12		
Intel	Core i9-9900K	Coffee Lake Refresh	8	16		
Intel	Core i9-9900KS	Coffee Lake Refresh	8	16		
Intel	Core i9-9900	Coffee Lake Refresh	8	16		
Intel	Core i7-9700K	Coffee Lake Refresh	8	8		
Intel	Core i7-9700	Coffee Lake Refresh	8	8		
Intel	Core i5-9600K	Coffee Lake Refresh	6	6		
Intel	Core i5-9400F	Coffee Lake Refresh	6	6		
Intel	Core i3-9100F	Coffee Lake Refresh	4	4		
Intel	Core i9-9880H	Coffee Lake Refresh	8	16		
Intel	Core i9-9980HK	Coffee Lake Refresh	8	16		
Intel	Core i7-9750H	Coffee Lake Refresh	6	12		
Intel	Xeon E-2288G	Coffee Lake Refresh	8	16		
Intel	Core i9-10980XE	Cascade Lake-X	18	36		
Intel	Core i9-10940X	Cascade Lake-X	14	28		
Intel	Core i9-10920X	Cascade Lake-X	12	24		
Intel	Core i9-10900X	Cascade Lake-X	10	20		
Intel	Xeon W-3275	Cascade Lake-X	28	56		
Intel	Xeon W-2295	Cascade Lake-X	18	36		
Intel	Xeon W-2255	Cascade Lake-X	10	20		
Intel	Xeon Platinum 9282	Cascade Lake-SP	56	112		
Intel	Xeon Platinum 8280	Cascade Lake-SP	28	56		
Intel	Xeon Platinum 8275CL	Cascade Lake-SP	24	48		
Intel	Xeon Platinum 8268	Cascade Lake-SP	24	48		
Intel	Xeon Platinum 8260	Cascade Lake-SP	24	48		
Intel	Xeon Platinum 8259CL	Cascade Lake-SP	24	48		
Intel	Xeon Gold 6258R	Cascade Lake-SP	28	56		
Intel	Xeon Gold 6254	Cascade Lake-SP	18	36		
Intel	Xeon Gold 6252	Cascade Lake-SP	24	48		
Intel	Xeon Gold 6248	Cascade Lake-SP	20	40		
Intel	Xeon Gold 6248R	Cascade Lake-SP	24	48		
Intel	Xeon Gold 6242	Cascade Lake-SP	16	32		
Intel	Xeon Gold 6230	Cascade Lake-SP	20	40		
Intel	Xeon Gold 6226R	Cascade Lake-SP	16	32		
Intel	Xeon Gold 5218	Cascade Lake-SP	16	32		
Intel	Xeon Gold 5220	Cascade Lake-SP	18	36		
Intel	Xeon Silver 4216	Cascade Lake-SP	16	32		
Intel	Xeon Silver 4214	Cascade Lake-SP	12	24		
Intel	Xeon Silver 4210	Cascade Lake-SP	10	20		
Intel	Xeon Silver 4208	Cascade Lake-SP	8	16		
Intel	Xeon Platinum 8380HL	Cooper Lake	28	56		
Intel	Xeon Gold 6348H	Cooper Lake	24	48		
Intel	Core i9-10900K	Comet Lake	10	20		
Intel	Core i9-10900KF	Comet Lake	10	20		
Intel	Core i9-10900	Comet Lake	10	20		
Intel	Core i9-10850K	Comet Lake	10	20		
Intel	Core i7-10700K	Comet Lake	8	16		
Intel	Core i7-10700	Comet Lake	8	16		
Intel	Core i7-10700F	Comet Lake	8	16		
Intel	Core i5-10600K	Comet Lake	6	12		
Intel	Core i5-10600	Comet Lake	6	12		
Intel	Core i5-10400	Comet Lake	6	12		
Intel	Core i5-10400F	Comet Lake	6	12		
Intel	Core i3-10100	Comet Lake	4	8		
Intel	Core i9-10980HK	Comet Lake	8	16		
Intel	Core i7-10875H	Comet Lake	8	16		
Intel	Core i7-10750H	Comet Lake	6	12		
Intel	Core i7-10510U	Comet Lake	4	8		
Intel	Core i5-10210U	Comet Lake	4	8		
Intel	Core i7-10710U	Comet Lake	6	12		
Intel	Xeon W-1290P	Comet Lake	10	20		
Intel	Core i7-1065G7	Ice Lake	4	8		
Intel	Core i5-1035G1	Ice Lake	4	8		
Intel	Core i5-1035G4	Ice Lake	4	8		
Intel	Core i3-1005G1	Ice Lake	2	4		
Intel	Xeon Platinum 8380	Ice Lake-SP	40	80		
Intel	Xeon Platinum 8375C	Ice Lake-SP	32	64		
Intel	Xeon Platinum 8370C	Ice Lake-SP	32	64		
Intel	Xeon Platinum 8368	Ice Lake-SP	38	76		
Intel	Xeon Platinum 8358	Ice Lake-SP	32	64		
Intel	Xeon Platinum 8352Y	Ice Lake-SP	32	64		
Intel	Xeon Gold 6354	Ice Lake-SP	18	36		
Intel	Xeon Gold 6348	Ice Lake-SP	28	56		
Intel	Xeon Gold 6342	Ice Lake-SP	24	48		
Intel	Xeon Gold 6338	Ice Lake-SP	32	64		
Intel	Xeon Gold 6330	Ice Lake-SP	28	56		
Intel	Xeon Gold 6326	Ice Lake-SP	16	32		
Intel	Xeon Gold 5318Y	Ice Lake-SP	24	48		
Intel	Xeon Silver 4316	Ice Lake-SP	20	40		
Intel	Xeon Silver 4314	Ice Lake-SP	16	32		
Intel	Xeon Silver 4310	Ice Lake-SP	12	24		
Intel	Xeon W-3375	Ice Lake-SP	38	76		
Intel	Xeon W-3365	Ice Lake-SP	32	64		
Intel	Core i7-1185G7	Tiger Lake	4	8		
Intel	Core i7-1165G7	Tiger Lake	4	8		
Intel	Core i5-1135G7	Tiger Lake	4	8		
Intel	Core i3-1115G4	Tiger Lake	2	4		
Intel	Core i9-11980HK	Tiger Lake	8	16		
Intel	Core i9-11900H	Tiger Lake	8	16		
Intel	Core i7-11800H	Tiger Lake	8	16		
Intel	Core i5-11400H	Tiger Lake	6	12		
Intel	Core i9-11900K	Rocket Lake	8	16		
Intel	Core i9-11900	Rocket Lake	8	16		
Intel	Core i7-11700K	Rocket Lake	8	16		
Intel	Core i7-11700	Rocket Lake	8	16		
Intel	Core i5-11600K	Rocket Lake	6	12		
Intel	Core i5-11500	Rocket Lake	6	12		
Intel	Core i5-11400	Rocket Lake	6	12		
Intel	Core i5-11400F	Rocket Lake	6	12		
Intel	Core i9-12900K	Alder Lake	16	24	8	8
Intel	Core i9-12900KS	Alder Lake	16	24	8	8
Intel	Core i9-12900KF	Alder Lake	16	24	8	8
Intel	Core i9-12900	Alder Lake	16	24	8	8
Intel	Core i7-12700K	Alder Lake	12	20	8	4
Intel	Core i7-12700	Alder Lake	12	20	8	4
Intel	Core i7-12700F	Alder Lake	12	20	8	4
Intel	Core i5-12600K	Alder Lake	10	16	6	4
Intel	Core i5-12600	Alder Lake	6	12	6	0
Intel	Core i5-12500	Alder Lake	6	12	6	0
Intel	Core i5-12400	Alder Lake	6	12	6	0
Intel	Core i5-12400F	Alder Lake	6	12	6	0
Intel	Core i3-12100	Alder Lake	4	8	4	0
Intel	Core i3-12100F	Alder Lake	4	8	4	0
Intel	Core i9-12900HK	Alder Lake	14	20	6	8
Intel	Core i9-12900H	Alder Lake	14	20	6	8
Intel	Core i9-12900HX	Alder Lake	16	24	8	8
Intel	Core i7-12800H	Alder Lake	14	20	6	8
Intel	Core i7-12700H	Alder Lake	14	20	6	8
Intel	Core i5-12500H	Alder Lake	12	16	4	8
Intel	Core i7-1260P	Alder Lake	12	16	4	8
Intel	Core i5-1240P	Alder Lake	12	16	4	8
Intel	Core i7-1255U	Alder Lake	10	12	2	8
Intel	Core i5-1235U	Alder Lake	10	12	2	8
Intel	Core i3-N305	Gracemont (Alder Lake-N)	8	8	0	8
Intel	Processor N200	Gracemont (Alder Lake-N)	4	4	0	4
Intel	Processor N100	Gracemont (Alder Lake-N)	4	4	0	4
Intel	Processor N97	Gracemont (Alder Lake-N)	4	4	0	4
Intel	Processor N95	Gracemont (Alder Lake-N)	4	4	0	4
Intel	Processor N150	Gracemont (Alder Lake-N)	4	4	0	4
Intel	Core i9-13900K	Raptor Lake	24	32	8	16
Intel	Core i9-13900KS	Raptor Lake	24	32	8	16
Intel	Core i9-13900KF	Raptor Lake	24	32	8	16
Intel	Core i9-13900	Raptor Lake	24	32	8	16
Intel	Core i7-13700K	Raptor Lake	16	24	8	8
Intel	Core i7-13700	Raptor Lake	16	24	8	8
Intel	Core i7-13700F	Raptor Lake	16	24	8	8
Intel	Core i5-13600K	Raptor Lake	14	20	6	8
Intel	Core i5-13600KF	Raptor Lake	14	20	6	8
Intel	Core i5-13500	Raptor Lake	14	20	6	8
Intel	Core i5-13400	Raptor Lake	10	16	6	4
Intel	Core i5-13400F	Raptor Lake	10	16	6	4
Intel	Core i3-13100	Raptor Lake	4	8	4	0
Intel	Core i9-13980HX	Raptor Lake	24	32	8	16
Intel	Core i9-13900HX	Raptor Lake	24	32	8	16
Intel	Core i9-13900H	Raptor Lake	14	20	6	8
Intel	Core i7-13700HX	Raptor Lake	16	24	8	8
Intel	Core i7-13700H	Raptor Lake	14	20	6	8
Intel	Core i7-13620H	Raptor Lake	10	16	6	4
Intel	Core i5-13500H	Raptor Lake	12	16	4	8
Intel	Core i7-1360P	Raptor Lake	12	16	4	8
Intel	Core i7-1355U	Raptor Lake	10	12	2	8
Intel	Core i5-1335U	Raptor Lake	10	12	2	8
Intel	Core i9-14900K	Raptor Lake Refresh	24	32	8	16
Intel	Core i9-14900KS	Raptor Lake Refresh	24	32	8	16
Intel	Core i9-14900KF	Raptor Lake Refresh	24	32	8	16
Intel	Core i9-14900	Raptor Lake Refresh	24	32	8	16
Intel	Core i9-14900F	Raptor Lake Refresh	24	32	8	16
Intel	Core i7-14700K	Raptor Lake Refresh	20	28	8	12
Intel	Core i7-14700KF	Raptor Lake Refresh	20	28	8	12
Intel	Core i7-14700	Raptor Lake Refresh	20	28	8	12
Intel	Core i7-14700F	Raptor Lake Refresh	20	28	8	12
Intel	Core i5-14600K	Raptor Lake Refresh	14	20	6	8
Intel	Core i5-14600KF	Raptor Lake Refresh	14	20	6	8
Intel	Core i5-14500	Raptor Lake Refresh	14	20	6	8
Intel	Core i5-14400	Raptor Lake Refresh	10	16	6	4
Intel	Core i5-14400F	Raptor Lake Refresh	10	16	6	4
Intel	Core i3-14100	Raptor Lake Refresh	4	8	4	0
Intel	Core i9-14900HX	Raptor Lake Refresh	24	32	8	16
Intel	Core i7-14700HX	Raptor Lake Refresh	20	28	8	12
Intel	Core i7-14650HX	Raptor Lake Refresh	16	24	8	8
Intel	Core i5-14500HX	Raptor Lake Refresh	14	20	6	8
Intel	Core i5-14450HX	Raptor Lake Refresh	10	16	6	4
Intel	Core Ultra 9 185H	Meteor Lake	16	22	6	10
Intel	Core Ultra 7 165H	Meteor Lake	16	22	6	10
Intel	Core Ultra 7 155H	Meteor Lake	16	22	6	10
Intel	Core Ultra 5 135H	Meteor Lake	14	18	4	10
Intel	Core Ultra 5 125H	Meteor Lake	14	18	4	10
Intel	Core Ultra 7 165U	Meteor Lake	12	14	2	10
Intel	Core Ultra 7 155U	Meteor Lake	12	14	2	10
Intel	Core Ultra 5 125U	Meteor Lake	12	14	2	10
Intel	Core Ultra 9 288V	Lunar Lake	8	8	4	4
Intel	Core Ultra 7 258V	Lunar Lake	8	8	4	4
Intel	Core Ultra 7 256V	Lunar Lake	8	8	4	4
Intel	Core Ultra 5 228V	Lunar Lake	8	8	4	4
Intel	Core Ultra 5 226V	Lunar Lake	8	8	4	4
Intel	Core Ultra 9 285K	Arrow Lake	24	24	8	16
Intel	Core Ultra 9 285	Arrow Lake	24	24	8	16
Intel	Core Ultra 7 270K Plus	Arrow Lake	24	24	8	16
Intel	Core Ultra 5 250K Plus	Arrow Lake	18	18	6	12
Intel	Core Ultra 7 265K	Arrow Lake	20	20	8	12
Intel	Core Ultra 7 265KF	Arrow Lake	20	20	8	12
Intel	Core Ultra 7 265	Arrow Lake	20	20	8	12
Intel	Core Ultra 5 245K	Arrow Lake	14	14	6	8
Intel	Core Ultra 5 245KF	Arrow Lake	14	14	6	8
Intel	Core Ultra 5 245	Arrow Lake	14	14	6	8
Intel	Core Ultra 5 225	Arrow Lake	10	10	6	4
Intel	Core Ultra 9 285HX	Arrow Lake	24	24	8	16
Intel	Core Ultra 9 275HX	Arrow Lake	24	24	8	16
Intel	Core Ultra 7 265HX	Arrow Lake	20	20	8	12
Intel	Core Ultra 7 255HX	Arrow Lake	20	20	8	12
Intel	Core Ultra 9 285H	Arrow Lake	16	16	6	10
Intel	Core Ultra 7 265H	Arrow Lake	16	16	6	10
Intel	Core Ultra 7 255H	Arrow Lake	16	16	6	10
Intel	Core Ultra 5 235H	Arrow Lake	14	14	4	10
Intel	Core Ultra 5 225H	Arrow Lake	14	14	4	10
Intel	Core Ultra X9 388H	Panther Lake	16	16	4	12
Intel	Core Ultra X7 358H	Panther Lake	16	16	4	12
Intel	Core Ultra 7 355	Panther Lake	8	8	4	4
Intel	Core Ultra 5 325	Panther Lake	8	8	4	4
Intel	Xeon Platinum 8490H	Sapphire Rapids	60	120		
Intel	Xeon Platinum 8488C	Sapphire Rapids	48	96		
Intel	Xeon Platinum 8481C	Sapphire Rapids	56	112		
Intel	Xeon Platinum 8480+	Sapphire Rapids	56	112		
Intel	Xeon Platinum 8480C	Sapphire Rapids	56	112		
Intel	Xeon Platinum 8470	Sapphire Rapids	52	104		
Intel	Xeon Platinum 8468	Sapphire Rapids	48	96		
Intel	Xeon Platinum 8462Y+	Sapphire Rapids	32	64		
Intel	Xeon Platinum 8458P	Sapphire Rapids	44	88		
Intel	Xeon Platinum 8452Y	Sapphire Rapids	36	72		
Intel	Xeon Gold 6458Q	Sapphire Rapids	32	64		
Intel	Xeon Gold 6448Y	Sapphire Rapids	32	64		
Intel	Xeon Gold 6448H	Sapphire Rapids	32	64		
Intel	Xeon Gold 6442Y	Sapphire Rapids	24	48		
Intel	Xeon Gold 6438Y+	Sapphire Rapids	32	64		
Intel	Xeon Gold 6430	Sapphire Rapids	32	64		
Intel	Xeon Gold 6426Y	Sapphire Rapids	16	32		
Intel	Xeon Gold 5418Y	Sapphire Rapids	24	48		
Intel	Xeon Gold 5416S	Sapphire Rapids	16	32		
Intel	Xeon Silver 4416+	Sapphire Rapids	20	40		
Intel	Xeon Silver 4410Y	Sapphire Rapids	12	24		
Intel	Xeon Max 9480	Sapphire Rapids	56	112		
Intel	Xeon Max 9470	Sapphire Rapids	52	104		
Intel	Xeon w9-3495X	Sapphire Rapids	56	112		
Intel	Xeon w9-3475X	Sapphire Rapids	36	72		
Intel	Xeon w7-3465X	Sapphire Rapids	28	56		
Intel	Xeon w7-2495X	Sapphire Rapids	24	48		
Intel	Xeon w5-3435X	Sapphire Rapids	16	32		
Intel	Xeon w5-2465X	Sapphire Rapids	16	32		
Intel	Xeon w5-2455X	Sapphire Rapids	12	24		
Intel	Xeon w9-3595X	Sapphire Rapids	60	120		
Intel	Xeon Platinum 8592+	Emerald Rapids	64	128		
Intel	Xeon Platinum 8592V	Emerald Rapids	64	128		
Intel	Xeon Platinum 8580	Emerald Rapids	60	120		
Intel	Xeon Platinum 8568Y+	Emerald Rapids	48	96		
Intel	Xeon Platinum 8562Y+	Emerald Rapids	32	64		
Intel	Xeon Platinum 8558	Emerald Rapids	48	96		
Intel	Xeon Gold 6548Y+	Emerald Rapids	32	64		
Intel	Xeon Gold 6542Y	Emerald Rapids	24	48		
Intel	Xeon Gold 6530	Emerald Rapids	32	64		
Intel	Xeon Gold 5520+	Emerald Rapids	28	56		
Intel	Xeon Silver 4514Y	Emerald Rapids	16	32		
Intel	Xeon Silver 4510	Emerald Rapids	12	24		
Intel	Xeon 6980P	Granite Rapids	128	256		
Intel	Xeon 6979P	Granite Rapids	120	240		
Intel	Xeon 6972P	Granite Rapids	96	192		
Intel	Xeon 6960P	Granite Rapids	72	144		
Intel	Xeon 6787P	Granite Rapids	86	172		
Intel	Xeon 6767P	Granite Rapids	64	128		
Intel	Xeon 6747P	Granite Rapids	48	96		
Intel	Xeon 6737P	Granite Rapids	32	64		
Intel	Xeon 6530P	Granite Rapids	32	64		
Intel	Xeon 6517P	Granite Rapids	16	32		
Intel	Xeon 698X	Granite Rapids	86	172		
Intel	Xeon 696X	Granite Rapids	64	128		
Intel	Xeon 634	Granite Rapids	12	24		
Intel	Xeon 6990E+	Clearwater Forest	288	288	0	288
Intel	Xeon 6780E	Sierra Forest	144	144	0	144
Intel	Xeon 6766E	Sierra Forest	144	144	0	144
Intel	Xeon 6756E	Sierra Forest	128	128	0	128
Intel	Xeon 6746E	Sierra Forest	112	112	0	112
Intel	Xeon 6710E	Sierra Forest	64	64	0	64
Intel	Celeron N5105	Tremont	4	4	0	4
Intel	Pentium Silver N6005	Tremont	4	4	0	4
Intel	Celeron J4125	Goldmont Plus	4	4	0	4
Intel	Celeron J4105	Goldmont Plus	4	4	0	4
AMD	Phenom II X6 1090T	K10	6	6		
AMD	Phenom II X4 965	K10	4	4		
AMD	FX-8350	Piledriver	8	8		
AMD	FX-6300	Piledriver	6	6		
AMD	FX-8150	Bulldozer	8	8		
AMD	A10-7850K	Steamroller	4	4		
AMD	A10-8700P	Excavator	4	4		
AMD	Ryzen 7 1800X	Zen	8	16		
AMD	Ryzen 7 1700X	Zen	8	16		
AMD	Ryzen 7 1700	Zen	8	16		
AMD	Ryzen 5 1600X	Zen	6	12		
AMD	Ryzen 5 1600	Zen	6	12		
AMD	Ryzen 5 1500X	Zen	4	8		
AMD	Ryzen 3 1300X	Zen	4	4		
AMD	Ryzen 3 1200	Zen	4	4		
AMD	Ryzen 5 2400G	Zen	4	8		
AMD	Ryzen 3 2200G	Zen	4	4		
AMD	Ryzen 7 2700U	Zen	4	8		
AMD	Ryzen 5 2500U	Zen	4	8		
AMD	Athlon 3000G	Zen	2	4		
AMD	Threadripper 1950X	Zen	16	32		
AMD	Threadripper 1920X	Zen	12	24		
AMD	Threadripper 1900X	Zen	8	16		
AMD	EPYC 7601	Zen	32	64		
AMD	EPYC 7551	Zen	32	64		
AMD	EPYC 7501	Zen	32	64		
AMD	EPYC 7451	Zen	24	48		
AMD	EPYC 7401	Zen	24	48		
AMD	EPYC 7351	Zen	16	32		
AMD	EPYC 7301	Zen	16	32		
AMD	EPYC 7281	Zen	16	32		
AMD	EPYC 7251	Zen	8	16		
AMD	EPYC 7571	Zen	32	64		
AMD	EPYC 3251	Zen	8	16		
AMD	Ryzen Embedded V1605B	Zen	4	8		
AMD	Ryzen 7 2700X	Zen+	8	16		
AMD	Ryzen 7 2700	Zen+	8	16		
AMD	Ryzen 5 2600X	Zen+	6	12		
AMD	Ryzen 5 2600	Zen+	6	12		
AMD	Ryzen 5 3400G	Zen+	4	8		
AMD	Ryzen 3 3200G	Zen+	4	4		
AMD	Ryzen 7 3700U	Zen+	4	8		
AMD	Ryzen 5 3500U	Zen+	4	8		
AMD	Ryzen 7 3750H	Zen+	4	8		
AMD	Threadripper 2990WX	Zen+	32	64		
AMD	Threadripper 2970WX	Zen+	24	48		
AMD	Threadripper 2950X	Zen+	16	32		
AMD	Threadripper 2920X	Zen+	12	24		
AMD	Ryzen 9 3950X	Zen 2	16	32		
AMD	Ryzen 9 3900X	Zen 2	12	24		
AMD	Ryzen 9 3900XT	Zen 2	12	24		
AMD	Ryzen 7 3800X	Zen 2	8	16		
AMD	Ryzen 7 3700X	Zen 2	8	16		
AMD	Ryzen 5 3600X	Zen 2	6	12		
AMD	Ryzen 5 3600	Zen 2	6	12		
AMD	Ryzen 5 3500X	Zen 2	6	6		
AMD	Ryzen 3 3300X	Zen 2	4	8		
AMD	Ryzen 3 3100	Zen 2	4	8		
AMD	Ryzen 7 4700G	Zen 2	8	16		
AMD	Ryzen 5 4600G	Zen 2	6	12		
AMD	Ryzen 9 4900H	Zen 2	8	16		
AMD	Ryzen 9 4900HS	Zen 2	8	16		
AMD	Ryzen 7 4800H	Zen 2	8	16		
AMD	Ryzen 7 4800U	Zen 2	8	16		
AMD	Ryzen 7 4700U	Zen 2	8	8		
AMD	Ryzen 5 4600H	Zen 2	6	12		
AMD	Ryzen 5 4500U	Zen 2	6	6		
AMD	Ryzen 7 5700U	Zen 2	8	16		
AMD	Ryzen 5 5500U	Zen 2	6	12		
AMD	Ryzen 3 7320U	Zen 2	4	8		
AMD	Ryzen 5 7520U	Zen 2	4	8		
AMD	Threadripper 3990X	Zen 2	64	128		
AMD	Threadripper 3970X	Zen 2	32	64		
AMD	Threadripper 3960X	Zen 2	24	48		
AMD	Threadripper PRO 3995WX	Zen 2	64	128		
AMD	Threadripper PRO 3975WX	Zen 2	32	64		
AMD	Threadripper PRO 3955WX	Zen 2	16	32		
AMD	Threadripper PRO 3945WX	Zen 2	12	24		
AMD	EPYC 7742	Zen 2	64	128		
AMD	EPYC 7702	Zen 2	64	128		
AMD	EPYC 7702P	Zen 2	64	128		
AMD	EPYC 7662	Zen 2	64	128		
AMD	EPYC 7642	Zen 2	48	96		
AMD	EPYC 7552	Zen 2	48	96		
AMD	EPYC 7542	Zen 2	32	64		
AMD	EPYC 7532	Zen 2	32	64		
AMD	EPYC 7502	Zen 2	32	64		
AMD	EPYC 7502P	Zen 2	32	64		
AMD	EPYC 7452	Zen 2	32	64		
AMD	EPYC 7402	Zen 2	24	48		
AMD	EPYC 7402P	Zen 2	24	48		
AMD	EPYC 7352	Zen 2	24	48		
AMD	EPYC 7302	Zen 2	16	32		
AMD	EPYC 7302P	Zen 2	16	32		
AMD	EPYC 7282	Zen 2	16	32		
AMD	EPYC 7272	Zen 2	12	24		
AMD	EPYC 7262	Zen 2	8	16		
AMD	EPYC 7252	Zen 2	8	16		
AMD	EPYC 7H12	Zen 2	64	128		
AMD	EPYC 7F72	Zen 2	24	48		
AMD	EPYC 7F52	Zen 2	16	32		
AMD	EPYC 7R32	Zen 2	48	96		
AMD	EPYC 7B12	Zen 2	64	128		
AMD	Ryzen 9 5950X	Zen 3	16	32		
AMD	Ryzen 9 5900X	Zen 3	12	24		
AMD	Ryzen 7 5800X	Zen 3	8	16		
AMD	Ryzen 7 5800X3D	Zen 3	8	16		
AMD	Ryzen 7 5700X	Zen 3	8	16		
AMD	Ryzen 7 5700X3D	Zen 3	8	16		
AMD	Ryzen 7 5700G	Zen 3	8	16		
AMD	Ryzen 5 5600X	Zen 3	6	12		
AMD	Ryzen 5 5600	Zen 3	6	12		
AMD	Ryzen 5 5600G	Zen 3	6	12		
AMD	Ryzen 5 5500	Zen 3	6	12		
AMD	Ryzen 9 5980HX	Zen 3	8	16		
AMD	Ryzen 9 5900HX	Zen 3	8	16		
AMD	Ryzen 9 5900HS	Zen 3	8	16		
AMD	Ryzen 7 5800H	Zen 3	8	16		
AMD	Ryzen 7 5800U	Zen 3	8	16		
AMD	Ryzen 5 5600H	Zen 3	6	12		
AMD	Ryzen 5 5600U	Zen 3	6	12		
AMD	Ryzen 7 5825U	Zen 3	8	16		
AMD	Ryzen 7 7730U	Zen 3	8	16		
AMD	Ryzen 5 7530U	Zen 3	6	12		
AMD	Threadripper PRO 5995WX	Zen 3	64	128		
AMD	Threadripper PRO 5975WX	Zen 3	32	64		
AMD	Threadripper PRO 5965WX	Zen 3	24	48		
AMD	Threadripper PRO 5955WX	Zen 3	16	32		
AMD	Threadripper PRO 5945WX	Zen 3	12	24		
AMD	EPYC 7773X	Zen 3	64	128		
AMD	EPYC 7763	Zen 3	64	128		
AMD	EPYC 7713	Zen 3	64	128		
AMD	EPYC 7713P	Zen 3	64	128		
AMD	EPYC 7663	Zen 3	56	112		
AMD	EPYC 7643	Zen 3	48	96		
AMD	EPYC 75F3	Zen 3	32	64		
AMD	EPYC 7573X	Zen 3	32	64		
AMD	EPYC 7543	Zen 3	32	64		
AMD	EPYC 7543P	Zen 3	32	64		
AMD	EPYC 7513	Zen 3	32	64		
AMD	EPYC 7453	Zen 3	28	56		
AMD	EPYC 74F3	Zen 3	24	48		
AMD	EPYC 7443	Zen 3	24	48		
AMD	EPYC 7443P	Zen 3	24	48		
AMD	EPYC 7413	Zen 3	24	48		
AMD	EPYC 73F3	Zen 3	16	32		
AMD	EPYC 7343	Zen 3	16	32		
AMD	EPYC 7313	Zen 3	16	32		
AMD	EPYC 7313P	Zen 3	16	32		
AMD	EPYC 72F3	Zen 3	8	16		
AMD	EPYC 7R13	Zen 3	48	96		
AMD	EPYC 7B13	Zen 3	64	128		
AMD	Ryzen 9 6980HX	Zen 3+	8	16		
AMD	Ryzen 9 6900HX	Zen 3+	8	16		
AMD	Ryzen 9 6900HS	Zen 3+	8	16		
AMD	Ryzen 7 6800H	Zen 3+	8	16		
AMD	Ryzen 7 6800HS	Zen 3+	8	16		
AMD	Ryzen 7 6800U	Zen 3+	8	16		
AMD	Ryzen 5 6600H	Zen 3+	6	12		
AMD	Ryzen 5 6600U	Zen 3+	6	12		
AMD	Ryzen 7 7735HS	Zen 3+	8	16		
AMD	Ryzen 5 7535U	Zen 3+	6	12		
AMD	Ryzen 9 7950X	Zen 4	16	32		
AMD	Ryzen 9 7950X3D	Zen 4	16	32		
AMD	Ryzen 9 7900X	Zen 4	12	24		
AMD	Ryzen 9 7900X3D	Zen 4	12	24		
AMD	Ryzen 9 7900	Zen 4	12	24		
AMD	Ryzen 7 7800X3D	Zen 4	8	16		
AMD	Ryzen 7 7700X	Zen 4	8	16		
AMD	Ryzen 7 7700	Zen 4	8	16		
AMD	Ryzen 5 7600X	Zen 4	6	12		
AMD	Ryzen 5 7600	Zen 4	6	12		
AMD	Ryzen 5 7500F	Zen 4	6	12		
AMD	Ryzen 7 8700G	Zen 4	8	16		
AMD	Ryzen 7 8700F	Zen 4	8	16		
AMD	Ryzen 5 8600G	Zen 4	6	12		
AMD	Ryzen 9 7945HX	Zen 4	16	32		
AMD	Ryzen 9 7945HX3D	Zen 4	16	32		
AMD	Ryzen 9 7940HS	Zen 4	8	16		
AMD	Ryzen 7 7840HS	Zen 4	8	16		
AMD	Ryzen 7 7840U	Zen 4	8	16		
AMD	Ryzen 5 7640HS	Zen 4	6	12		
AMD	Ryzen 5 7640U	Zen 4	6	12		
AMD	Ryzen 9 8945HS	Zen 4	8	16		
AMD	Ryzen 7 8845HS	Zen 4	8	16		
AMD	Ryzen 7 8840U	Zen 4	8	16		
AMD	Ryzen 5 8645HS	Zen 4	6	12		
AMD	Ryzen Z1 Extreme	Zen 4	8	16		
AMD	Threadripper 7980X	Zen 4	64	128		
AMD	Threadripper 7970X	Zen 4	32	64		
AMD	Threadripper 7960X	Zen 4	24	48		
AMD	Threadripper PRO 7995WX	Zen 4	96	192		
AMD	Threadripper PRO 7985WX	Zen 4	64	128		
AMD	Threadripper PRO 7975WX	Zen 4	32	64		
AMD	Threadripper PRO 7965WX	Zen 4	24	48		
AMD	Threadripper PRO 7955WX	Zen 4	16	32		
AMD	Threadripper PRO 7945WX	Zen 4	12	24		
AMD	EPYC 9684X	Zen 4	96	192		
AMD	EPYC 9654	Zen 4	96	192		
AMD	EPYC 9654P	Zen 4	96	192		
AMD	EPYC 9634	Zen 4	84	168		
AMD	EPYC 9554	Zen 4	64	128		
AMD	EPYC 9554P	Zen 4	64	128		
AMD	EPYC 9534	Zen 4	64	128		
AMD	EPYC 9474F	Zen 4	48	96		
AMD	EPYC 9454	Zen 4	48	96		
AMD	EPYC 9454P	Zen 4	48	96		
AMD	EPYC 9384X	Zen 4	32	64		
AMD	EPYC 9374F	Zen 4	32	64		
AMD	EPYC 9354	Zen 4	32	64		
AMD	EPYC 9354P	Zen 4	32	64		
AMD	EPYC 9334	Zen 4	32	64		
AMD	EPYC 9274F	Zen 4	24	48		
AMD	EPYC 9254	Zen 4	24	48		
AMD	EPYC 9224	Zen 4	24	48		
AMD	EPYC 9184X	Zen 4	16	32		
AMD	EPYC 9174F	Zen 4	16	32		
AMD	EPYC 9124	Zen 4	16	32		
AMD	EPYC 9R14	Zen 4	96	192		
AMD	EPYC 9B14	Zen 4	96	192		
AMD	EPYC 4564P	Zen 4	16	32		
AMD	EPYC 4464P	Zen 4	12	24		
AMD	EPYC 4344P	Zen 4	8	16		
AMD	EPYC 9754	Zen 4c	128	256		
AMD	EPYC 9754S	Zen 4c	128	128		
AMD	EPYC 9734	Zen 4c	112	224		
AMD	EPYC 8534P	Zen 4c	64	128		
AMD	EPYC 8434P	Zen 4c	48	96		
AMD	EPYC 8324P	Zen 4c	32	64		
AMD	EPYC 8224P	Zen 4c	24	48		
AMD	EPYC 8124P	Zen 4c	16	32		
AMD	EPYC 8024P	Zen 4c	8	16		
AMD	Ryzen 5 8500G	Zen 4 + Zen 4c	6	12	2	4
AMD	Ryzen 3 8300G	Zen 4 + Zen 4c	4	8	1	3
AMD	Ryzen 5 7545U	Zen 4 + Zen 4c	6	12	2	4
AMD	Ryzen 5 8540U	Zen 4 + Zen 4c	6	12	2	4
AMD	Ryzen Z1	Zen 4 + Zen 4c	6	12	2	4
AMD	Ryzen 9 9950X	Zen 5	16	32		
AMD	Ryzen 9 9950X3D	Zen 5	16	32		
AMD	Ryzen 9 9900X	Zen 5	12	24		
AMD	Ryzen 9 9900X3D	Zen 5	12	24		
AMD	Ryzen 7 9850X3D	Zen 5	8	16		
AMD	Ryzen 7 9800X3D	Zen 5	8	16		
AMD	Ryzen 7 9700X	Zen 5	8	16		
AMD	Ryzen 5 9600X	Zen 5	6	12		
AMD	Ryzen 5 9600	Zen 5	6	12		
AMD	Ryzen 9 9955HX	Zen 5	16	32		
AMD	Ryzen 9 9955HX3D	Zen 5	16	32		
AMD	Ryzen AI Max+ 395	Zen 5	16	32		
AMD	Ryzen AI Max 390	Zen 5	12	24		
AMD	Ryzen AI Max 385	Zen 5	8	16		
AMD	Ryzen AI Max PRO 380	Zen 5	6	12		
AMD	Threadripper 9980X	Zen 5	64	128		
AMD	Threadripper 9970X	Zen 5	32	64		
AMD	Threadripper 9960X	Zen 5	24	48		
AMD	Threadripper PRO 9995WX	Zen 5	96	192		
AMD	Threadripper PRO 9985WX	Zen 5	64	128		
AMD	Threadripper PRO 9975WX	Zen 5	32	64		
AMD	Threadripper PRO 9965WX	Zen 5	24	48		
AMD	Threadripper PRO 9955WX	Zen 5	16	32		
AMD	Threadripper PRO 9945WX	Zen 5	12	24		
AMD	EPYC 9755	Zen 5	128	256		
AMD	EPYC 9655	Zen 5	96	192		
AMD	EPYC 9655P	Zen 5	96	192		
AMD	EPYC 9565	Zen 5	72	144		
AMD	EPYC 9575F	Zen 5	64	128		
AMD	EPYC 9555	Zen 5	64	128		
AMD	EPYC 9555P	Zen 5	64	128		
AMD	EPYC 9535	Zen 5	64	128		
AMD	EPYC 9475F	Zen 5	48	96		
AMD	EPYC 9455	Zen 5	48	96		
AMD	EPYC 9455P	Zen 5	48	96		
AMD	EPYC 9375F	Zen 5	32	64		
AMD	EPYC 9355	Zen 5	32	64		
AMD	EPYC 9335	Zen 5	32	64		
AMD	EPYC 9275F	Zen 5	24	48		
AMD	EPYC 9255	Zen 5	24	48		
AMD	EPYC 9175F	Zen 5	16	32		
AMD	EPYC 9135	Zen 5	16	32		
AMD	EPYC 9115	Zen 5	16	32		
AMD	EPYC 9015	Zen 5	8	16		
AMD	EPYC 4565P	Zen 5	16	32		
AMD	EPYC 9965	Zen 5c	192	384		
AMD	EPYC 9845	Zen 5c	160	320		
AMD	EPYC 9825	Zen 5c	144	288		
AMD	EPYC 9745	Zen 5c	128	256		
AMD	EPYC 9645	Zen 5c	96	192		
AMD	Ryzen AI 9 HX 470	Zen 5 + Zen 5c	12	24	4	8
AMD	Ryzen AI 9 465	Zen 5 + Zen 5c	10	20	4	6
AMD	Ryzen AI 7 450	Zen 5 + Zen 5c	8	16	4	4
AMD	Ryzen AI 9 HX 375	Zen 5 + Zen 5c	12	24	4	8
AMD	Ryzen AI 9 HX 370	Zen 5 + Zen 5c	12	24	4	8
AMD	Ryzen AI 9 365	Zen 5 + Zen 5c	10	20	4	6
AMD	Ryzen AI 7 350	Zen 5 + Zen 5c	8	16	4	4
AMD	Ryzen AI 5 340	Zen 5 + Zen 5c	6	12	3	3
Apple	M1	Firestorm + Icestorm	8	8	4	4
Apple	M1 Pro	Firestorm + Icestorm	10	10	8	2
Apple	M1 Max	Firestorm + Icestorm	10	10	8	2
Apple	M1 Ultra	Firestorm + Icestorm	20	20	16	4
Apple	M2	Avalanche + Blizzard	8	8	4	4
Apple	M2 Pro	Avalanche + Blizzard	12	12	8	4
Apple	M2 Max	Avalanche + Blizzard	12	12	8	4
Apple	M2 Ultra	Avalanche + Blizzard	24	24	16	8
Apple	M3	Everest + Sawtooth	8	8	4	4
Apple	M3 Pro	Everest + Sawtooth	12	12	6	6
Apple	M3 Max	Everest + Sawtooth	16	16	12	4
Apple	M3 Ultra	Everest + Sawtooth	32	32	24	8
Apple	M4	Apple M4 cores	10	10	4	6
Apple	M4 Pro	Apple M4 cores	14	14	10	4
Apple	M4 Max	Apple M4 cores	16	16	12	4
Apple	M5	Apple M5 cores	10	10	4	6
Apple	M5 Pro	Apple M5 cores	18	18	6	12
Apple	M5 Max	Apple M5 cores	18	18	6	12
Ampere	Altra Q80-30	Neoverse-N1	80	80		
Ampere	Altra Q80-33	Neoverse-N1	80	80		
Ampere	Altra Q64-22	Neoverse-N1	64	64		
Ampere	Altra Q32-17	Neoverse-N1	32	32		
Ampere	Altra Max M128-30	Neoverse-N1	128	128		
Ampere	Altra Max M128-28	Neoverse-N1	128	128		
Ampere	Altra Max M96-30	Neoverse-N1	96	96		
Ampere	AmpereOne A192-32X	Ampere-1	192	192		
Ampere	AmpereOne A160-28X	Ampere-1	160	160		
Ampere	AmpereOne A96-36X	Ampere-1	96	96		
AWS	Graviton	Cortex-A72	16	16		
AWS	Graviton2	Neoverse-N1	64	64		
AWS	Graviton3	Neoverse-V1	64	64		
AWS	Graviton3E	Neoverse-V1	64	64		
AWS	Graviton4	Neoverse-V2	96	96		
AWS	Graviton5	Neoverse-V3	192	192		
Microsoft	Cobalt 100	Neoverse-N2	128	128		
Microsoft	Cobalt 200	Neoverse-V3	132	132		
Google	Axion (C4A)	Neoverse-V2	72	72		
Alibaba	Yitian 710	Neoverse-N2	128	128		
NVIDIA	Grace	Neoverse-V2	72	72		
NVIDIA	GB10	Cortex-X925 + Cortex-A725	20	20	10	10
NVIDIA	Jetson AGX Thor T5000	Neoverse-V3AE	14	14		
NVIDIA	Jetson AGX Orin 64GB	Cortex-A78AE	12	12		
NVIDIA	Jetson AGX Orin 32GB	Cortex-A78AE	8	8		
NVIDIA	Jetson Orin NX 16GB	Cortex-A78AE	8	8		
NVIDIA	Jetson Orin Nano 8GB	Cortex-A78AE	6	6		
NVIDIA	Jetson AGX Xavier	Carmel	8	8		
NVIDIA	Jetson Nano	Cortex-A57	4	4		
Qualcomm	Snapdragon X Elite X1E-00-1DE	Oryon	12	12		
Qualcomm	Snapdragon X Elite X1E-84-100	Oryon	12	12		
Qualcomm	Snapdragon X Elite X1E-80-100	Oryon	12	12		
Qualcomm	Snapdragon X Elite X1E-78-100	Oryon	12	12		
Qualcomm	Snapdragon X Plus X1P-64-100	Oryon	10	10		
Qualcomm	Snapdragon X Plus X1P-42-100	Oryon	8	8		
Qualcomm	Snapdragon X X1-26-100	Oryon	8	8		
Qualcomm	Snapdragon X2 Elite Extreme X2E-96-100	Oryon Gen 3	18	18	12	6
Qualcomm	Snapdragon 8cx Gen 3	Cortex-X1C + Cortex-A78C	8	8	4	4
Fujitsu	A64FX	A64FX	48	48		
HiSilicon	Kunpeng 920-6426	TaiShan v110	64	64		
HiSilicon	Kunpeng 920-4826	TaiShan v110	48	48		
Marvell	ThunderX2 CN9980	ThunderX2	32	128		
Phytium	FT-2000+/64	FTC662	64	64		
Phytium	S2500	FTC663	64	64		
Broadcom	BCM2712 (Raspberry Pi 5)	Cortex-A76	4	4		
Broadcom	BCM2711 (Raspberry Pi 4)	Cortex-A72	4	4		
Broadcom	BCM2837 (Raspberry Pi 3)	Cortex-A53	4	4		
Rockchip	RK3588	Cortex-A76 + Cortex-A55	8	8	4	4
Rockchip	RK3588S	Cortex-A76 + Cortex-A55	8	8	4	4
Rockchip	RK3576	Cortex-A72 + Cortex-A53	8	8	4	4
Rockchip	RK3568	Cortex-A55	4	4		
Rockchip	RK3399	Cortex-A72 + Cortex-A53	6	6	2	4
Amlogic	S922X	Cortex-A73 + Cortex-A53	6	6	4	2
Cix	CD8180	Cortex-A720 + Cortex-A520	12	12	8	4
NXP	LX2160A	Cortex-A72	16	16		
NXP	i.MX 8M Plus	Cortex-A53	4	4		
MediaTek	Kompanio 1380	Cortex-A78 + Cortex-A55	8	8	4	4
SiFive	U740	sifive,u74-mc	4	4		
SiFive	P550 (HiFive Premier, EIC7700X)	sifive,p550	4	4		
StarFive	JH7110	sifive,u74-mc	4	4		
SpacemiT	K1	spacemit,x60	8	8		
SpacemiT	K3	spacemit,x100	8	8		
Sophgo	SG2042	thead,c920	64	64		
Sophgo	SG2044	thead,c920	64	64		
T-Head	TH1520	thead,c910	4	4		
Hygon	C86 7185	Dhyana (Zen)	32	64		
Hygon	C86 7285	Dhyana (Zen)	32	64		
Zhaoxin	KX-6000 (KX-U6780A)	LuJiaZui	8	8		
IBM	POWER9 22-core	POWER9	22	88		
IBM	POWER10 15-core	POWER10	15	120		
Loongson	3A6000	LA664	4	8		`;
