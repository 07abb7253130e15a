// Made by make.mjs from the tables: do not edit.
// vendor, model, names to compare with, ids, revisions, architecture, segment, sizes in MiB, kind of memory, GB/s, target
export const gpus = `NVIDIA	GeForce GTX 750 Ti	geforce gtx 750 ti	1380		Maxwell	consumer	2048 4096	dedicated	86	5.0
NVIDIA	GeForce GTX 750	geforce gtx 750	1381		Maxwell	consumer	1024 2048	dedicated	80	5.0
NVIDIA	GeForce GTX 745	geforce gtx 745	1382		Maxwell	consumer	4096	dedicated	29	5.0
NVIDIA	GeForce GTX 860M	geforce gtx 860m	1392		Maxwell	laptop	2048 4096	dedicated	80	5.0
NVIDIA	GeForce GTX 850M	geforce gtx 850m	1391		Maxwell	laptop	2048 4096	dedicated	80	5.0
NVIDIA	GeForce GTX 960M	geforce gtx 960m	139b		Maxwell	laptop	2048 4096	dedicated	80	5.0
NVIDIA	GeForce GTX 950M	geforce gtx 950m	139a		Maxwell	laptop	2048 4096	dedicated	80	5.0
NVIDIA	GeForce 945M	geforce 945m	1399		Maxwell	laptop	2048	dedicated		5.0
NVIDIA	GeForce 940MX	geforce 940mx	134b 134d 179c		Maxwell	laptop	2048 4096	dedicated	40	5.0
NVIDIA	GeForce 940M	geforce 940m	1347 139c		Maxwell	laptop	2048 4096	dedicated		5.0
NVIDIA	GeForce 930MX	geforce 930mx	134e		Maxwell	laptop	2048	dedicated		5.0
NVIDIA	GeForce 930M	geforce 930m	1346 1349		Maxwell	laptop	2048	dedicated		5.0
NVIDIA	GeForce 920MX	geforce 920mx	134f		Maxwell	laptop	2048	dedicated		5.0
NVIDIA	GeForce 845M	geforce 845m	1344 1390 1398		Maxwell	laptop	2048	dedicated		5.0
NVIDIA	GeForce 840M	geforce 840m	1341 1393		Maxwell	laptop	2048 4096	dedicated	16	5.0
NVIDIA	GeForce 830M	geforce 830m	1340		Maxwell	laptop	2048	dedicated		5.0
NVIDIA	GeForce MX130	geforce mx130	174d		Maxwell	laptop	2048 4096	dedicated		5.0
NVIDIA	GeForce MX110	geforce mx110	174e		Maxwell	laptop	2048	dedicated		5.0
NVIDIA	Quadro K2200	quadro k2200	13ba		Maxwell	professional	4096	dedicated	80	5.0
NVIDIA	Quadro K1200	quadro k1200	13bc		Maxwell	professional	4096	dedicated	80	5.0
NVIDIA	Quadro K620	quadro k620	13bb		Maxwell	professional	2048	dedicated	29	5.0
NVIDIA	Quadro K2200M	quadro k2200m	13b3		Maxwell	laptop	2048	dedicated	80	5.0
NVIDIA	Quadro K620M	quadro k620m	137a		Maxwell	laptop	2048	dedicated		5.0
NVIDIA	Quadro M500M	quadro m500m	137a		Maxwell	laptop	2048	dedicated		5.0
NVIDIA	Quadro M520	quadro m520	137b		Maxwell	laptop	1024 2048	dedicated	40	5.0
NVIDIA	Quadro M600M	quadro m600m	13b2		Maxwell	laptop	2048	dedicated	80	5.0
NVIDIA	Quadro M620	quadro m620	13b4		Maxwell	laptop	2048	dedicated	80	5.0
NVIDIA	Quadro M1000M	quadro m1000m	13b1		Maxwell	laptop	2048 4096	dedicated	80	5.0
NVIDIA	Quadro M1200	quadro m1200	13b6		Maxwell	laptop	4096	dedicated	80	5.0
NVIDIA	Quadro M2000M	quadro m2000m	13b0		Maxwell	laptop	4096	dedicated	80	5.0
NVIDIA	NVS 810	nvs 810	13b9		Maxwell	professional	2048	dedicated		5.0
NVIDIA	Tesla M10	tesla m10	13bd		Maxwell	datacenter	8192	dedicated	83	5.0
NVIDIA	GeForce GTX TITAN X	geforce gtx titan x	17c2		Maxwell	consumer	12288	dedicated	337	5.2
NVIDIA	GeForce GTX 980 Ti	geforce gtx 980 ti	17c8		Maxwell	consumer	6144	dedicated	337	5.2
NVIDIA	GeForce GTX 980	geforce gtx 980	13c0		Maxwell	consumer	4096	dedicated	224	5.2
NVIDIA	GeForce GTX 970	geforce gtx 970	13c2		Maxwell	consumer	4096	dedicated	224	5.2
NVIDIA	GeForce GTX 960	geforce gtx 960	1401 1406		Maxwell	consumer	2048 3072 4096	dedicated	112	5.2
NVIDIA	GeForce GTX 950	geforce gtx 950	1402		Maxwell	consumer	2048 4096	dedicated	106	5.2
NVIDIA	GeForce GTX 980 Mobile	geforce gtx 980 mobile|geforce gtx 980	13da 161a		Maxwell	laptop	8192	dedicated	224	5.2
NVIDIA	GeForce GTX 980M	geforce gtx 980m	13d7 1617		Maxwell	laptop	4096 8192	dedicated	160	5.2
NVIDIA	GeForce GTX 970M	geforce gtx 970m	13d8 1618		Maxwell	laptop	3072 6144	dedicated	120	5.2
NVIDIA	GeForce GTX 965M	geforce gtx 965m	13d9 1427 1619 1667		Maxwell	laptop	2048 4096	dedicated	80	5.2
NVIDIA	Quadro M6000	quadro m6000	17f0		Maxwell	professional	12288	dedicated	317	5.2
NVIDIA	Quadro M6000 24GB	quadro m6000 24gb	17f1		Maxwell	professional	24576	dedicated	317	5.2
NVIDIA	Quadro M5000	quadro m5000	13f0		Maxwell	professional	8192	dedicated	211	5.2
NVIDIA	Quadro M4000	quadro m4000	13f1		Maxwell	professional	8192	dedicated	192	5.2
NVIDIA	Quadro M2000	quadro m2000	1430		Maxwell	professional	4096	dedicated	106	5.2
NVIDIA	Quadro M5500	quadro m5500	13fb		Maxwell	laptop	8192	dedicated	211	5.2
NVIDIA	Quadro M5000M	quadro m5000m	13f8		Maxwell	laptop	8192	dedicated	160	5.2
NVIDIA	Quadro M4000M	quadro m4000m	13f9		Maxwell	laptop	4096	dedicated	160	5.2
NVIDIA	Quadro M3000M	quadro m3000m	13fa		Maxwell	laptop	4096	dedicated	160	5.2
NVIDIA	Quadro M2200	quadro m2200	1436 1676		Maxwell	laptop	4096	dedicated	88	5.2
NVIDIA	Tesla M60	tesla m60	13f2		Maxwell	datacenter	8192	dedicated	160	5.2
NVIDIA	Tesla M40	tesla m40|tesla m40 24gb	17fd		Maxwell	datacenter	12288 24576	dedicated	288	5.2
NVIDIA	Tesla M6	tesla m6	13f3		Maxwell	datacenter	8192	dedicated	160	5.2
NVIDIA	Tesla M4	tesla m4	1431		Maxwell	datacenter	4096	dedicated	88	5.2
NVIDIA	Jetson Nano	jetson nano|tegra x1 (nvgpu)|tegra x1			Maxwell	embedded	2048 4096	unified	25.6	5.3
NVIDIA	Jetson TX1	jetson tx1|tegra x1 (nvgpu)			Maxwell	embedded	4096	unified	25.6	5.3
NVIDIA	Quadro GP100	quadro gp100	15f0		Pascal	professional	16384	dedicated	717	6.0
NVIDIA	Tesla P100	tesla p100|tesla p100-pcie-16gb|tesla p100-pcie-12gb|tesla p100-sxm2-16gb|tesla p100-dgxs-16gb	15f7 15f8 15f9 15fc		Pascal	datacenter	12288 16384	dedicated	732	6.0
NVIDIA	TITAN X (Pascal)	titan x (pascal)	1b00		Pascal	consumer	12288	dedicated	480	6.1
NVIDIA	TITAN Xp	titan xp|titan xp collectors edition	1b02		Pascal	consumer	12288	dedicated	548	6.1
NVIDIA	GeForce GTX 1080 Ti	geforce gtx 1080 ti	1b06		Pascal	consumer	11264	dedicated	484	6.1
NVIDIA	GeForce GTX 1080	geforce gtx 1080	1b80		Pascal	consumer	8192	dedicated	320	6.1
NVIDIA	GeForce GTX 1070 Ti	geforce gtx 1070 ti	1b82		Pascal	consumer	8192	dedicated	256	6.1
NVIDIA	GeForce GTX 1070	geforce gtx 1070	1b81		Pascal	consumer	8192	dedicated	256	6.1
NVIDIA	GeForce GTX 1060 6GB	geforce gtx 1060 6gb	1b83 1c03 1c06		Pascal	consumer	6144	dedicated	192	6.1
NVIDIA	GeForce GTX 1060 5GB	geforce gtx 1060 5gb	1c04		Pascal	consumer	5120	dedicated	160	6.1
NVIDIA	GeForce GTX 1060 3GB	geforce gtx 1060 3gb	1b84 1c02		Pascal	consumer	3072	dedicated	192	6.1
NVIDIA	GeForce GTX 1050 Ti	geforce gtx 1050 ti	1c82		Pascal	consumer	4096	dedicated	112	6.1
NVIDIA	GeForce GTX 1050	geforce gtx 1050	1c81 1c83		Pascal	consumer	2048 3072	dedicated	112	6.1
NVIDIA	GeForce GT 1030	geforce gt 1030	1d01		Pascal	consumer	2048	dedicated	48	6.1
NVIDIA	GeForce GT 1010	geforce gt 1010	1d02		Pascal	consumer	2048	dedicated		6.1
NVIDIA	GeForce GTX 1080 Mobile	geforce gtx 1080 mobile|geforce gtx 1080|geforce gtx 1080 with max-q design	1ba0 1be0		Pascal	laptop	8192	dedicated	320	6.1
NVIDIA	GeForce GTX 1070 Mobile	geforce gtx 1070 mobile|geforce gtx 1070|geforce gtx 1070 with max-q design	1ba1 1ba2 1be1		Pascal	laptop	8192	dedicated	256	6.1
NVIDIA	GeForce GTX 1060 Mobile	geforce gtx 1060 mobile|geforce gtx 1060|geforce gtx 1060 with max-q design	1c20 1c23 1c60		Pascal	laptop	3072 6144	dedicated	192	6.1
NVIDIA	GeForce GTX 1050 Ti Mobile	geforce gtx 1050 ti mobile|geforce gtx 1050 ti|geforce gtx 1050 ti with max-q design	1c21 1c61 1c8c 1c8f 1ccc		Pascal	laptop	4096	dedicated	112	6.1
NVIDIA	GeForce GTX 1050 Mobile	geforce gtx 1050 mobile|geforce gtx 1050|geforce gtx 1050 with max-q design	1c22 1c62 1c8d 1c91 1c92 1ccd		Pascal	laptop	2048 3072 4096	dedicated	112	6.1
NVIDIA	GeForce MX350	geforce mx350	1c94 1c96		Pascal	laptop	2048	dedicated	56	6.1
NVIDIA	GeForce MX330	geforce mx330	1d16 1d56		Pascal	laptop	2048	dedicated	56	6.1
NVIDIA	GeForce MX250	geforce mx250	1d13 1d52		Pascal	laptop	2048 4096	dedicated	48	6.1
NVIDIA	GeForce MX230	geforce mx230	1d11		Pascal	laptop	2048	dedicated	56	6.1
NVIDIA	GeForce MX150	geforce mx150	1c90 1d10 1d12		Pascal	laptop	2048 4096	dedicated	48	6.1
NVIDIA	Quadro P6000	quadro p6000	1b30		Pascal	professional	24576	dedicated	432	6.1
NVIDIA	Quadro P5000	quadro p5000	1bb0		Pascal	professional	16384	dedicated	288	6.1
NVIDIA	Quadro P4000	quadro p4000	1bb1		Pascal	professional	8192	dedicated	243	6.1
NVIDIA	Quadro P2200	quadro p2200	1c31		Pascal	professional	5120	dedicated	200	6.1
NVIDIA	Quadro P2000	quadro p2000	1c30		Pascal	professional	5120	dedicated	140	6.1
NVIDIA	Quadro P1000	quadro p1000	1cb1		Pascal	professional	4096	dedicated	80	6.1
NVIDIA	Quadro P620	quadro p620	1cb6		Pascal	professional	2048	dedicated	80	6.1
NVIDIA	Quadro P600	quadro p600	1cb2		Pascal	professional	2048	dedicated	64	6.1
NVIDIA	Quadro P400	quadro p400	1cb3		Pascal	professional	2048	dedicated	32	6.1
NVIDIA	Quadro P5200	quadro p5200|quadro p5200 with max-q design	1bb5		Pascal	laptop	16384	dedicated	230	6.1
NVIDIA	Quadro P4200	quadro p4200|quadro p4200 with max-q design	1bb9		Pascal	laptop	8192	dedicated	224	6.1
NVIDIA	Quadro P3200	quadro p3200|quadro p3200 with max-q design	1bbb		Pascal	laptop	6144	dedicated	168	6.1
NVIDIA	Quadro P5000 Mobile	quadro p5000 mobile|quadro p5000	1bb6		Pascal	laptop	16384	dedicated	192	6.1
NVIDIA	Quadro P4000 Mobile	quadro p4000 mobile|quadro p4000|quadro p4000 with max-q design	1bb7		Pascal	laptop	8192	dedicated	192	6.1
NVIDIA	Quadro P3000	quadro p3000|quadro p3000 with max-q design	1bb8		Pascal	laptop	6144	dedicated	168	6.1
NVIDIA	Quadro P2000 Mobile	quadro p2000 mobile|quadro p2000|quadro p2000 with max-q design	1cba		Pascal	laptop	4096	dedicated	96	6.1
NVIDIA	Quadro P1000 Mobile	quadro p1000 mobile|quadro p1000	1cbb		Pascal	laptop	4096	dedicated	96	6.1
NVIDIA	Quadro P600 Mobile	quadro p600 mobile|quadro p600	1cbc		Pascal	laptop	2048 4096	dedicated	80	6.1
NVIDIA	Quadro P520	quadro p520	1d34		Pascal	laptop	2048 4096	dedicated	48	6.1
NVIDIA	Quadro P500	quadro p500	1d33		Pascal	laptop	2048	dedicated	40	6.1
NVIDIA	Tesla P40	tesla p40	1b38		Pascal	datacenter	24576	dedicated	347	6.1
NVIDIA	Tesla P4	tesla p4	1bb3		Pascal	datacenter	8192	dedicated	192	6.1
NVIDIA	Tesla P6	tesla p6	1bb4		Pascal	datacenter	16384	dedicated	192	6.1
NVIDIA	Jetson TX2	jetson tx2|tegra x2 (nvgpu)|tegra x2			Pascal	embedded	4096 8192	unified	59.7	6.2
NVIDIA	TITAN V	titan v	1d81		Volta	consumer	12288	dedicated	653	7.0
NVIDIA	Quadro GV100	quadro gv100	1dba		Volta	professional	32768	dedicated	870	7.0
NVIDIA	Tesla V100	tesla v100|tesla v100-sxm2-16gb|tesla v100-sxm2-32gb|tesla v100-sxm3-32gb|tesla v100-pcie-16gb|tesla v100-pcie-32gb|tesla v100-fhhl-16gb|tesla v100-dgxs-16gb|tesla v100-dgxs-32gb|v100	1db1 1db2 1db3 1db4 1db5 1db6 1db7 1db8 1df5		Volta	datacenter	16384 32768	dedicated	900	7.0
NVIDIA	Tesla V100S	tesla v100s|tesla v100s-pcie-32gb	1df6		Volta	datacenter	32768	dedicated	1134	7.0
NVIDIA	Jetson AGX Xavier	jetson agx xavier|xavier|xavier (nvgpu)			Volta	embedded	16384 32768 65536	unified	136.5	7.2
NVIDIA	Jetson Xavier NX	jetson xavier nx|xavier|xavier (nvgpu)			Volta	embedded	8192 16384	unified	59.7	7.2
NVIDIA	TITAN RTX	titan rtx	1e02		Turing	consumer	24576	dedicated	672	7.5
NVIDIA	GeForce RTX 2080 Ti	geforce rtx 2080 ti	1e04 1e07		Turing	consumer	11264	dedicated	616	7.5
NVIDIA	GeForce RTX 2080 SUPER	geforce rtx 2080 super	1e81		Turing	consumer	8192	dedicated	496	7.5
NVIDIA	GeForce RTX 2080	geforce rtx 2080	1e82 1e87		Turing	consumer	8192	dedicated	448	7.5
NVIDIA	GeForce RTX 2070 SUPER	geforce rtx 2070 super	1e84 1ec2 1ec7		Turing	consumer	8192	dedicated	448	7.5
NVIDIA	GeForce RTX 2070	geforce rtx 2070	1f02 1f07		Turing	consumer	8192	dedicated	448	7.5
NVIDIA	GeForce RTX 2060 SUPER	geforce rtx 2060 super	1f06 1f42 1f47		Turing	consumer	8192	dedicated	448	7.5
NVIDIA	GeForce RTX 2060	geforce rtx 2060	1e89 1f03 1f08		Turing	consumer	6144 12288	dedicated	336	7.5
NVIDIA	GeForce GTX 1660 Ti	geforce gtx 1660 ti	2182		Turing	consumer	6144	dedicated	288	7.5
NVIDIA	GeForce GTX 1660 SUPER	geforce gtx 1660 super	1f09 21c4		Turing	consumer	6144	dedicated	336	7.5
NVIDIA	GeForce GTX 1660	geforce gtx 1660	2184		Turing	consumer	6144	dedicated	192	7.5
NVIDIA	GeForce GTX 1650 SUPER	geforce gtx 1650 super	2187		Turing	consumer	4096	dedicated	192	7.5
NVIDIA	GeForce GTX 1650	geforce gtx 1650	1f0a 1f82 2188		Turing	consumer	4096	dedicated	128	7.5
NVIDIA	GeForce GTX 1630	geforce gtx 1630	1f83		Turing	consumer	4096	dedicated	96	7.5
NVIDIA	GeForce RTX 2080 SUPER Mobile	geforce rtx 2080 super mobile|geforce rtx 2080 super|geforce rtx 2080 super with max-q design	1e93 1ed3		Turing	laptop	8192	dedicated	448	7.5
NVIDIA	GeForce RTX 2080 Mobile	geforce rtx 2080 mobile|geforce rtx 2080|geforce rtx 2080 with max-q design	1e90 1ed0		Turing	laptop	8192	dedicated	448	7.5
NVIDIA	GeForce RTX 2070 SUPER Mobile	geforce rtx 2070 super mobile|geforce rtx 2070 super|geforce rtx 2070 super with max-q design	1e91 1ed1		Turing	laptop	8192	dedicated	448	7.5
NVIDIA	GeForce RTX 2070 Mobile	geforce rtx 2070 mobile|geforce rtx 2070|geforce rtx 2070 with max-q design	1f10 1f14 1f50 1f54		Turing	laptop	8192	dedicated	448	7.5
NVIDIA	GeForce RTX 2060 Mobile	geforce rtx 2060 mobile|geforce rtx 2060|geforce rtx 2060 with max-q design	1f11 1f12 1f15 1f51 1f55		Turing	laptop	6144	dedicated	336	7.5
NVIDIA	GeForce GTX 1660 Ti Mobile	geforce gtx 1660 ti mobile|geforce gtx 1660 ti|geforce gtx 1660 ti with max-q design	2191 21d1		Turing	laptop	6144	dedicated	288	7.5
NVIDIA	GeForce GTX 1650 Ti Mobile	geforce gtx 1650 ti mobile|geforce gtx 1650 ti|geforce gtx 1650 ti with max-q design	1f95 2192		Turing	laptop	4096	dedicated	192	7.5
NVIDIA	GeForce GTX 1650 Mobile	geforce gtx 1650 mobile|geforce gtx 1650|geforce gtx 1650 with max-q design	1f91 1f92 1f94 1f96 1f99 1f9d 1fd9 1fdd		Turing	laptop	4096	dedicated	128	7.5
NVIDIA	GeForce MX550	geforce mx550	1f9f 1fa0		Turing	laptop	2048 4096	dedicated	96	7.5
NVIDIA	GeForce MX450	geforce mx450	1f97 1f98 1f9c		Turing	laptop	2048	dedicated	80	7.5
NVIDIA	Quadro RTX 8000	quadro rtx 8000	1e30 1e78		Turing	professional	49152	dedicated	672	7.5
NVIDIA	Quadro RTX 6000	quadro rtx 6000	1e30 1e36 1e78		Turing	professional	24576	dedicated	672	7.5
NVIDIA	Quadro RTX 5000	quadro rtx 5000	1eb0		Turing	professional	16384	dedicated	448	7.5
NVIDIA	Quadro RTX 4000	quadro rtx 4000	1eb1		Turing	professional	8192	dedicated	416	7.5
NVIDIA	Quadro RTX 5000 Mobile	quadro rtx 5000 mobile|quadro rtx 5000|quadro rtx 5000 with max-q design	1eb5 1ef5		Turing	laptop	16384	dedicated	448	7.5
NVIDIA	Quadro RTX 4000 Mobile	quadro rtx 4000 mobile|quadro rtx 4000|quadro rtx 4000 with max-q design	1eb6		Turing	laptop	8192	dedicated	448	7.5
NVIDIA	Quadro RTX 3000 Mobile	quadro rtx 3000 mobile|quadro rtx 3000|quadro rtx 3000 with max-q design	1f36 1f76		Turing	laptop	6144	dedicated	336	7.5
NVIDIA	T1000	t1000|t1000 8gb	1fb0 1ff0		Turing	professional	4096 8192	dedicated	160	7.5
NVIDIA	T600	t600	1fb1		Turing	professional	4096	dedicated	160	7.5
NVIDIA	T400	t400|t400 4gb|t400e	1fb2 1ff2		Turing	professional	2048 4096	dedicated	80	7.5
NVIDIA	Quadro T2000	quadro t2000|quadro t2000 with max-q design	1fb8		Turing	laptop	4096	dedicated	128	7.5
NVIDIA	Quadro T1000 Mobile	quadro t1000 mobile|quadro t1000|quadro t1000 with max-q design	1fb0 1fb9 1ff9		Turing	laptop	4096	dedicated	128	7.5
NVIDIA	T1200 Laptop GPU	t1200 laptop gpu	1fbc		Turing	laptop	4096	dedicated		7.5
NVIDIA	T600 Laptop GPU	t600 laptop gpu	1fb6 1fba		Turing	laptop	4096	dedicated	192	7.5
NVIDIA	T550 Laptop GPU	t550 laptop gpu	1fb7		Turing	laptop	4096	dedicated	112	7.5
NVIDIA	T500	t500	1fbb		Turing	laptop	2048 4096	dedicated	80	7.5
NVIDIA	T4	t4|tesla t4	1eb8		Turing	datacenter	16384	dedicated	320	7.5
NVIDIA	T4G	t4g	1eb4		Turing	datacenter	16384	dedicated	320	7.5
NVIDIA	A100	a100|a100-sxm4-40gb|a100-sxm4-80gb|a100-pcie-40gb|a100 80gb pcie|a100-sxm-64gb|a100-pg509-200	20b0 20b1 20b2 20b3 20b5 20f1		Ampere	datacenter	40960 65536 81920	dedicated	2039	8.0
NVIDIA	A100X	a100x	20b8		Ampere	datacenter	81920	dedicated	2039	8.0
NVIDIA	A800	a800|a800-sxm4-80gb|a800-sxm4-40gb|a800 80gb pcie|a800 80gb pcie lc	20bd 20f3 20f5		Ampere	datacenter	40960 81920	dedicated	2039	8.0
NVIDIA	AX800	ax800	20fd		Ampere	datacenter	81920	dedicated		8.0
NVIDIA	A800 40GB Active	a800 40gb active	20f6		Ampere	professional	40960	dedicated	1555	8.0
NVIDIA	A30	a30	20b7		Ampere	datacenter	24576	dedicated	933	8.0
NVIDIA	A30X	a30x	20b9		Ampere	datacenter	24576	dedicated	1223	8.0
NVIDIA	A40	a40	2235		Ampere	datacenter	49152	dedicated	696	8.6
NVIDIA	A16	a16	25b6		Ampere	datacenter	16384	dedicated	200	8.6
NVIDIA	A10	a10	2236		Ampere	datacenter	24576	dedicated	600	8.6
NVIDIA	A10M	a10m	2238		Ampere	datacenter	20480	dedicated	500	8.6
NVIDIA	A10G	a10g	2237		Ampere	datacenter	24576	dedicated	600	8.6
NVIDIA	A2	a2	25b6		Ampere	datacenter	16384	dedicated	200	8.6
NVIDIA	RTX A6000	rtx a6000	2230		Ampere	professional	49152	dedicated	768	8.6
NVIDIA	RTX A5500	rtx a5500	2233		Ampere	professional	24576	dedicated	768	8.6
NVIDIA	RTX A5000	rtx a5000	2231		Ampere	professional	24576	dedicated	768	8.6
NVIDIA	RTX A4500	rtx a4500	2232		Ampere	professional	20480	dedicated	640	8.6
NVIDIA	RTX A4000	rtx a4000|rtx a4000h	24b0 24b1		Ampere	professional	16384	dedicated	448	8.6
NVIDIA	RTX A2000	rtx a2000|rtx a2000 12gb	2531 2571		Ampere	professional	6144 12288	dedicated	288	8.6
NVIDIA	RTX A1000	rtx a1000	25b0		Ampere	professional	8192	dedicated	192	8.6
NVIDIA	RTX A400	rtx a400	25b2		Ampere	professional	4096	dedicated	96	8.6
NVIDIA	RTX A5500 Laptop GPU	rtx a5500 laptop gpu	2438		Ampere	laptop	16384	dedicated	512	8.6
NVIDIA	RTX A5000 Laptop GPU	rtx a5000 laptop gpu	24b6		Ampere	laptop	16384	dedicated	448	8.6
NVIDIA	RTX A4500 Laptop GPU	rtx a4500 laptop gpu	24ba		Ampere	laptop	16384	dedicated	512	8.6
NVIDIA	RTX A4000 Laptop GPU	rtx a4000 laptop gpu	24b7		Ampere	laptop	8192	dedicated	384	8.6
NVIDIA	RTX A3000 Laptop GPU	rtx a3000 laptop gpu	24b8 24bb		Ampere	laptop	6144	dedicated	264	8.6
NVIDIA	RTX A3000 12GB Laptop GPU	rtx a3000 12gb laptop gpu	24b9 24bb		Ampere	laptop	12288	dedicated	336	8.6
NVIDIA	RTX A2000 Laptop GPU	rtx a2000 laptop gpu	25b8		Ampere	laptop	4096	dedicated	192	8.6
NVIDIA	RTX A2000 8GB Laptop GPU	rtx a2000 8gb laptop gpu	25ba		Ampere	laptop	8192	dedicated	224	8.6
NVIDIA	RTX A1000 Laptop GPU	rtx a1000 laptop gpu	25b9		Ampere	laptop	4096	dedicated	224	8.6
NVIDIA	RTX A1000 6GB Laptop GPU	rtx a1000 6gb laptop gpu	25bc		Ampere	laptop	6144	dedicated	168	8.6
NVIDIA	RTX A500 Laptop GPU	rtx a500 laptop gpu	25bb 25bd		Ampere	laptop	4096	dedicated	112	8.6
NVIDIA	RTX A4500 Embedded GPU	rtx a4500 embedded gpu	24fa		Ampere	embedded	16384	dedicated	512	8.6
NVIDIA	RTX A2000 Embedded GPU	rtx a2000 embedded gpu	25fa		Ampere	embedded	8192	dedicated	224	8.6
NVIDIA	RTX A1000 Embedded GPU	rtx a1000 embedded gpu	25f9		Ampere	embedded	4096	dedicated	224	8.6
NVIDIA	RTX A500 Embedded GPU	rtx a500 embedded gpu	25fb		Ampere	embedded	4096	dedicated	112	8.6
NVIDIA	GeForce RTX 3090 Ti	geforce rtx 3090 ti	2203		Ampere	consumer	24576	dedicated	1008	8.6
NVIDIA	GeForce RTX 3090	geforce rtx 3090	2204		Ampere	consumer	24576	dedicated	936	8.6
NVIDIA	GeForce RTX 3080 Ti	geforce rtx 3080 ti	2208		Ampere	consumer	12288	dedicated	912	8.6
NVIDIA	GeForce RTX 3080	geforce rtx 3080	2206 220a 2216		Ampere	consumer	10240 12288	dedicated	760	8.6
NVIDIA	GeForce RTX 3070 Ti	geforce rtx 3070 ti	2207 2482 248c		Ampere	consumer	8192	dedicated	608	8.6
NVIDIA	GeForce RTX 3070	geforce rtx 3070	2484 2488 248d 24c8		Ampere	consumer	8192	dedicated	448	8.6
NVIDIA	GeForce RTX 3060 Ti	geforce rtx 3060 ti	2414 2486 2489 248e 24c9		Ampere	consumer	8192	dedicated	448	8.6
NVIDIA	GeForce RTX 3060	geforce rtx 3060	2487 24c7 2501 2503 2504 2509 2544		Ampere	consumer	8192 12288	dedicated	360	8.6
NVIDIA	GeForce RTX 3050	geforce rtx 3050|geforce rtx 3050 oem	2507 2508 2582 2583 2584		Ampere	consumer	4096 6144 8192	dedicated	224	8.6
NVIDIA	GeForce RTX 3080 Ti Laptop GPU	geforce rtx 3080 ti laptop gpu	2420 2460		Ampere	laptop	16384	dedicated	512	8.6
NVIDIA	GeForce RTX 3080 Laptop GPU	geforce rtx 3080 laptop gpu	249c 24dc		Ampere	laptop	8192 16384	dedicated	448	8.6
NVIDIA	GeForce RTX 3070 Ti Laptop GPU	geforce rtx 3070 ti laptop gpu	24a0 24e0		Ampere	laptop	8192	dedicated	448	8.6
NVIDIA	GeForce RTX 3070 Laptop GPU	geforce rtx 3070 laptop gpu	249d 24dd		Ampere	laptop	8192	dedicated	448	8.6
NVIDIA	GeForce RTX 3060 Laptop GPU	geforce rtx 3060 laptop gpu	2520 2521 2560 2561		Ampere	laptop	6144	dedicated	336	8.6
NVIDIA	GeForce RTX 3050 Ti Laptop GPU	geforce rtx 3050 ti laptop gpu|geforce rtx 3050ti laptop gpu	2523 2563 25a0 25e0		Ampere	laptop	4096	dedicated	192	8.6
NVIDIA	GeForce RTX 3050 Laptop GPU	geforce rtx 3050 laptop gpu|geforce rtx 3050 4gb laptop gpu	25a2 25a5 25ab 25e2 25e5		Ampere	laptop	4096	dedicated	192	8.6
NVIDIA	GeForce RTX 3050 6GB Laptop GPU	geforce rtx 3050 6gb laptop gpu	25ac 25ec		Ampere	laptop	6144	dedicated	168	8.6
NVIDIA	GeForce RTX 2050	geforce rtx 2050	25a7 25a9 25ad 25ed		Ampere	laptop	4096	dedicated	112	8.6
NVIDIA	GeForce MX570	geforce mx570	25a6 25a7		Ampere	laptop	2048 4096	dedicated	96	8.6
NVIDIA	GeForce MX570 A	geforce mx570 a	25aa		Ampere	laptop	2048 4096	dedicated	96	8.6
NVIDIA	Jetson AGX Orin	jetson agx orin|orin (nvgpu)			Ampere	embedded	32768 65536	unified	204.8	8.7
NVIDIA	Jetson Orin NX	jetson orin nx|orin (nvgpu)			Ampere	embedded	8192 16384	unified	102.4	8.7
NVIDIA	Jetson Orin Nano	jetson orin nano|orin (nvgpu)			Ampere	embedded	4096 8192	unified	68	8.7
NVIDIA	L40S	l40s	26b9		Ada Lovelace	datacenter	49152	dedicated	864	8.9
NVIDIA	L40	l40	26b5		Ada Lovelace	datacenter	49152	dedicated	864	8.9
NVIDIA	L40G	l40g	26b8		Ada Lovelace	datacenter	24576	dedicated	864	8.9
NVIDIA	L20	l20	26b7 26ba		Ada Lovelace	datacenter	49152	dedicated	864	8.9
NVIDIA	L4	l4	27b8		Ada Lovelace	datacenter	24576	dedicated	300	8.9
NVIDIA	L2	l2	27b6		Ada Lovelace	datacenter	24576	dedicated	300	8.9
NVIDIA	RTX 6000 Ada Generation	rtx 6000 ada generation	26b1		Ada Lovelace	professional	49152	dedicated	960	8.9
NVIDIA	RTX 5880 Ada Generation	rtx 5880 ada generation	26b3		Ada Lovelace	professional	49152	dedicated	960	8.9
NVIDIA	RTX 5000 Ada Generation	rtx 5000 ada generation	26b2		Ada Lovelace	professional	32768	dedicated	576	8.9
NVIDIA	RTX 4500 Ada Generation	rtx 4500 ada generation	27b1		Ada Lovelace	professional	24576	dedicated	432	8.9
NVIDIA	RTX 4000 Ada Generation	rtx 4000 ada generation	27b2		Ada Lovelace	professional	20480	dedicated	360	8.9
NVIDIA	RTX 4000 SFF Ada Generation	rtx 4000 sff ada generation	27b0		Ada Lovelace	professional	20480	dedicated	280	8.9
NVIDIA	RTX 2000 Ada Generation	rtx 2000 ada generation	28b0		Ada Lovelace	professional	16384	dedicated	224	8.9
NVIDIA	RTX 2000E Ada Generation	rtx 2000e ada generation	28b0		Ada Lovelace	professional	16384	dedicated	256	8.9
NVIDIA	RTX 5000 Ada Generation Laptop GPU	rtx 5000 ada generation laptop gpu	2730		Ada Lovelace	laptop	16384	dedicated	576	8.9
NVIDIA	RTX 4000 Ada Generation Laptop GPU	rtx 4000 ada generation laptop gpu	27ba		Ada Lovelace	laptop	12288	dedicated	432	8.9
NVIDIA	RTX 3500 Ada Generation Laptop GPU	rtx 3500 ada generation laptop gpu	27bb		Ada Lovelace	laptop	12288	dedicated	432	8.9
NVIDIA	RTX 3000 Ada Generation Laptop GPU	rtx 3000 ada generation laptop gpu	2838		Ada Lovelace	laptop	8192	dedicated	256	8.9
NVIDIA	RTX 2000 Ada Generation Laptop GPU	rtx 2000 ada generation laptop gpu	28b8		Ada Lovelace	laptop	8192	dedicated	256	8.9
NVIDIA	RTX 1000 Ada Generation Laptop GPU	rtx 1000 ada generation laptop gpu	28b9		Ada Lovelace	laptop	6144	dedicated	192	8.9
NVIDIA	RTX 500 Ada Generation Laptop GPU	rtx 500 ada generation laptop gpu	28ba 28bb		Ada Lovelace	laptop	4096	dedicated	128	8.9
NVIDIA	RTX 5000 Ada Generation Embedded GPU	rtx 5000 ada generation embedded gpu	2770		Ada Lovelace	embedded	16384	dedicated	576	8.9
NVIDIA	RTX 4000 Ada Generation Embedded GPU	rtx 4000 ada generation embedded gpu	27fa		Ada Lovelace	embedded	12288	dedicated	432	8.9
NVIDIA	RTX 3500 Ada Generation Embedded GPU	rtx 3500 ada generation embedded gpu	27fb		Ada Lovelace	embedded	12288	dedicated	432	8.9
NVIDIA	RTX 3000 Ada Generation Embedded GPU	rtx 3000 ada generation embedded gpu	2878		Ada Lovelace	embedded	8192	dedicated	256	8.9
NVIDIA	RTX 2000 Ada Generation Embedded GPU	rtx 2000 ada generation embedded gpu	28f8		Ada Lovelace	embedded	8192	dedicated	256	8.9
NVIDIA	GeForce RTX 4090	geforce rtx 4090	2684		Ada Lovelace	consumer	24576	dedicated	1008	8.9
NVIDIA	GeForce RTX 4090 D	geforce rtx 4090 d	2685		Ada Lovelace	consumer	24576	dedicated	1008	8.9
NVIDIA	GeForce RTX 4080 SUPER	geforce rtx 4080 super	2702 2703		Ada Lovelace	consumer	16384	dedicated	736	8.9
NVIDIA	GeForce RTX 4080	geforce rtx 4080	2704		Ada Lovelace	consumer	16384	dedicated	717	8.9
NVIDIA	GeForce RTX 4070 Ti SUPER	geforce rtx 4070 ti super	2689 2705		Ada Lovelace	consumer	16384	dedicated	672	8.9
NVIDIA	GeForce RTX 4070 Ti	geforce rtx 4070 ti	2782		Ada Lovelace	consumer	12288	dedicated	504	8.9
NVIDIA	GeForce RTX 4070 SUPER	geforce rtx 4070 super	2783		Ada Lovelace	consumer	12288	dedicated	504	8.9
NVIDIA	GeForce RTX 4070	geforce rtx 4070	2709 2786		Ada Lovelace	consumer	12288	dedicated	504	8.9
NVIDIA	GeForce RTX 4060 Ti	geforce rtx 4060 ti	2788 2803 2805		Ada Lovelace	consumer	8192 16384	dedicated	288	8.9
NVIDIA	GeForce RTX 4060	geforce rtx 4060	2808 2882		Ada Lovelace	consumer	8192	dedicated	272	8.9
NVIDIA	GeForce RTX 4090 Laptop GPU	geforce rtx 4090 laptop gpu	2717 2757		Ada Lovelace	laptop	16384	dedicated	576	8.9
NVIDIA	GeForce RTX 4080 Laptop GPU	geforce rtx 4080 laptop gpu	27a0 27e0		Ada Lovelace	laptop	12288	dedicated	432	8.9
NVIDIA	GeForce RTX 4070 Laptop GPU	geforce rtx 4070 laptop gpu	2820 2860		Ada Lovelace	laptop	8192	dedicated	256	8.9
NVIDIA	GeForce RTX 4060 Laptop GPU	geforce rtx 4060 laptop gpu	28a0 28e0		Ada Lovelace	laptop	8192	dedicated	256	8.9
NVIDIA	GeForce RTX 4050 Laptop GPU	geforce rtx 4050 laptop gpu	28a1 28e1		Ada Lovelace	laptop	6144	dedicated	192	8.9
NVIDIA	GeForce RTX 3050 A Laptop GPU	geforce rtx 3050 a laptop gpu	2822 28a3 28e3		Ada Lovelace	laptop	4096	dedicated		8.9
NVIDIA	H100	h100|h100 80gb hbm3|h100 pcie|h100 sxm5 64gb|h100 sxm5 94gb|h100 sxm5 96gb|h100 64gb hbm3	2330 2331 2336 2337 2338 2339 233d		Hopper	datacenter	65536 81920 96256 98304	dedicated	3352	9.0
NVIDIA	H100 NVL	h100 nvl	2321		Hopper	datacenter	96256	dedicated	3938	9.0
NVIDIA	H800	h800|h800 pcie|h800 80gb hbm3|h800 nvl	2322 2324 233a		Hopper	datacenter	81920 96256	dedicated	3352	9.0
NVIDIA	H200	h200	2335		Hopper	datacenter	144384	dedicated	4800	9.0
NVIDIA	H200 NVL	h200 nvl	233b		Hopper	datacenter	144384	dedicated	4800	9.0
NVIDIA	H20	h20|h20-3e|h20 nvl16	230c 230e 2329 232c		Hopper	datacenter	98304 144384	dedicated	4000	9.0
NVIDIA	GH200	gh200|gh200 480gb|gh200 120gb|gh200 144g hbm3e	2342 2348		Hopper	datacenter	98304 147456	dedicated	4000	9.0
NVIDIA	B200	b200	2901 2909		Blackwell	datacenter	172032 184320	dedicated	8000	10.0
NVIDIA	B100	b100	29bc		Blackwell	datacenter	196608	dedicated		10.0
NVIDIA	GB200	gb200	2941		Blackwell	datacenter	190464	dedicated	8000	10.0
NVIDIA	B300	b300|b300 sxm6 ac	3182		Blackwell Ultra	datacenter	275456	dedicated	8000	10.3
NVIDIA	GB300	gb300	31c2 31c3		Blackwell Ultra	datacenter	284672	dedicated	8000	10.3
NVIDIA	Jetson AGX Thor	jetson agx thor|thor|jetson t5000	2b00		Blackwell	embedded	131072	unified	273	11.0
NVIDIA	Jetson T4000	jetson t4000|thor	2b00		Blackwell	embedded	65536	unified	273	11.0
NVIDIA	RTX PRO 6000 Blackwell Workstation Edition	rtx pro 6000 blackwell workstation edition	2bb1		Blackwell	professional	98304	dedicated	1792	12.0
NVIDIA	RTX PRO 6000 Blackwell Max-Q Workstation Edition	rtx pro 6000 blackwell max-q workstation edition	2bb4		Blackwell	professional	98304	dedicated	1792	12.0
NVIDIA	RTX PRO 6000 Blackwell Server Edition	rtx pro 6000 blackwell server edition	2bb5		Blackwell	datacenter	98304	dedicated	1597	12.0
NVIDIA	RTX 6000D	rtx 6000d	2bb9		Blackwell	datacenter	86016	dedicated		12.0
NVIDIA	RTX PRO 5000 Blackwell	rtx pro 5000 blackwell|rtx pro 5000 72gb blackwell	2bb3		Blackwell	professional	49152 73728	dedicated	1344	12.0
NVIDIA	RTX PRO 4500 Blackwell	rtx pro 4500 blackwell	2c31		Blackwell	professional	32768	dedicated	896	12.0
NVIDIA	RTX PRO 4500 Blackwell Server Edition	rtx pro 4500 blackwell server edition	2c3a		Blackwell	datacenter	32768	dedicated	800	12.0
NVIDIA	RTX PRO 4000 Blackwell	rtx pro 4000 blackwell	2c34		Blackwell	professional	24576	dedicated	672	12.0
NVIDIA	RTX PRO 4000 Blackwell SFF Edition	rtx pro 4000 blackwell sff edition	2c33		Blackwell	professional	24576	dedicated	432	12.0
NVIDIA	RTX PRO 2000 Blackwell	rtx pro 2000 blackwell	2d30		Blackwell	professional	16384	dedicated	288	12.0
NVIDIA	RTX PRO 5000 Blackwell Generation Laptop GPU	rtx pro 5000 blackwell generation laptop gpu	2c38		Blackwell	laptop	24576	dedicated	896	12.0
NVIDIA	RTX PRO 4000 Blackwell Generation Laptop GPU	rtx pro 4000 blackwell generation laptop gpu	2c39		Blackwell	laptop	16384	dedicated	896	12.0
NVIDIA	RTX PRO 3000 Blackwell Generation Laptop GPU	rtx pro 3000 blackwell generation laptop gpu	2f38		Blackwell	laptop	12288	dedicated	672	12.0
NVIDIA	RTX PRO 2000 Blackwell Generation Laptop GPU	rtx pro 2000 blackwell generation laptop gpu	2d39		Blackwell	laptop	8192	dedicated	384	12.0
NVIDIA	RTX PRO 1000 Blackwell Generation Laptop GPU	rtx pro 1000 blackwell generation laptop gpu	2db8		Blackwell	laptop	8192	dedicated	384	12.0
NVIDIA	RTX PRO 500 Blackwell Generation Laptop GPU	rtx pro 500 blackwell generation laptop gpu	2db9		Blackwell	laptop	6144	dedicated	288	12.0
NVIDIA	RTX PRO 5000 Blackwell Embedded GPU	rtx pro 5000 blackwell embedded gpu	2c77		Blackwell	embedded	24576	dedicated	896	12.0
NVIDIA	RTX PRO 4000 Blackwell Embedded GPU	rtx pro 4000 blackwell embedded gpu	2c79		Blackwell	embedded	16384	dedicated	896	12.0
NVIDIA	RTX PRO 2000 Blackwell Embedded GPU	rtx pro 2000 blackwell embedded gpu	2d79		Blackwell	embedded	8192	dedicated	384	12.0
NVIDIA	RTX PRO 500 Blackwell Embedded GPU	rtx pro 500 blackwell embedded gpu	2df9		Blackwell	embedded	6144	dedicated	288	12.0
NVIDIA	GeForce RTX 5090	geforce rtx 5090	2b85		Blackwell	consumer	32768	dedicated	1792	12.0
NVIDIA	GeForce RTX 5090 D	geforce rtx 5090 d	2b87		Blackwell	consumer	32768	dedicated	1792	12.0
NVIDIA	GeForce RTX 5090 D V2	geforce rtx 5090 d v2	2b8c		Blackwell	consumer	24576	dedicated	1344	12.0
NVIDIA	GeForce RTX 5080	geforce rtx 5080	2c02		Blackwell	consumer	16384	dedicated	960	12.0
NVIDIA	GeForce RTX 5070 Ti	geforce rtx 5070 ti	2c05		Blackwell	consumer	16384	dedicated	896	12.0
NVIDIA	GeForce RTX 5070	geforce rtx 5070	2f04		Blackwell	consumer	12288	dedicated	672	12.0
NVIDIA	GeForce RTX 5060 Ti	geforce rtx 5060 ti	2d04		Blackwell	consumer	8192 16384	dedicated	448	12.0
NVIDIA	GeForce RTX 5060	geforce rtx 5060	2d05 2f06		Blackwell	consumer	8192	dedicated	448	12.0
NVIDIA	GeForce RTX 5050	geforce rtx 5050	2d83		Blackwell	consumer	8192	dedicated	320	12.0
NVIDIA	GeForce RTX 5090 Laptop GPU	geforce rtx 5090 laptop gpu	2c18 2c58		Blackwell	laptop	24576	dedicated	896	12.0
NVIDIA	GeForce RTX 5080 Laptop GPU	geforce rtx 5080 laptop gpu	2c19 2c59		Blackwell	laptop	16384	dedicated	896	12.0
NVIDIA	GeForce RTX 5070 Ti Laptop GPU	geforce rtx 5070 ti laptop gpu	2f18 2f58		Blackwell	laptop	12288	dedicated	672	12.0
NVIDIA	GeForce RTX 5070 Laptop GPU	geforce rtx 5070 laptop gpu	2d18 2d58		Blackwell	laptop	8192	dedicated	384	12.0
NVIDIA	GeForce RTX 5060 Laptop GPU	geforce rtx 5060 laptop gpu	2d19 2d59		Blackwell	laptop	8192	dedicated	384	12.0
NVIDIA	GeForce RTX 5050 Laptop GPU	geforce rtx 5050 laptop gpu	2d98 2dd8		Blackwell	laptop	8192	dedicated	384	12.0
NVIDIA	GB10	gb10	2e12		Blackwell	integrated	131072	unified	273	12.1
AMD	Radeon RX 590	radeon rx 590|radeon rx 590 series	67df	67df:e1	GCN 4	consumer	8192	dedicated	256	gfx803
AMD	Radeon RX 590 GME	radeon rx 590 gme	6fdf	6fdf:e7	GCN 4	consumer	8192	dedicated	256	gfx803
AMD	Radeon RX 580	radeon rx 580|radeon rx 580 series	67df	67df:c1 67df:c3 67df:e7	GCN 4	consumer	4096 8192	dedicated	256	gfx803
AMD	Radeon RX 580 2048SP	radeon rx 580 2048sp	6fdf	6fdf:ef	GCN 4	consumer	4096 8192	dedicated	224	gfx803
AMD	Radeon RX 570	radeon rx 570|radeon rx 570 series	67df	67df:c2 67df:c6 67df:ef	GCN 4	consumer	4096 8192	dedicated	224	gfx803
AMD	Radeon RX 480	radeon rx 480|radeon rx 480 graphics	67df	67df:c4 67df:c7	GCN 4	consumer	4096 8192	dedicated	256	gfx803
AMD	Radeon RX 470	radeon rx 470|radeon rx 470 graphics|radeon rx 470 series	67df	67df:c5 67df:cf 67df:d7 67df:e0 67df:ff	GCN 4	consumer	4096 8192	dedicated	211	gfx803
AMD	Radeon RX 560	radeon rx 560|radeon rx 560 series	67ef 67ff	67ef:e0 67ef:e5 67ef:e7 67ff:c1 67ff:cf 67ff:ef	GCN 4	consumer	2048 4096	dedicated	112	gfx803
AMD	Radeon RX 560X	radeon rx 560x	67ef	67ef:e2	GCN 4	laptop	2048 4096	dedicated	112	gfx803
AMD	Radeon RX 550	radeon rx 550|radeon rx 550 / 550 series|radeon rx 550 series	67ff 699f	67ff:ff 699f:c7	GCN 4	consumer	2048 4096	dedicated	112	gfx803
AMD	Radeon RX 460	radeon rx 460|radeon rx 460 graphics	67ef	67ef:c1 67ef:c5 67ef:cf 67ef:ff	GCN 4	consumer	2048 4096	dedicated	112	gfx803
AMD	Radeon 550X	radeon 550x|radeon 550x series	6987	6987:c0	GCN 4	laptop	2048 4096	dedicated	96	gfx803
AMD	Radeon 540X	radeon 540x|radeon 540x series	6987	6987:c3	GCN 4	laptop	2048 4096	dedicated	96	gfx803
AMD	Radeon 540	radeon 540|radeon 540 series	6987 699f	6987:c7 699f:c1 699f:c9	GCN 4	laptop	2048 4096	dedicated		gfx803
AMD	Radeon RX 640	radeon rx 640	6987	6987:c1	GCN 4	laptop	2048 4096	dedicated		gfx803
AMD	Radeon RX Vega M GH	radeon rx vega m gh|radeon rx vega m gh graphics	694c	694c:c0	GCN 4	laptop	4096	dedicated	205	gfx803
AMD	Radeon RX Vega M GL	radeon rx vega m gl|radeon rx vega m gl graphics	694e	694e:c0	GCN 4	laptop	4096	dedicated	179	gfx803
AMD	Radeon Pro 580X	radeon pro 580x	67df	67df:c0 67df:eb	GCN 4	professional	8192	dedicated	218	gfx803
AMD	Radeon Pro 465	radeon pro 465	67ff	67ff:c0	GCN 4	professional	4096	dedicated	81	gfx803
AMD	Radeon Pro WX 7100	radeon pro wx 7100|radeon pro wx 7100 graphics	67c0 67c4	67c0:00 67c4:00	GCN 4	professional	8192	dedicated	224	gfx803
AMD	Radeon Pro WX 5100	radeon pro wx 5100|radeon pro wx 5100 graphics	67c7	67c7:00	GCN 4	professional	8192	dedicated	160	gfx803
AMD	Radeon Pro WX 4100	radeon pro wx 4100	67e3	67e3:00	GCN 4	professional	4096	dedicated	96	gfx803
AMD	Radeon PRO WX 3200	radeon pro wx 3200|radeon pro wx 3200 series	6981	6981:00 6981:01 6981:10	GCN 4	professional	4096	dedicated	96	gfx803
AMD	Radeon Pro WX 3100	radeon pro wx 3100	6980 6985	6980:00 6985:00	GCN 4	professional	4096	dedicated	96	gfx803
AMD	Radeon Pro WX 2100	radeon pro wx 2100	6986 6995 6997	6986:00 6995:00 6997:00	GCN 4	professional	2048	dedicated	48	gfx803
AMD	Radeon Instinct MI6	radeon instinct mi6			GCN 4	datacenter	16384	dedicated	224	gfx803
AMD	Radeon RX Vega 64	radeon rx vega 64|radeon rx vega|vega 64	687f	687f:c0 687f:c1	GCN 5 (Vega)	consumer	8192	dedicated	484	gfx900
AMD	Radeon RX Vega 56	radeon rx vega 56|radeon rx vega|vega 56	687f	687f:c3	GCN 5 (Vega)	consumer	8192	dedicated	410	gfx900
AMD	Radeon Vega Frontier Edition	radeon vega frontier edition	6863	6863:00	GCN 5 (Vega)	professional	16384	dedicated	484	gfx900
AMD	Radeon Pro WX 9100	radeon pro wx 9100	6861	6861:00	GCN 5 (Vega)	professional	16384	dedicated	484	gfx900
AMD	Radeon Pro WX 8200	radeon pro wx 8200	6868	6868:00	GCN 5 (Vega)	professional	8192	dedicated	512	gfx900
AMD	Radeon Pro SSG	radeon pro ssg	6862	6862:00	GCN 5 (Vega)	professional	16384	dedicated	484	gfx900
AMD	Radeon Pro V340	radeon pro v340|radeon pro v340 mxgpu	6860 6864	6860:03 6864:03 6864:05	GCN 5 (Vega)	datacenter	16384	dedicated	484	gfx900
AMD	Radeon Instinct MI25	radeon instinct mi25	6860	6860:00 6860:01 6860:02	GCN 5 (Vega)	datacenter	16384	dedicated	484	gfx900
AMD	Radeon Pro Vega 64X	radeon pro vega 64x	686b		GCN 5 (Vega)	professional	16384	dedicated		gfx900
AMD	Radeon Pro Vega 56	radeon pro vega 56	6867		GCN 5 (Vega)	professional	8192	dedicated	410	gfx900
AMD	Radeon Pro Vega 48	radeon pro vega 48	6869		GCN 5 (Vega)	professional	8192	dedicated	402	gfx900
AMD	Radeon VII	radeon vii	66af	66af:c1	GCN 5.1 (Vega 20)	consumer	16384	dedicated	1024	gfx906
AMD	Radeon Pro VII	radeon pro vii	66a1	66a1:06	GCN 5.1 (Vega 20)	professional	16384	dedicated	1024	gfx906
AMD	Radeon Pro Vega II	radeon pro vega ii	66a3		GCN 5.1 (Vega 20)	professional	32768	dedicated	1024	gfx906
AMD	Instinct MI60	instinct mi60|instinct mi60 / mi50|radeon instinct mi60	66a0 66a1	66a1:02	GCN 5.1 (Vega 20)	datacenter	32768	dedicated	1024	gfx906
AMD	Instinct MI50	instinct mi50|instinct mi60 / mi50|radeon instinct mi50	66a0 66a1	66a1:02	GCN 5.1 (Vega 20)	datacenter	16384 32768	dedicated	1024	gfx906
AMD	Instinct MI100	instinct mi100	738c 738e	738c:01	CDNA 1	datacenter	32768	dedicated	1229	gfx908
AMD	Instinct MI210	instinct mi210	740f	740f:02	CDNA 2	datacenter	65536	dedicated	1638	gfx90a
AMD	Instinct MI250	instinct mi250|instinct mi250x / mi250|instinct mi250x/mi250	740c	740c:01	CDNA 2	datacenter	65536	dedicated	1638	gfx90a
AMD	Instinct MI250X	instinct mi250x|instinct mi250x / mi250|instinct mi250x/mi250	7408 740c	7408:00 740c:01	CDNA 2	datacenter	65536	dedicated	1638	gfx90a
AMD	Instinct MI300X	instinct mi300x|instinct mi300x vf|instinct mi300x hf	74a1 74a9 74b5 74bd	74a1:00 74a9:00 74b5:00 74bd:00	CDNA 3	datacenter	196608	dedicated	5300	gfx942
AMD	Instinct MI300A	instinct mi300a	74a0	74a0:00	CDNA 3	datacenter	131072	unified	5300	gfx942
AMD	Instinct MI308X	instinct mi308x|instinct mi308x hf	74a2 74a8 74b6	74a2:00 74a8:00 74b6:00	CDNA 3	datacenter	196608	dedicated	5300	gfx942
AMD	Instinct MI325X	instinct mi325x|instinct mi325x vf	74a5 74b9	74a5:00	CDNA 3	datacenter	262144	dedicated	6000	gfx942
AMD	Instinct MI350X	instinct mi350x|instinct mi350x vf	75a0 75b0	75a0:00 75b0:00	CDNA 4	datacenter	294912	dedicated	8000	gfx950
AMD	Instinct MI350P	instinct mi350p	75a8		CDNA 4	datacenter	147456	dedicated	4000	gfx950
AMD	Instinct MI355X	instinct mi355x|instinct mi355x vf	75a3 75b3	75a3:00 75b3:00	CDNA 4	datacenter	294912	dedicated	8000	gfx950
AMD	Radeon RX 5700 XT 50th Anniversary	radeon rx 5700 xt 50th anniversary	731f	731f:c0	RDNA 1	consumer	8192	dedicated	448	gfx1010
AMD	Radeon RX 5700 XT	radeon rx 5700 xt	731f	731f:c1 731f:c5	RDNA 1	consumer	8192	dedicated	448	gfx1010
AMD	Radeon RX 5700	radeon rx 5700	731f	731f:c4	RDNA 1	consumer	8192	dedicated	448	gfx1010
AMD	Radeon RX 5600 XT	radeon rx 5600 xt	731f	731f:ca	RDNA 1	consumer	6144	dedicated	288	gfx1010
AMD	Radeon RX 5600 OEM	radeon rx 5600 oem|radeon rx 5600	731f	731f:cb	RDNA 1	consumer	6144	dedicated	288	gfx1010
AMD	Radeon RX 5700M	radeon rx 5700m	731f	731f:c3	RDNA 1	laptop	8192	dedicated	384	gfx1010
AMD	Radeon RX 5600M	radeon rx 5600m	731f	731f:c2	RDNA 1	laptop	6144	dedicated	288	gfx1010
AMD	Radeon Pro W5700	radeon pro w5700	7312	7312:00	RDNA 1	professional	8192	dedicated	448	gfx1010
AMD	Radeon Pro W5700X	radeon pro w5700x	7310		RDNA 1	professional	16384	dedicated	448	gfx1010
AMD	Radeon Pro 5700 XT	radeon pro 5700 xt	7319		RDNA 1	professional	16384	dedicated	384	gfx1010
AMD	Radeon Pro 5700	radeon pro 5700	731b		RDNA 1	professional	8192	dedicated	384	gfx1010
AMD	Radeon Pro V520	radeon pro v520	7360 7362	7360:c3 7362:c3	RDNA 1	datacenter	8192	dedicated	512	gfx1011
AMD	Radeon Pro 5600M	radeon pro 5600m	7360	7360:41	RDNA 1	laptop	8192	dedicated	394	gfx1011
AMD	Radeon RX 5500 XT	radeon rx 5500 xt	7340	7340:c5	RDNA 1	consumer	4096 8192	dedicated	224	gfx1012
AMD	Radeon RX 5500	radeon rx 5500	7340	7340:c7	RDNA 1	consumer	4096	dedicated	224	gfx1012
AMD	Radeon RX 5300	radeon rx 5300	7340	7340:cf	RDNA 1	consumer	3072	dedicated	168	gfx1012
AMD	Radeon RX 5500M	radeon rx 5500m	7340	7340:c1	RDNA 1	laptop	4096	dedicated	224	gfx1012
AMD	Radeon RX 5300M	radeon rx 5300m	7340	7340:c3	RDNA 1	laptop	3072	dedicated	168	gfx1012
AMD	Radeon Pro W5500	radeon pro w5500	7341	7341:00	RDNA 1	professional	8192	dedicated	224	gfx1012
AMD	Radeon Pro W5500M	radeon pro w5500m	7347	7347:00	RDNA 1	laptop	4096	dedicated	224	gfx1012
AMD	Radeon Pro W5300M	radeon pro w5300m	734f		RDNA 1	laptop	4096	dedicated	192	gfx1012
AMD	Radeon RX 6950 XT	radeon rx 6950 xt	73a5	73a5:c0	RDNA 2	consumer	16384	dedicated	576	gfx1030
AMD	Radeon RX 6900 XT	radeon rx 6900 xt	73af 73bf	73af:c0 73bf:c0	RDNA 2	consumer	16384	dedicated	512	gfx1030
AMD	Radeon RX 6800 XT	radeon rx 6800 xt	73bf	73bf:c1	RDNA 2	consumer	16384	dedicated	512	gfx1030
AMD	Radeon RX 6800	radeon rx 6800	73bf	73bf:c3	RDNA 2	consumer	16384	dedicated	512	gfx1030
AMD	Radeon PRO W6800	radeon pro w6800	73a3	73a3:00	RDNA 2	professional	32768	dedicated	512	gfx1030
AMD	Radeon PRO W6800X	radeon pro w6800x|radeon pro w6800x duo	73ab		RDNA 2	professional	32768	dedicated	512	gfx1030
AMD	Radeon PRO W6900X	radeon pro w6900x	73a2		RDNA 2	professional	32768	dedicated	512	gfx1030
AMD	Radeon PRO V620	radeon pro v620|radeon pro v620 mxgpu	73a1 73ae	73a1:00 73ae:00	RDNA 2	datacenter	32768	dedicated	512	gfx1030
AMD	Radeon RX 6750 XT	radeon rx 6750 xt	73df	73df:c0	RDNA 2	consumer	12288	dedicated	432	gfx1031
AMD	Radeon RX 6750 GRE 12GB	radeon rx 6750 gre 12gb	73df	73df:d5 73df:e5	RDNA 2	consumer	12288	dedicated		gfx1031
AMD	Radeon RX 6700 XT	radeon rx 6700 xt	73df	73df:c1 73df:c5	RDNA 2	consumer	12288	dedicated	384	gfx1031
AMD	Radeon RX 6700	radeon rx 6700	73df	73df:df 73df:ff	RDNA 2	consumer	10240	dedicated	320	gfx1031
AMD	Radeon RX 6850M XT	radeon rx 6850m xt	73df		RDNA 2	laptop	12288	dedicated	432	gfx1031
AMD	Radeon RX 6800M	radeon rx 6800m	73df	73df:c2 73df:c3	RDNA 2	laptop	12288	dedicated	384	gfx1031
AMD	Radeon RX 6700M	radeon rx 6700m	73df	73df:cf	RDNA 2	laptop	10240	dedicated	320	gfx1031
AMD	Radeon RX 6650 XT	radeon rx 6650 xt	73ef	73ef:c1	RDNA 2	consumer	8192	dedicated	280	gfx1032
AMD	Radeon RX 6600 XT	radeon rx 6600 xt	73ff	73ff:c1	RDNA 2	consumer	8192	dedicated	256	gfx1032
AMD	Radeon RX 6600	radeon rx 6600	73ff	73ff:c7	RDNA 2	consumer	8192	dedicated	224	gfx1032
AMD	Radeon RX 6600 LE	radeon rx 6600 le	73ff	73ff:cf	RDNA 2	consumer	8192	dedicated	224	gfx1032
AMD	Radeon RX 6650M XT	radeon rx 6650m xt	73ef	73ef:c4	RDNA 2	laptop	8192	dedicated	288	gfx1032
AMD	Radeon RX 6650M	radeon rx 6650m	73ef	73ef:c3	RDNA 2	laptop	8192	dedicated	256	gfx1032
AMD	Radeon RX 6800S	radeon rx 6800s	73ef	73ef:c0	RDNA 2	laptop	8192	dedicated	256	gfx1032
AMD	Radeon RX 6700S	radeon rx 6700s	73ef	73ef:c2	RDNA 2	laptop	8192	dedicated	224	gfx1032
AMD	Radeon RX 6600M	radeon rx 6600m	73e0 73ff	73e0:00 73ff:c3	RDNA 2	laptop	8192	dedicated	224	gfx1032
AMD	Radeon RX 6600S	radeon rx 6600s	73ff	73ff:cb	RDNA 2	laptop	4096	dedicated	224	gfx1032
AMD	Radeon PRO W6600	radeon pro w6600	73e3	73e3:00	RDNA 2	professional	8192	dedicated	224	gfx1032
AMD	Radeon PRO W6600M	radeon pro w6600m	73e1	73e1:00	RDNA 2	laptop	8192	dedicated	224	gfx1032
AMD	Radeon RX 6500 XT	radeon rx 6500 xt	743f	743f:c1	RDNA 2	consumer	4096 8192	dedicated	144	gfx1034
AMD	Radeon RX 6400	radeon rx 6400	743f	743f:c7 743f:d7	RDNA 2	consumer	4096	dedicated	128	gfx1034
AMD	Radeon RX 6300	radeon rx 6300	7424	7424:00	RDNA 2	consumer	2048	dedicated	64	gfx1034
AMD	Radeon RX 6550M	radeon rx 6550m	743f	743f:d3	RDNA 2	laptop	4096	dedicated	144	gfx1034
AMD	Radeon RX 6550S	radeon rx 6550s|radeon 6550s	743f	743f:cc	RDNA 2	laptop	4096	dedicated	144	gfx1034
AMD	Radeon RX 6500M	radeon rx 6500m	743f	743f:c3 743f:c8	RDNA 2	laptop	4096	dedicated	144	gfx1034
AMD	Radeon RX 6450M	radeon rx 6450m	743f	743f:ce	RDNA 2	laptop	4096	dedicated	128	gfx1034
AMD	Radeon RX 6300M	radeon rx 6300m	743f	743f:cf	RDNA 2	laptop	2048	dedicated	64	gfx1034
AMD	Radeon PRO W6400	radeon pro w6400	7422	7422:00	RDNA 2	professional	4096	dedicated	128	gfx1034
AMD	Radeon PRO W6500M	radeon pro w6500m	7421	7421:00	RDNA 2	laptop	4096	dedicated	144	gfx1034
AMD	Radeon PRO W6300	radeon pro w6300	7423	7423:01	RDNA 2	professional	2048	dedicated	64	gfx1034
AMD	Radeon PRO W6300M	radeon pro w6300m	7423	7423:00	RDNA 2	laptop	2048	dedicated	64	gfx1034
AMD	Radeon RX 7900 XTX	radeon rx 7900 xtx	744c	744c:c8	RDNA 3	consumer	24576	dedicated	960	gfx1100
AMD	Radeon RX 7900 XT	radeon rx 7900 xt	744c	744c:cc	RDNA 3	consumer	20480	dedicated	800	gfx1100
AMD	Radeon RX 7900 GRE	radeon rx 7900 gre	744c	744c:ce	RDNA 3	consumer	16384	dedicated	576	gfx1100
AMD	Radeon RX 7900M	radeon rx 7900m	744c	744c:cf	RDNA 3	laptop	16384	dedicated	576	gfx1100
AMD	Radeon PRO W7900	radeon pro w7900	7448	7448:00	RDNA 3	professional	49152	dedicated	864	gfx1100
AMD	Radeon PRO W7900 Dual Slot	radeon pro w7900 dual slot	744a	744a:00	RDNA 3	professional	49152	dedicated	864	gfx1100
AMD	Radeon PRO W7900D	radeon pro w7900d	744b	744b:00	RDNA 3	professional	49152	dedicated	864	gfx1100
AMD	Radeon PRO W7800	radeon pro w7800	745e	745e:cc	RDNA 3	professional	32768	dedicated	576	gfx1100
AMD	Radeon PRO W7800 48GB	radeon pro w7800 48gb	7449	7449:00	RDNA 3	professional	49152	dedicated	864	gfx1100
AMD	Radeon RX 7800 XT	radeon rx 7800 xt	747e	747e:c8	RDNA 3	consumer	16384	dedicated	624	gfx1101
AMD	Radeon RX 7700 XT	radeon rx 7700 xt	747e	747e:ff	RDNA 3	consumer	12288	dedicated	432	gfx1101
AMD	Radeon RX 7700	radeon rx 7700	747e	747e:db	RDNA 3	consumer	16384	dedicated	624	gfx1101
AMD	Radeon RX 7800M	radeon rx 7800m	747e	747e:d8	RDNA 3	laptop	12288	dedicated	432	gfx1101
AMD	Radeon PRO W7700	radeon pro w7700	7470	7470:00	RDNA 3	professional	16384	dedicated	576	gfx1101
AMD	Radeon PRO V710	radeon pro v710|radeon pro v710 mxgpu	7460 7461	7460:00 7461:00	RDNA 3	datacenter	28672	dedicated	448	gfx1101
AMD	Radeon RX 7600 XT	radeon rx 7600 xt	7480	7480:c0	RDNA 3	consumer	16384	dedicated	288	gfx1102
AMD	Radeon RX 7650 GRE	radeon rx 7650 gre	7480	7480:c2	RDNA 3	consumer	8192	dedicated	288	gfx1102
AMD	Radeon RX 7600	radeon rx 7600	7480	7480:cf	RDNA 3	consumer	8192	dedicated	288	gfx1102
AMD	Radeon RX 7400	radeon rx 7400	7499	7499:c0	RDNA 3	consumer	8192	dedicated	173	gfx1102
AMD	Radeon RX 7300	radeon rx 7300	7499	7499:c1	RDNA 3	consumer	8192	dedicated		gfx1102
AMD	Radeon RX 7700S	radeon rx 7700s	7480	7480:c1	RDNA 3	laptop	8192	dedicated	288	gfx1102
AMD	Radeon RX 7600S	radeon rx 7600s	7480	7480:c3	RDNA 3	laptop	8192	dedicated	256	gfx1102
AMD	Radeon RX 7600M XT	radeon rx 7600m xt	73f0 7480	7480:c7	RDNA 3	laptop	8192	dedicated	288	gfx1102
AMD	Radeon RX 7600M	radeon rx 7600m	7483	7483:cf	RDNA 3	laptop	8192	dedicated	256	gfx1102
AMD	Radeon PRO W7600	radeon pro w7600	7480	7480:00	RDNA 3	professional	8192	dedicated	288	gfx1102
AMD	Radeon PRO W7500	radeon pro w7500	7489	7489:00	RDNA 3	professional	8192	dedicated	172	gfx1102
AMD	Radeon PRO W7400	radeon pro w7400	7499	7499:00	RDNA 3	professional	8192	dedicated	173	gfx1102
AMD	Radeon RX 9070 XT	radeon rx 9070 xt	7550	7550:c0	RDNA 4	consumer	16384	dedicated	640	gfx1201
AMD	Radeon RX 9070	radeon rx 9070	7550	7550:c3	RDNA 4	consumer	16384	dedicated	640	gfx1201
AMD	Radeon RX 9070 GRE	radeon rx 9070 gre	7550	7550:c2	RDNA 4	consumer	12288	dedicated	432	gfx1201
AMD	Radeon AI PRO R9700	radeon ai pro r9700	7551	7551:c0	RDNA 4	professional	32768	dedicated	640	gfx1201
AMD	Radeon AI PRO R9600D	radeon ai pro r9600d	7551	7551:c8	RDNA 4	professional	32768	dedicated	640	gfx1201
AMD	Radeon RX 9060 XT	radeon rx 9060 xt	7590	7590:c0	RDNA 4	consumer	8192 16384	dedicated	320	gfx1200
AMD	Radeon RX 9060 XT LP	radeon rx 9060 xt lp	7590	7590:c1	RDNA 4	consumer	16384	dedicated	320	gfx1200
AMD	Radeon RX 9060	radeon rx 9060	7590	7590:c7	RDNA 4	consumer	8192	dedicated	288	gfx1200
AMD	Radeon Vega 11 Graphics	radeon vega 11 graphics|radeon rx vega 11 graphics	15d8 15dd	15d8:c8 15d8:ca 15d8:d8 15d8:da 15dd:86 15dd:c1 15dd:c6 15dd:c9 15dd:d3 15dd:d6	GCN 5 (Vega)	integrated		shared		gfx902
AMD	Radeon Vega 10 Graphics	radeon vega 10 graphics|radeon rx vega 10 graphics	15d8 15dd	15d8:a1 15d8:b1 15d8:c1 15d8:d1 15dd:d0	GCN 5 (Vega)	integrated		shared		gfx902
AMD	Radeon Vega 8 Graphics	radeon vega 8 graphics	15d8 15dd	15d8:a2 15d8:b2 15d8:c2 15d8:c9 15d8:cb 15d8:d2 15d8:d9 15dd:88 15dd:c2 15dd:c4 15dd:c8 15dd:ca 15dd:d1 15dd:d5 15dd:d7	GCN 5 (Vega)	integrated		shared		gfx902
AMD	Radeon Vega 6 Graphics	radeon vega 6 graphics	15d8 15dd	15d8:a3 15d8:b3 15d8:c3 15d8:d3 15dd:84 15dd:cc 15dd:d9	GCN 5 (Vega)	integrated		shared		gfx902
AMD	Radeon Vega 3 Graphics	radeon vega 3 graphics	15d8 15dd	15d8:a4 15d8:b4 15d8:c4 15d8:c5 15d8:cc 15d8:ce 15d8:d4 15d8:dc 15d8:dd 15d8:de 15d8:df 15d8:e3 15dd:c5 15dd:cb 15dd:ce 15dd:cf 15dd:d8 15dd:e1 15dd:e2	GCN 5 (Vega)	integrated		shared		gfx902
AMD	Radeon Graphics (Ryzen 4000/5000)	radeon graphics (ryzen 4000/5000)|radeon graphics	15e7 1636 1638 164c		GCN 5 (Vega)	integrated		shared		gfx90c
AMD	Custom GPU 0405 (Van Gogh)	custom gpu 0405 (van gogh)|custom gpu 0405|vangogh	163f	163f:ae 163f:e1	RDNA 2	integrated		shared	88	gfx1033
AMD	Custom GPU 0932 (Sephiroth)	custom gpu 0932 (sephiroth)|custom gpu 0932	1435	1435:ae	RDNA 2	integrated		shared	102	gfx1033
AMD	Radeon 680M	radeon 680m|radeon 680m graphics	1681	1681:06 1681:0a 1681:c7 1681:c8	RDNA 2	integrated		shared		gfx1035
AMD	Radeon 660M	radeon 660m|radeon 660m graphics	1681	1681:07 1681:0b 1681:c9	RDNA 2	integrated		shared		gfx1035
AMD	Radeon 610M	radeon 610m	1506 164e	1506:c1 1506:c2 1506:c3 1506:c4 164e:d8 164e:d9 164e:da 164e:db 164e:dc	RDNA 2	integrated		shared		gfx1036
AMD	Radeon Graphics (Ryzen 7000/9000)	radeon graphics (ryzen 7000/9000)|radeon graphics	13c0 164e		RDNA 2	integrated		shared		gfx1036
AMD	Radeon 780M	radeon 780m|radeon 780m graphics	15bf 1900	15bf:00 15bf:02 15bf:06 15bf:c1 15bf:c2 15bf:c4 15bf:c6 15bf:c7 15bf:c9 15bf:cf 15bf:d0 15bf:d1 15bf:d2 15bf:d3 15bf:d4 15bf:d7 15bf:d9 15bf:da 15bf:dd 1900:01 1900:03 1900:05 1900:06 1900:b0 1900:b1 1900:b2 1900:b3 1900:b4 1900:b5 1900:b6 1900:b9 1900:ba 1900:bb 1900:c0 1900:c2 1900:c4 1900:c5 1900:c7 1900:c9 1900:cb 1900:cc 1900:ce 1900:d0 1900:d2 1900:d4 1900:d5 1900:d7 1900:d9 1900:db 1900:dc 1900:de 1900:f0 1900:f1 1900:f2	RDNA 3	integrated		shared		gfx1103
AMD	Radeon 760M	radeon 760m|radeon 760m graphics	15bf 1900	15bf:01 15bf:03 15bf:05 15bf:c3 15bf:c8 15bf:cb 15bf:cd 15bf:d5 15bf:d6 15bf:db 15bf:dc 15bf:df 15bf:f0 1900:02 1900:04 1900:07 1900:b7 1900:b8 1900:c1 1900:c3 1900:c6 1900:c8 1900:ca 1900:cd 1900:cf 1900:d1 1900:d3 1900:d6 1900:d8 1900:da 1900:dd 1900:df	RDNA 3	integrated		shared		gfx1103
AMD	Radeon 740M	radeon 740m|radeon 740m graphics	15bf 15c8 1901	15bf:07 15bf:08 15bf:c5 15bf:ca 15bf:cc 15bf:ce 15bf:d8 15bf:de 15c8:c1 15c8:c2 15c8:c3 15c8:c4 15c8:c5 15c8:c6 15c8:c7 15c8:c8 15c8:d1 15c8:d2 15c8:d3 15c8:d4 15c8:d5 15c8:d6 15c8:d7 15c8:d8 1901:c1 1901:c2 1901:c3 1901:c6 1901:c7 1901:c8 1901:c9 1901:ca 1901:d1 1901:d2 1901:d3 1901:d4 1901:d5 1901:d6 1901:d7 1901:d8	RDNA 3	integrated		shared		gfx1103
AMD	Radeon 890M	radeon 890m|radeon 890m graphics	150e	150e:c1 150e:c5 150e:c6 150e:c7 150e:d1 150e:d3 150e:e1 150e:e3 150e:e4 150e:f1 150e:f3	RDNA 3.5	integrated		shared	120	gfx1150
AMD	Radeon 880M	radeon 880m|radeon 880m graphics	150e	150e:c4 150e:d2	RDNA 3.5	integrated		shared	120	gfx1150
AMD	Radeon 8060S	radeon 8060s|radeon 8060s graphics	1586	1586:c1 1586:c3 1586:c6 1586:d1	RDNA 3.5	integrated		shared	256	gfx1151
AMD	Radeon 8050S	radeon 8050s|radeon 8050s graphics	1586	1586:c2 1586:c4 1586:d2 1586:d4	RDNA 3.5	integrated		shared	256	gfx1151
AMD	Radeon 8040S	radeon 8040s|radeon 8040s graphics	1586	1586:d5	RDNA 3.5	integrated		shared	256	gfx1151
AMD	Radeon 860M	radeon 860m|radeon 860m graphics	1114	1114:c2 1114:d2 1114:e2 1114:e4 1114:e9 1114:ed 1114:f2 1114:f9 1114:fc	RDNA 3.5	integrated		shared	120	gfx1152
AMD	Radeon 840M	radeon 840m|radeon 840m graphics	1114 1902	1114:c3 1114:d3 1114:e5 1114:ea 1114:ee 1114:f3 1114:fa 1114:fd 1902:c0 1902:c1 1902:c3 1902:c7 1902:c8 1902:ca 1902:d1 1902:d3 1902:d7 1902:d8	RDNA 3.5	integrated		shared		gfx1152
AMD	Radeon 820M	radeon 820m|radeon 820m graphics	1902	1902:c2 1902:c6 1902:c9	RDNA 3.5	integrated		shared		gfx1153
Intel	Arc A770	arc a770|arc a770 graphics	56a0		Xe-HPG (Alchemist)	consumer	8192 16384	dedicated	560	
Intel	Arc A750	arc a750|arc a750 graphics	56a1		Xe-HPG (Alchemist)	consumer	8192	dedicated	512	
Intel	Arc A580	arc a580|arc a580 graphics	56a2		Xe-HPG (Alchemist)	consumer	8192	dedicated	512	
Intel	Arc A380	arc a380|arc a380 graphics	56a5		Xe-HPG (Alchemist)	consumer	6144	dedicated	186	
Intel	Arc A310	arc a310|arc a310 graphics	56a6		Xe-HPG (Alchemist)	consumer	4096	dedicated	124	
Intel	Arc A770M	arc a770m|arc a770m graphics	5690		Xe-HPG (Alchemist)	laptop	16384	dedicated	512	
Intel	Arc A730M	arc a730m|arc a730m graphics	5691		Xe-HPG (Alchemist)	laptop	12288	dedicated	336	
Intel	Arc A570M	arc a570m|arc a570m graphics	5696		Xe-HPG (Alchemist)	laptop	8192	dedicated	224	
Intel	Arc A550M	arc a550m|arc a550m graphics	5692		Xe-HPG (Alchemist)	laptop	8192	dedicated	224	
Intel	Arc A530M	arc a530m|arc a530m graphics	5697		Xe-HPG (Alchemist)	laptop	4096 8192	dedicated	224	
Intel	Arc A370M	arc a370m|arc a370m graphics	5693		Xe-HPG (Alchemist)	laptop	4096	dedicated	112	
Intel	Arc A350M	arc a350m|arc a350m graphics	5694		Xe-HPG (Alchemist)	laptop	4096	dedicated	112	
Intel	Arc A750E	arc a750e|arc a750e graphics	56be		Xe-HPG (Alchemist)	embedded	8192	dedicated	512	
Intel	Arc A580E	arc a580e|arc a580e graphics	56bf		Xe-HPG (Alchemist)	embedded	8192	dedicated	512	
Intel	Arc A380E	arc a380e|arc a380e graphics	56ba		Xe-HPG (Alchemist)	embedded	6144	dedicated	186	
Intel	Arc A370E	arc a370e|arc a370e graphics	56bc		Xe-HPG (Alchemist)	embedded	4096	dedicated	112	
Intel	Arc A350E	arc a350e|arc a350e graphics	56bd		Xe-HPG (Alchemist)	embedded	4096	dedicated	112	
Intel	Arc A310E	arc a310e|arc a310e graphics	56bb		Xe-HPG (Alchemist)	embedded	4096	dedicated	124	
Intel	Arc Pro A60	arc pro a60|arc pro a60 graphics	56b3		Xe-HPG (Alchemist)	professional	12288	dedicated	384	
Intel	Arc Pro A60M	arc pro a60m|arc pro a60m graphics	56b2		Xe-HPG (Alchemist)	laptop	8192	dedicated	256	
Intel	Arc Pro A50	arc pro a50|arc pro a50 graphics|arc pro a40/a50 graphics	56b1		Xe-HPG (Alchemist)	professional	6144	dedicated	192	
Intel	Arc Pro A40	arc pro a40|arc pro a40 graphics|arc pro a40/a50 graphics	56b1		Xe-HPG (Alchemist)	professional	6144	dedicated	192	
Intel	Arc Pro A30M	arc pro a30m|arc pro a30m graphics	56b0		Xe-HPG (Alchemist)	laptop	4096	dedicated	112	
Intel	Data Center GPU Flex 170	data center gpu flex 170	56c0		Xe-HPG (Alchemist)	datacenter	16384	dedicated	576	
Intel	Data Center GPU Flex 170V	data center gpu flex 170v	56c2		Xe-HPG (Alchemist)	datacenter	16384	dedicated	576	
Intel	Data Center GPU Flex 140	data center gpu flex 140	56c1		Xe-HPG (Alchemist)	datacenter	6144	dedicated	186	
Intel	Data Center GPU Max 1550	data center gpu max 1550|data center gpu max 1550vg	0bd4 0bd5 0bd6		Xe-HPC (Ponte Vecchio)	datacenter	65536 131072	dedicated	3277	
Intel	Data Center GPU Max 1450	data center gpu max 1450	0b69		Xe-HPC (Ponte Vecchio)	datacenter	65536 131072	dedicated		
Intel	Data Center GPU Max 1350	data center gpu max 1350	0bd7 0bd8		Xe-HPC (Ponte Vecchio)	datacenter	49152 98304	dedicated	2458	
Intel	Data Center GPU Max 1100	data center gpu max 1100|data center gpu max 1100c	0b6e 0bd9 0bda 0bdb		Xe-HPC (Ponte Vecchio)	datacenter	49152	dedicated	1229	
Intel	Arc B580	arc b580|arc b580 graphics	e20b		Xe2 (Battlemage)	consumer	12288	dedicated	456	
Intel	Arc B570	arc b570|arc b570 graphics	e20c		Xe2 (Battlemage)	consumer	10240	dedicated	380	
Intel	Arc Pro B70	arc pro b70|arc pro b70 graphics	e223		Xe2 (Battlemage)	professional	32768	dedicated	608	
Intel	Arc Pro B65	arc pro b65|arc pro b65 graphics	e222		Xe2 (Battlemage)	professional	32768	dedicated	608	
Intel	Arc Pro B60	arc pro b60|arc pro b60 graphics	e211		Xe2 (Battlemage)	professional	24576	dedicated	456	
Intel	Arc Pro B50	arc pro b50|arc pro b50 graphics	e212		Xe2 (Battlemage)	professional	16384	dedicated	224	
Intel	Iris Xe MAX Graphics	iris xe max graphics	4905		Xe-LP (DG1)	laptop	4096	dedicated	68	
Intel	Iris Xe Graphics (DG1)	iris xe graphics (dg1)|iris xe graphics	4908		Xe-LP (DG1)	consumer	4096	dedicated	68	
Intel	HD Graphics 5300	hd graphics 5300	161e		Gen8 (Broadwell)	integrated		shared		
Intel	HD Graphics 5500	hd graphics 5500	1616		Gen8 (Broadwell)	integrated		shared		
Intel	HD Graphics 5600	hd graphics 5600	1612		Gen8 (Broadwell)	integrated		shared		
Intel	HD Graphics 6000	hd graphics 6000	1626		Gen8 (Broadwell)	integrated		shared		
Intel	Iris Graphics 6100	iris graphics 6100	162b		Gen8 (Broadwell)	integrated		shared		
Intel	Iris Pro Graphics 6200	iris pro graphics 6200	1622		Gen8 (Broadwell)	integrated		shared		
Intel	Iris Pro Graphics P6300	iris pro graphics p6300	162a		Gen8 (Broadwell)	integrated		shared		
Intel	HD Graphics 510	hd graphics 510	1902 1906 190b		Gen9 (Skylake)	integrated		shared		
Intel	HD Graphics 515	hd graphics 515	191e		Gen9 (Skylake)	integrated		shared		
Intel	HD Graphics 520	hd graphics 520	1916 1921		Gen9 (Skylake)	integrated		shared		
Intel	HD Graphics 530	hd graphics 530	1912 191b		Gen9 (Skylake)	integrated		shared		
Intel	HD Graphics P530	hd graphics p530	191d		Gen9 (Skylake)	integrated		shared		
Intel	HD Graphics 535	hd graphics 535	1923		Gen9 (Skylake)	integrated		shared		
Intel	Iris Graphics 540	iris graphics 540	1926		Gen9 (Skylake)	integrated		shared		
Intel	Iris Graphics 550	iris graphics 550	1927		Gen9 (Skylake)	integrated		shared		
Intel	Iris Pro Graphics 580	iris pro graphics 580	1932 193b		Gen9 (Skylake)	integrated		shared		
Intel	Iris Pro Graphics P580	iris pro graphics p580	193a 193d		Gen9 (Skylake)	integrated		shared		
Intel	HD Graphics 500	hd graphics 500	5a85		Gen9 (Apollo Lake)	integrated		shared		
Intel	HD Graphics 505	hd graphics 505	5a84		Gen9 (Apollo Lake)	integrated		shared		
Intel	HD Graphics 610	hd graphics 610	5902 5906 590b		Gen9.5	integrated		shared		
Intel	HD Graphics 615	hd graphics 615	591e		Gen9.5	integrated		shared		
Intel	HD Graphics 620	hd graphics 620	5916 5921		Gen9.5	integrated		shared		
Intel	HD Graphics 630	hd graphics 630	5912 591b		Gen9.5	integrated		shared		
Intel	HD Graphics P630	hd graphics p630	591d		Gen9.5	integrated		shared		
Intel	Iris Plus Graphics 640	iris plus graphics 640	5926		Gen9.5	integrated		shared		
Intel	Iris Plus Graphics 650	iris plus graphics 650	5927		Gen9.5	integrated		shared		
Intel	Iris Plus Graphics 645	iris plus graphics 645	3ea6		Gen9.5	integrated		shared		
Intel	Iris Plus Graphics 655	iris plus graphics 655	3ea5 3ea8		Gen9.5	integrated		shared		
Intel	UHD Graphics 600	uhd graphics 600	3185		Gen9.5	integrated		shared		
Intel	UHD Graphics 605	uhd graphics 605	3184		Gen9.5	integrated		shared		
Intel	UHD Graphics 610	uhd graphics 610	3e90 3e93 3e9c 3ea1 9ba4 9ba8		Gen9.5	integrated		shared		
Intel	UHD Graphics 615	uhd graphics 615	591c		Gen9.5	integrated		shared		
Intel	UHD Graphics 617	uhd graphics 617	87c0 87ca		Gen9.5	integrated		shared		
Intel	UHD Graphics 620	uhd graphics 620	3ea0 3ea9 5917 9b21		Gen9.5	integrated		shared		
Intel	UHD Graphics 630	uhd graphics 630	3e91 3e92 3e98 3e9b 9bc5 9bc8		Gen9.5	integrated		shared		
Intel	UHD Graphics P630	uhd graphics p630	3e94 3e96 3e9a 9bc6 9be6 9bf6		Gen9.5	integrated		shared		
Intel	UHD Graphics (Comet Lake)	uhd graphics (comet lake)|uhd graphics	9b41 9baa 9bac 9bc4 9bca 9bcc		Gen9.5	integrated		shared		
Intel	Iris Plus Graphics (Ice Lake)	iris plus graphics (ice lake)|iris plus graphics|iris plus graphics g7|iris plus graphics g4	8a51 8a52 8a53 8a5a 8a5c		Gen11	integrated		shared		
Intel	UHD Graphics (Ice Lake)	uhd graphics (ice lake)|uhd graphics	8a56 8a58		Gen11	integrated		shared		
Intel	UHD Graphics (Elkhart/Jasper Lake)	uhd graphics (elkhart/jasper lake)|uhd graphics	4555 4571 4e55 4e61 4e71		Gen11	integrated		shared		
Intel	Iris Xe Graphics	iris xe graphics	9a40 9a49 46a6 46a8 46aa 46b0 46b1 46b6 46b8 46ba 46c1 a7a0 a7a1		Xe-LP	integrated		shared		
Intel	UHD Graphics (Xe)	uhd graphics (xe)|uhd graphics	9a60 9a68 9a70 9a78 4c9a 4628 462a 4636 4638 463a 46a1 46a3 46b3 46c3 468a 468b 46d0 46d1 46d2 a720 a721 a781 a782 a783 a788 a789 a78a a78b a7a8 a7a9		Xe-LP	integrated		shared		
Intel	Graphics (Alder/Raptor Lake)	graphics (alder/raptor lake)|graphics	46d3 46d4 a7aa a7ab a7ac a7ad		Xe-LP	integrated		shared		
Intel	UHD Graphics 710	uhd graphics 710	4693		Xe-LP	integrated		shared		
Intel	UHD Graphics 730	uhd graphics 730	4682 4692 4c8b		Xe-LP	integrated		shared		
Intel	UHD Graphics 750	uhd graphics 750	4c8a		Xe-LP	integrated		shared		
Intel	UHD Graphics P750	uhd graphics p750	4c90		Xe-LP	integrated		shared		
Intel	UHD Graphics 770	uhd graphics 770	4680 4688 4690 a780		Xe-LP	integrated		shared		
Intel	Arc Graphics (Meteor Lake)	arc graphics (meteor lake)|arc graphics	7d55		Xe-LPG (Meteor Lake)	integrated		shared		
Intel	Graphics (Meteor Lake)	graphics (meteor lake)|graphics	7d40 7d45 7d60 7dd5		Xe-LPG (Meteor Lake)	integrated		shared		
Intel	Arc 140T	arc 140t|arc 140t graphics|arc 140t gpu|arc pro 140t gpu	7d51		Xe-LPG+ (Arrow Lake)	integrated		shared		
Intel	Arc 130T	arc 130t|arc 130t graphics|arc 130t gpu|arc pro 130t gpu	7d51		Xe-LPG+ (Arrow Lake)	integrated		shared		
Intel	Graphics (Arrow Lake)	graphics (arrow lake)|graphics	7d41 7d67 7dd1 b640		Xe-LPG+ (Arrow Lake)	integrated		shared		
Intel	Arc 140V	arc 140v|arc 140v graphics|arc 140v gpu|arc 140v gpu (16gb)|arc 140v gpu (8gb)	64a0		Xe2-LPG (Lunar Lake)	integrated		shared	137	
Intel	Arc 130V	arc 130v|arc 130v graphics|arc 130v gpu|arc 130v gpu (8gb)	64a0		Xe2-LPG (Lunar Lake)	integrated		shared	137	
Intel	Graphics (Lunar Lake)	graphics (lunar lake)|graphics	6420 64b0		Xe2-LPG (Lunar Lake)	integrated		shared		
Intel	Arc B390	arc b390|arc b390 graphics|arc b390 gpu	b080 b082		Xe3 (Panther Lake)	integrated		shared		
Intel	Arc B370	arc b370|arc b370 graphics|arc b370 gpu	b081 b083		Xe3 (Panther Lake)	integrated		shared		
Intel	Arc Pro B390	arc pro b390|arc pro b390 graphics|arc pro b390 gpu	b084 b086		Xe3 (Panther Lake)	integrated		shared		
Intel	Arc Pro B370	arc pro b370|arc pro b370 graphics|arc pro b370 gpu	b085 b087		Xe3 (Panther Lake)	integrated		shared		
Intel	Graphics (Panther Lake)	graphics (panther lake)|graphics	b08f b090 b0a0 b0b0		Xe3 (Panther Lake)	integrated		shared		
Intel	Graphics (Wildcat Lake)	graphics (wildcat lake)|graphics	fd80 fd81		Xe3 (Panther Lake)	integrated		shared		
Apple	M1	m1			Apple M1 family	integrated	8192 16384	unified	68	
Apple	M1 Pro	m1 pro			Apple M1 family	integrated	16384 32768	unified	200	
Apple	M1 Max	m1 max			Apple M1 family	integrated	32768 65536	unified	400	
Apple	M1 Ultra	m1 ultra			Apple M1 family	integrated	65536 131072	unified	800	
Apple	M2	m2			Apple M2 family	integrated	8192 16384 24576	unified	100	
Apple	M2 Pro	m2 pro			Apple M2 family	integrated	16384 32768	unified	200	
Apple	M2 Max	m2 max			Apple M2 family	integrated	32768 65536 98304	unified	400	
Apple	M2 Ultra	m2 ultra			Apple M2 family	integrated	65536 131072 196608	unified	800	
Apple	M3	m3			Apple M3 family	integrated	8192 16384 24576	unified	100	
Apple	M3 Pro	m3 pro			Apple M3 family	integrated	18432 36864	unified	150	
Apple	M3 Max	m3 max			Apple M3 family	integrated	36864 49152 65536 98304 131072	unified	400	
Apple	M3 Ultra	m3 ultra			Apple M3 family	integrated	98304 262144 524288	unified	819	
Apple	M4	m4			Apple M4 family	integrated	16384 24576 32768	unified	120	
Apple	M4 Pro	m4 pro			Apple M4 family	integrated	24576 49152 65536	unified	273	
Apple	M4 Max	m4 max			Apple M4 family	integrated	36864 49152 65536 131072	unified	546	
Apple	M5	m5			Apple M5 family	integrated	16384 24576 32768	unified	153	
Apple	M5 Pro	m5 pro			Apple M5 family	integrated	24576 49152 65536	unified	307	
Apple	M5 Max	m5 max			Apple M5 family	integrated	36864 49152 65536 131072	unified	614	
Qualcomm	Adreno X1-85	adreno x1-85|adreno x1-85 gpu			Adreno 7xx	integrated		shared	135	
Qualcomm	Adreno X1-45	adreno x1-45|adreno x1-45 gpu			Adreno 7xx	integrated		shared	135	
Qualcomm	Adreno X2-90	adreno x2-90|adreno x2-90 gpu			Adreno 8xx	integrated		shared	228	
Qualcomm	Adreno 690	adreno 690|adreno 690 gpu			Adreno 6xx	integrated		shared	68	
Qualcomm	Adreno 685	adreno 685|adreno 685 gpu			Adreno 6xx	integrated		shared	68	
Qualcomm	Adreno 680	adreno 680|adreno 680 gpu			Adreno 6xx	integrated		shared	68	`;

