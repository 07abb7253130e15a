/** Exit codes of Runner.Listener, and the error that ends it with one of them. */
const codes = {
  success: 0,
  terminated: 1,
  retryable: 2,
  updating: 3,
  runOnceUpdating: 4,
  sessionConflict: 5,
  versionDeprecated: 7,
};

/** Ends the program with this code. `said` is null when the console has been told already. */
class Exit extends Error {
  constructor(code, said = null) {
    super(said ?? `exit ${code}`);
    this.code = code;
    this.said = said;
  }
}

module.exports = { codes, Exit };
