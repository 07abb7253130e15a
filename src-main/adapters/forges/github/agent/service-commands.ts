/** What the owner of an agent types to stop it and to take it away. */
import type { ForeignAgent } from '../../../../contract/snapshot.ts';

/**
 * The command lines for an agent in `folder`, by facts of GitHub's own scripts: `svc.sh` needs root where systemd runs
 * the service, and none on macOS; on Windows the file `.service` names the service, which `config.cmd remove` takes away.
 */
export function ownerCommands(
  folder: string,
  service: boolean,
  platform: NodeJS.Platform,
): ForeignAgent['commands'] {
  if (platform === 'win32') {
    const there = `cd '${folder.replaceAll("'", "''")}'`;
    return {
      stop: service ? `${there}; Stop-Service (Get-Content .service)` : null,
      uninstall: null,
      remove: `${there}; .\\config.cmd remove`,
    };
  }
  const there = `cd '${folder.replaceAll("'", String.raw`'\''`)}'`;
  const script = platform === 'darwin' ? './svc.sh' : 'sudo ./svc.sh';
  return {
    stop: service ? `${there} && ${script} stop` : null,
    uninstall: service ? `${there} && ${script} uninstall` : null,
    remove: `${there} && ./config.sh remove`,
  };
}