export const spellings: Readonly<Record<string, string>> = {
  '10de:15f7': 'Tesla P100-PCIE-12GB',
  '10de:15f8': 'Tesla P100-PCIE-16GB',
  '10de:15f9': 'Tesla P100-SXM2-16GB',
  '10de:1db1': 'Tesla V100-SXM2-16GB',
  '10de:1db2': 'Tesla V100-DGXS-16GB',
  '10de:1db3': 'Tesla V100-FHHL-16GB',
  '10de:1db4': 'Tesla V100-PCIE-16GB',
  '10de:1db5': 'Tesla V100-SXM2-32GB',
  '10de:1db6': 'Tesla V100-PCIE-32GB',
  '10de:1db7': 'Tesla V100-DGXS-32GB',
  '10de:1db8': 'Tesla V100-SXM3-32GB',
  '10de:1df6': 'Tesla V100S-PCIE-32GB',
  '10de:20b0': 'A100-SXM4-40GB',
  '10de:20b2': 'A100-SXM4-80GB',
  '10de:20b3': 'A100-SXM-64GB',
  '10de:20b5': 'A100 80GB PCIe',
  '10de:20f1': 'A100-PCIE-40GB',
  '10de:20f3': 'A800-SXM4-80GB',
  '10de:20f5': 'A800 80GB PCIe',
  '10de:2322': 'H800 PCIe',
  '10de:2330': 'H100 80GB HBM3',
  '10de:2331': 'H100 PCIe',
};
