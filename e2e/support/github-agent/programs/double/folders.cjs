/** The work folder of a job, as the real worker lays it out. */
const fs = require('node:fs');
const path = require('node:path');

/** Makes what a job needs below `_work`, and empties `_temp`. */
function makeFolders(workFolder, repository) {
  const name = repository.split('/')[1] ?? repository;
  const folders = {
    temp: path.join(workFolder, '_temp'),
    tools: path.join(workFolder, '_tool'),
    workspace: path.join(workFolder, name),
    checkout: path.join(workFolder, name, name),
    mapping: path.join(workFolder, '_PipelineMapping', repository),
  };
  emptyTemp(folders);
  for (const folder of Object.values(folders)) fs.mkdirSync(folder, { recursive: true });
  fs.mkdirSync(path.join(workFolder, '_actions'), { recursive: true });
  for (const folder of ['_github_workflow', '_runner_file_commands'])
    fs.mkdirSync(path.join(folders.temp, folder));
  const mapping = { repositoryName: repository, workspaceDirectory: name, pipelineDirectory: name };
  fs.writeFileSync(path.join(folders.mapping, 'PipelineFolder.json'), JSON.stringify(mapping, null, 2));
  fs.writeFileSync(path.join(folders.temp, '_github_workflow', 'event.json'), '{}');
  return folders;
}

/** At the start and at the end of every job. */
function emptyTemp({ temp }) {
  fs.rmSync(temp, { recursive: true, force: true });
  fs.mkdirSync(temp, { recursive: true });
}

module.exports = { makeFolders, emptyTemp };
