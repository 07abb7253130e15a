/** Results of jobs, as the worker tells them to its listener: 100 + index is its exit code. */
const results = ['Succeeded', 'SucceededWithIssues', 'Failed', 'Canceled', 'Skipped', 'Abandoned'];

const codeOf = (result) => 100 + results.indexOf(result);

/** @returns null when this is no code of a worker that ended in order */
const resultOf = (code) => results[code - 100] ?? null;

module.exports = { codeOf, resultOf };
