/** Which runners at GitHub are ours. Only what carries our install in its name is ever touched. */

/** Was the runner of this name registered by this installation (6 hex digits)? See core/names.ts for how names are made. */
export function isOurs(name: string, install: string): boolean {
  return new RegExp(`-${install}-[a-z0-9-]{1,16}-[a-z0-9]{6}$`).test(name);
}

/** Does the name look as if another installation of Homerunner had made it? */
export function isOfSomeInstall(name: string): boolean {
  return /-[0-9a-f]{6}-[a-z0-9-]{1,16}-[a-z0-9]{6}$/.test(name);
}
