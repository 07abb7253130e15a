/** A small real job that shows what a job is here. */
import type { Submission } from '../contract/job.ts';

const shell = `echo "This is a job. It runs on $(uname -n), as $(id -un), in $(pwd)."
echo "It was given $(nproc 2>/dev/null || sysctl -n hw.ncpu) threads. What it prints comes here as it is printed."
for i in 1 2 3 4 5; do printf '\\033[32m✓\\033[0m step %d of 5\\n' "$i"; sleep 1; done
echo "Done. Your own jobs run just like this: tests, builds, anything that ends with an exit code."`;

const powershell = `Write-Output "This is a job. It runs on $env:COMPUTERNAME, as $env:USERNAME, in $(Get-Location)."
1..5 | ForEach-Object { Write-Output "step $_ of 5"; Start-Sleep 1 }
Write-Output "Done. Your own jobs run just like this: tests, builds, anything that ends with an exit code."`;

/** The sample in an empty `folder`, for `pool` or any that takes it. */
export function sampleJob(platform: NodeJS.Platform, folder: string, pool: string | null): Submission {
  return {
    command:
      platform === 'win32' ? ['powershell', '-NoProfile', '-Command', powershell] : ['sh', '-c', shell],
    dir: folder,
    source: 'copy',
    pool,
    labels: [],
    arch: null,
    env: {},
    secrets: [],
    outputs: [],
    caches: [],
    timeoutSeconds: 120,
    retries: 0,
  };
}
