// oc adm pod-network: joins, isolates and opens the networks of projects where OpenShift SDN keeps them apart.
import type { Cli, Command } from '../../cli';
import { CliError, isReason } from '../../errors';
import { stringFlag } from '../../flags/spec';
import type { Dyn } from '../../object';

const GROUP = '/apis/network.openshift.io/v1';
const MULTITENANT = 'redhat/openshift-ovs-multitenant';
const CHANGE = 'pod.network.openshift.io/multitenant.change-network';
const STEPS = 15; // tries of the real one, each a tenth longer than the last
const FIRST_WAIT_MS = 500;

const selector = stringFlag('selector', 'Label selector to filter projects.');

const join: Command = {
  path: 'adm pod-network join-projects',
  only: 'oc',
  help: {
    usage: 'oc adm pod-network join-projects --to=<p1> <p2> [options]',
    flags: [stringFlag('to', 'Join network of the given project name'), selector],
  },
  async run(cli) {
    const to = cli.flags.str('to');
    const problems = await validate(cli);
    if (!to) problems.push('must provide --to=<project_name>');
    throwAll(problems);
    const names = (await projects(cli)).filter((name) => name !== to);
    await named(cli, [to]);
    await each(names, async (name) => {
      await change(cli, name, `join:${to}`).catch((error: Error) => {
        throw new Error(
          `project ${JSON.stringify(name)} failed to join ${JSON.stringify(to)}, error: ${error.message}`,
        );
      });
    });
  },
};

const isolate: Command = {
  path: 'adm pod-network isolate-projects',
  only: 'oc',
  help: { usage: 'oc adm pod-network isolate-projects <p1> [options]', flags: [selector] },
  async run(cli) {
    throwAll(await validate(cli));
    await each(await projects(cli), async (name) => {
      if (name === 'default') throw new Error(`network isolation for project ${JSON.stringify(name)} is forbidden`);
      await change(cli, name, 'isolate:').catch((error: Error) => {
        throw new Error(`network isolation for project ${JSON.stringify(name)} failed, error: ${error.message}`);
      });
    });
  },
};

const makeGlobal: Command = {
  path: 'adm pod-network make-projects-global',
  only: 'oc',
  help: { usage: 'oc adm pod-network make-projects-global <p1> [options]', flags: [selector] },
  async run(cli) {
    throwAll(await validate(cli));
    await each(await projects(cli), async (name) => {
      await change(cli, name, 'global:').catch((error: Error) => {
        throw new Error(
          `removing network isolation for project ${JSON.stringify(name)} failed, error: ${error.message}`,
        );
      });
    });
  },
};

export const podNetworkCommands: Command[] = [join, isolate, makeGlobal];

async function validate(cli: Cli): Promise<string[]> {
  const problems: string[] = [];
  const withSelector = cli.flags.changed('selector');
  if (withSelector && cli.args.length > 0)
    problems.push('either specify --selector=<project_selector> or projects but not both');
  if (!withSelector && cli.args.length === 0) problems.push('must provide --selector=<project_selector> or projects');
  const plugin = await cli.client.json('GET', `${GROUP}/clusternetworks/default`).then(
    (found: Dyn) => found.pluginName as string,
    (error: unknown) => {
      if (isReason(error, 'NotFound')) return undefined;
      throw error;
    },
  );
  const only = 'managing pod network is only supported for openshift multitenant network plugin';
  if (plugin === undefined) problems.push(only);
  else if (plugin.toLowerCase() !== MULTITENANT) problems.push(`using plugin: ${JSON.stringify(plugin)}, ${only}`);
  return problems;
}

/** As Go's aggregate prints one error or several. */
function throwAll(problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new CliError(problems.length === 1 ? (problems[0] ?? '') : `[${problems.join(', ')}]`);
}

async function each(names: readonly string[], act: (name: string) => Promise<void>): Promise<void> {
  const problems: string[] = [];
  for (const name of names) await act(name).catch((error: Error) => void problems.push(error.message));
  throwAll(problems);
}

function projects(cli: Cli): Promise<string[]> {
  return cli.flags.changed('selector') ? selected(cli, cli.flags.str('selector')) : named(cli, cli.args);
}

async function selected(cli: Cli, labels: string): Promise<string[]> {
  const list = await cli.client.json(
    'GET',
    `/apis/project.openshift.io/v1/projects?labelSelector=${encodeURIComponent(labels)}`,
  );
  const names = list.items.map((one: Dyn) => one.metadata.name as string);
  if (names.length === 0) throw new CliError('no projects found');
  return names;
}

async function named(cli: Cli, names: readonly string[]): Promise<string[]> {
  for (const name of names) await cli.client.json('GET', `/apis/project.openshift.io/v1/projects/${name}`);
  return [...names];
}

/** Writes what is wanted on the project's NetNamespace, and waits until the SDN's controller has taken it off again. */
async function change(cli: Cli, name: string, action: string): Promise<void> {
  const path = `${GROUP}/netnamespaces/${name}`;
  const found = await cli.client.json('GET', path);
  const annotations = { ...found.metadata.annotations, [CHANGE]: action };
  await cli.client.json('PUT', path, { body: { ...found, metadata: { ...found.metadata, annotations } } });
  for (let step = 0, wait = FIRST_WAIT_MS; step < STEPS; step++, wait *= 1.1) {
    const now = await cli.client.json('GET', path);
    if (now.metadata.annotations?.[CHANGE] === undefined) return;
    await cli.proc.sleep(wait);
  }
  throw new Error('timed out waiting for the condition');
}
