/** The version in package.json, put in by the build. */
declare const __VERSION__: string;

/** True only in test builds: named fault points are then compiled in. In the product they are dropped as dead code. */
declare const __FAULT_POINTS__: boolean;
