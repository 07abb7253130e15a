/** The door to a recorded machine: no program, no file and no clock of this one is touched. */
import { problem } from '../../contract/problem.ts';
import type { Capture } from './capture.ts';
import { commandKey, type Door, tooSlow } from './door.ts';

/** What the capture lacks does not exist: the program is not found, the file is not there. */
export function replayDoor(capture: Capture): Door {
  const files = new Map(Object.entries(capture.files));
  const dirs = new Map(Object.entries(capture.dirs));
  const links = new Map(Object.entries(capture.links));
  const commands = new Map(Object.entries(capture.commands));
  const volumes = Object.entries(capture.volumes).map(([path, space]) => ({ path, ...space }));
  return {
    platform: capture.platform,
    arch: capture.arch,
    partial: true,
    async run(command, args, { timeoutMs }) {
      const answer = await Promise.resolve(commands.get(commandKey(command, args)));
      if (answer === undefined)
        throw problem('tool-missing', `The program ${command} was not found.`, `Install ${command}.`, {
          subject: command,
        });
      const { code, stdout, stderr } = answer;
      if (code !== null) return { code, stdout, stderr };
      throw tooSlow(command, timeoutMs);
    },
    readFile: (path) => Promise.resolve(files.get(path) ?? null),
    readDir: (path) => Promise.resolve(dirs.get(path) ?? null),
    readLink: (path) => Promise.resolve(links.get(path) ?? null),
    exists: (path) => Promise.resolve(files.has(path) || dirs.has(path) || links.has(path)),
    access: (path) =>
      Promise.resolve(capture.denied.includes(path) ? 'denied' : files.has(path) ? 'usable' : 'missing'),
    volumes: () => Promise.resolve(volumes),
  };
}
