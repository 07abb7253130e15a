import { expect, it } from 'vitest';
import { ownerCommands } from './service-commands.ts';

it('is typed as each system wants it, whatever the folder is called', () => {
  expect(ownerCommands("/srv/ann's runner", true, 'linux')).toEqual({
    stop: "cd '/srv/ann'\\''s runner' && sudo ./svc.sh stop",
    uninstall: "cd '/srv/ann'\\''s runner' && sudo ./svc.sh uninstall",
    remove: "cd '/srv/ann'\\''s runner' && ./config.sh remove",
  });
  expect(ownerCommands('/srv/r', true, 'darwin').stop).toBe("cd '/srv/r' && ./svc.sh stop");
  expect(ownerCommands("C:\\ann's", true, 'win32')).toEqual({
    stop: "cd 'C:\\ann''s'; Stop-Service (Get-Content .service)",
    uninstall: null,
    remove: "cd 'C:\\ann''s'; .\\config.cmd remove",
  });
  expect(ownerCommands('/srv/r', false, 'linux')).toMatchObject({ stop: null, uninstall: null });
});
