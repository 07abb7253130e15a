/** What of our own environment a job may see: a short list, so that no secret of ours is ever in it. */

const taken = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR'];
const takenOnWindows = [
  ...['PATH', 'PATHEXT', 'COMSPEC', 'SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'TEMP', 'TMP', 'TZ', 'LANG'],
  ...['USERNAME', 'USERPROFILE', 'HOMEDRIVE', 'HOMEPATH', 'APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA'],
  ...['PROGRAMFILES', 'PROGRAMFILES(X86)', 'PROGRAMW6432', 'COMMONPROGRAMFILES', 'COMMONPROGRAMFILES(X86)'],
  ...['NUMBER_OF_PROCESSORS', 'PROCESSOR_ARCHITECTURE', 'PSMODULEPATH', 'ALLUSERSPROFILE', 'PUBLIC'],
];

/** The variables of our own environment that a job sees. */
export function allowed(env: Readonly<NodeJS.ProcessEnv>, platform: NodeJS.Platform): Record<string, string> {
  const windows = platform === 'win32';
  const list = new Set(windows ? takenOnWindows : taken);
  const passes = (name: string) => list.has(windows ? name.toUpperCase() : name) || name.startsWith('LC_');
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && passes(entry[0]),
    ),
  );
}
