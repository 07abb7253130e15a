/** What a step sees, over what the agent itself inherited; and what the worker's trace says of the job. */
const path = require('node:path');
const { osLabel, archLabel } = require('./settings.cjs');

const commandFiles = { GITHUB_ENV: 'set_env', GITHUB_PATH: 'add_path', GITHUB_OUTPUT: 'set_output' };

/** The `github` context of a job. */
function githubOf(job, folders) {
  return {
    server_url: job.serverUrl,
    api_url: job.apiUrl,
    repository: job.repository,
    repository_owner: job.repository.split('/')[0],
    run_id: String(job.runId),
    run_number: '1',
    run_attempt: String(job.runAttempt ?? 1),
    workflow: job.workflow ?? 'CI',
    job: job.jobDisplayName.replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, 100),
    actor: 'double',
    event_name: 'push',
    event_path: path.join(folders.temp, '_github_workflow', 'event.json'),
    ref: 'refs/heads/main',
    ref_name: 'main',
    ref_type: 'branch',
    sha: '0'.repeat(40),
    workspace: folders.checkout,
  };
}

function environmentOf(job, agent, folders) {
  const github = Object.entries(githubOf(job, folders)).map(([key, value]) => [
    `GITHUB_${key.toUpperCase()}`,
    value,
  ]);
  const files = Object.entries(commandFiles).map(([key, file]) => [
    key,
    path.join(folders.temp, '_runner_file_commands', `${file}_${job.jobId}`),
  ]);
  return {
    ...process.env,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    ...Object.fromEntries([...github, ...files]),
    RUNNER_NAME: agent.agentName,
    RUNNER_OS: osLabel,
    RUNNER_ARCH: archLabel,
    RUNNER_TEMP: folders.temp,
    RUNNER_TOOL_CACHE: process.env.RUNNER_TOOL_CACHE ?? folders.tools,
    RUNNER_WORKSPACE: folders.workspace,
    RUNNER_ENVIRONMENT: 'self-hosted',
    RUNNER_TRACKING_ID: process.env.RUNNER_TRACKING_ID ?? `github_${job.jobId}`,
  };
}

/** The job message as the trace has it: secrets are stars. */
function jobMessage(job, folders) {
  const pairs = Object.entries(githubOf(job, folders)).map(([k, v]) => ({ k, v }));
  return {
    messageType: 'PipelineAgentJobRequest',
    plan: { scopeIdentifier: '00000000-0000-0000-0000-000000000000', planType: 'free' },
    jobId: job.jobId,
    jobDisplayName: job.jobDisplayName,
    requestId: job.requestId,
    variables: {
      'system.github.token': { value: '***', isSecret: true },
      'system.github.job': { value: githubOf(job, folders).job },
    },
    resources: {
      endpoints: [
        {
          name: 'SystemVssConnection',
          authorization: { parameters: { AccessToken: '***' } },
          url: job.serverUrl,
        },
      ],
    },
    contextData: { github: { t: 2, d: pairs } },
    steps: [{ type: 'action', reference: { type: 'script' }, name: '__run', displayNameToken: 'Run' }],
    mask: [{ type: 'regex', value: '***' }],
  };
}

module.exports = { environmentOf, jobMessage };
