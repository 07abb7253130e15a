/**
 * The few lines that a job runs under. They outlive the supervisor: they say which process the job is, and keep
 * its exit code, in one file: `PID BOOT START` and then `exit CODE`. A line counts once it ends in a newline. The code
 * goes into the same file as it needs no new block there: a job that filled the disk still gets its outcome.
 */

/** What one run of the wrapper is told; none of it is secret. */
export interface WrapperOptions {
  /** The file that the wrapper creates. */
  readonly state: string;
  readonly log: string;
  readonly cwd: string;
  readonly bootId: string;
  /** The job's file mode mask, in octal; files of the wrapper itself are private. */
  readonly umask: string;
  /** The awk that masks the output, with its flags; empty: nothing to mask. */
  readonly masker: readonly string[];
  /** Files that take a process id to put it into a control group. */
  readonly groups: readonly string[];
}

/** The environment variables that carry what the masking filter needs; the job does not get them. */
export const maskVariable = '_hr_mask';
export const endVariable = '_hr_end';

/**
 * Replaces every mask in each line. A line that holds the end mark is the last one: what a daemon of the job still
 * writes behind it must not keep the job from being over.
 */
const maskingFilter = `
BEGIN { end = ENVIRON["${endVariable}"]; n = split(ENVIRON["${maskVariable}"], masks, "\\n") }
{
  line = $0; at = index(line, end)
  if (at) { code = substr(line, at + length(end)) + 0; line = substr(line, 1, at - 1) }
  for (i = 1; i <= n; i++) {
    done = ""
    while ((p = index(line, masks[i])) > 0) {
      done = done substr(line, 1, p - 1) "***"
      line = substr(line, p + length(masks[i]))
    }
    line = done line
  }
  if (!at) { print line; fflush(); next }
  printf "%s", line; over = 1
  exit
}
END { exit over ? code : 137 }
`.trim();

/** How the wrapper reads its own start time, in the words of the process table. */
const startTimes = {
  linux: `read -r _hr_stat < /proc/$$/stat
_hr_field() { shift 19; _hr_began=$1; }
_hr_field \${_hr_stat##*) }`,
  other: '_hr_began=$(LC_ALL=C TZ=UTC0 ps -o lstart= -p $$)',
};

/**
 * The wrapper for POSIX systems: `sh wrapper STATE LOG CWD BOOT UMASK MASKERS [AWK…] GROUPS [FILE…] ARGV…`.
 * Shell built-ins only, so that a job costs one shell and itself.
 */
export function posixWrapper(platform: NodeJS.Platform): string {
  return `# Homerunner runs a job: at most once, whoever asks how often.
exec 2> /dev/null
umask 077
trap : HUP INT QUIT TERM USR1 USR2 ALRM PIPE
_hr_state=$1 _hr_log=$2 _hr_cwd=$3 _hr_boot=$4 _hr_umask=$5; shift 5
${platform === 'linux' ? startTimes.linux : startTimes.other}
# With -C a file that exists is not opened again: who creates it runs the job.
set -C
echo "$$ $_hr_boot $_hr_began" > "$_hr_state" || exit 0
set +C
exec < /dev/null >> "$_hr_log" 2>&1
_hr_awk= _hr_fail=
_hr_n=$1; shift
while [ "$_hr_n" -gt 0 ]; do _hr_awk="$_hr_awk $1" _hr_n=$((_hr_n - 1)); shift; done
_hr_n=$1; shift
while [ "$_hr_n" -gt 0 ]; do
  echo 0 2> /dev/null > "$1" || _hr_fail=$1
  _hr_n=$((_hr_n - 1)); shift
done
_hr_job() (
  trap '_hr_n=$?; echo "homerunner: $1 could not be executed (exit code $_hr_n)."; exit $_hr_n' EXIT
  unset ${maskVariable} ${endVariable}
  [ -z "$_hr_fail" ] || { echo "homerunner: the job could not be put under its limits ($_hr_fail)."; exit 126; }
  umask "$_hr_umask"
  cd "$_hr_cwd" || exit 126
  exec "$@"
)
if [ -z "$_hr_awk" ]; then
  _hr_job "$@"
else
  { trap : HUP INT QUIT TERM USR1 USR2 ALRM PIPE; _hr_job "$@"; echo "$${endVariable}$?"; } 2>&1 |
    (trap '' HUP INT QUIT TERM USR1 USR2 ALRM; LC_ALL=C; export LC_ALL; exec $_hr_awk '${maskingFilter}')
fi
echo "exit $?" >> "$_hr_state"
`;
}

/** The arguments behind the wrapper's own file. */
export function wrapperArguments(options: WrapperOptions, argv: readonly string[]): string[] {
  const { state, log, cwd, bootId, umask, masker, groups } = options;
  return [
    ...[state, log, cwd, bootId, umask],
    ...[String(masker.length), ...masker],
    ...[String(groups.length), ...groups],
    ...argv,
  ];
}
