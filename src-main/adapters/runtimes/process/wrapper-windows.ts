/** The wrapper for Windows, in PowerShell 5: the same file of state as on POSIX, see wrapper.ts. */
import { endVariable, maskVariable, type WrapperOptions } from './wrapper.ts';

/**
 * Its own output is the log, which the job inherits; only output that must be masked passes through it. The job's
 * command line comes ready quoted, as PowerShell 5 would quote it wrongly.
 */
export const windowsWrapper = `param([string]$State, [string]$Boot, [string]$Cwd, [string]$Log, [string]$Program, [string]$Line)
$ErrorActionPreference = 'Stop'
$utf8 = New-Object Text.UTF8Encoding $false
try { $file = [IO.File]::Open($State, 'CreateNew', 'Write', 'ReadWrite, Delete') } catch { exit 0 }
$began = (Get-Process -Id $PID).StartTime.ToFileTimeUtc()
function Put([string]$text) { $bytes = $utf8.GetBytes("$text\`n"); $file.Write($bytes, 0, $bytes.Length); $file.Flush() }
Put "$PID $Boot $began"
$masks = $env:${maskVariable}
$env:${maskVariable} = $null
$env:${endVariable} = $null
$code = 126
try {
  $info = New-Object Diagnostics.ProcessStartInfo
  $info.FileName = $Program; $info.Arguments = $Line; $info.WorkingDirectory = $Cwd; $info.UseShellExecute = $false
  if ($masks) { $info.RedirectStandardOutput = $true; $info.RedirectStandardError = $true }
  $job = [Diagnostics.Process]::Start($info)
  if ($masks) {
    $out = New-Object IO.StreamWriter ([IO.File]::Open($Log, 'Append', 'Write', 'ReadWrite, Delete')), $utf8
    $out.AutoFlush = $true
    $readers = New-Object Collections.ArrayList; [void]$readers.Add($job.StandardOutput); [void]$readers.Add($job.StandardError)
    $tasks = New-Object Collections.ArrayList; foreach ($r in $readers) { [void]$tasks.Add($r.ReadLineAsync()) }
    while ($tasks.Count -gt 0) {
      $i = [Threading.Tasks.Task]::WaitAny([Threading.Tasks.Task[]]$tasks.ToArray(), 1000)
      if ($i -lt 0) { if ($job.HasExited) { break }; continue }
      $text = $tasks[$i].Result
      if ($null -eq $text) { $tasks.RemoveAt($i); $readers.RemoveAt($i); continue }
      foreach ($mask in $masks.Split("\`n")) { $text = $text.Replace($mask, '***') }
      $out.WriteLine($text)
      $tasks[$i] = $readers[$i].ReadLineAsync()
    }
  }
  $job.WaitForExit()
  $code = $job.ExitCode -band 0xFFFFFFFFL
} catch {
  if ($_.Exception.GetBaseException() -is [ComponentModel.Win32Exception] -and $_.Exception.GetBaseException().NativeErrorCode -in 2, 3) { $code = 127 }
  [Console]::Error.WriteLine("homerunner: $Program could not be executed (exit code $code): $($_.Exception.GetBaseException().Message)")
}
Put "exit $code"
$file.Close()
`;

/** The arguments of powershell.exe that run the wrapper in `file`. */
export function windowsArguments(file: string, options: WrapperOptions, argv: readonly string[]): string[] {
  const [program = '', ...rest] = argv;
  return [
    ...['-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File', file],
    ...[options.state, options.bootId, options.cwd, options.log, program],
    rest.map(quoted).join(' '),
  ];
}

/** As the C runtime takes a command line apart: backslashes count only before a quote. */
export function quoted(argument: string): string {
  if (argument !== '' && !/[\s"]/.test(argument)) return argument;
  const escaped = argument.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1');
  return `"${escaped}"`;
}
