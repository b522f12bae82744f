// oc kustomize, plugin list, completion, and diff.
import type { Cli, Command } from '../cli';
import { resourcePath } from '../client/discovery';
import { CliError, ExitStatus, isReason } from '../errors';
import type { Dyn } from '../object';
import { toYaml } from '../printers/yaml';
import { readManifests } from '../resources/files';
import { readKustomization } from '../resources/kustomize';
import { threeWayMerge } from '../resources/merge-patch';
import { fetchOne, infoOf } from '../resources/select';
import { threeWay } from '../resources/strategic';
import { isBuiltIn } from '../resources/template';
import { patchObject } from '../resources/write';
import { LAST_APPLIED, withLastApplied } from './apply';

export const kustomize: Command = {
  path: 'kustomize',
  async run(cli) {
    const manifests = await readKustomization(cli, cli.args[0] ?? '.');
    await cli.out(manifests.map(({ object }) => toYaml(object)).join('---\n'));
  },
};

export const pluginList: Command = {
  path: 'plugin list',
  async run(cli) {
    const { files, env } = cli.proc;
    const found = (env['PATH'] ?? '').split(':').flatMap((dir) =>
      files.find(dir)?.type === 'dir'
        ? files
            .list(dir)
            .filter((name) => name.startsWith(`${cli.program}-`) || name.startsWith('kubectl-'))
            .map((name) => (cli.flags.bool('name-only') ? name : `${dir}/${name}`))
        : [],
    );
    if (found.length === 0) throw new CliError(`unable to find any kubectl plugins in your PATH`);
    await cli.out(`The following compatible plugins are available:\n\n${found.map((path) => `${path}\n`).join('')}`);
  },
};

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'];

/** What asks the program itself what may follow; it ends its answer with a line `:DIRECTIVE`. */
const SCRIPTS: Record<string, (program: string) => string> = {
  // DIFFERS: this shell completes oc and kubectl by itself, so there is nothing for the script to define.
  bash: (program) => `# bash completion for ${program} is built into this workstation\ntrue\n`,
  zsh: (program) => `#compdef ${program}
compdef _${program} ${program}

_${program}() {
    local -a found
    found=("\${(@f)$(\${words[1]} __completeNoDesc "\${(@)words[2,$CURRENT]}" 2>/dev/null)}")
    found=("\${(@)found:#:*}")
    compadd -a found
}

if [ "$funcstack[1]" = "_${program}" ]; then
    _${program}
fi
`,
  fish: (program) => `# fish completion for ${program}

function __${program}_found
    set -l words (commandline -opc) (commandline -ct)
    ${program} __completeNoDesc $words[2..-1] 2>/dev/null | string match -v -- ':*'
end

complete -c ${program} -e
complete -c ${program} -n 'test (count (__${program}_found)) -gt 0' -f -a '(__${program}_found)'
`,
};

export const completion: Command = {
  path: 'completion',
  async run(cli) {
    const [shell, ...more] = cli.args;
    if (!shell) throw cli.usage('Shell not specified.');
    if (more.length > 0) throw cli.usage('Too many arguments. Expected only the shell type.');
    if (!SHELLS.includes(shell)) throw cli.usage(`Unsupported shell type ${JSON.stringify(shell)}.`);
    const script = SCRIPTS[shell];
    if (!script) throw new CliError(`not supported: completion for ${shell}`);
    await cli.out(script(cli.program));
  },
};

/** Compares the live object with what applying would make of it; the status says whether they differ. */
export const diff: Command = {
  path: 'diff',
  async run(cli) {
    const { flags } = cli;
    if (flags.list('filename').length === 0 && !flags.str('kustomize'))
      throw new CliError('must specify one of -f and -k', { code: 2 });
    try {
      await compare(cli);
    } catch (error) {
      // 1 says that there are differences
      if (error instanceof CliError) throw new CliError(error.message, { ...error.options, code: 2 });
      throw error;
    }
  },
};

async function compare(cli: Cli): Promise<void> {
  const { flags } = cli;
  const manifests = flags.str('kustomize')
    ? await readKustomization(cli, flags.str('kustomize'))
    : await readManifests(cli, flags.list('filename'), flags.bool('recursive'));
  const dirs = ['LIVE', 'MERGED'].map((name) => `/tmp/${name}-${cli.proc.machine.random.int(2 ** 31)}`) as [
    string,
    string,
  ];
  for (const dir of dirs) cli.proc.files.mkdir(dir);
  for (const manifest of manifests) {
    const info = await infoOf(cli, manifest);
    const modified = withLastApplied(info.object);
    let live: Dyn;
    let merged: Dyn;
    const all = { query: { dryRun: 'All' } };
    try {
      live = await fetchOne(cli, info);
      const original = JSON.parse(live.metadata.annotations?.[LAST_APPLIED] ?? '{}');
      const patch = isBuiltIn(info) ? threeWay(original, modified, live) : threeWayMerge(original, modified, live);
      merged =
        Object.keys(patch).length === 0
          ? live
          : await patchObject(cli, info, isBuiltIn(info) ? 'strategic-merge-patch' : 'merge-patch', patch, all);
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
      merged = await cli.client.json('POST', resourcePath(info.resource, info.namespace), { ...all, body: modified });
    }
    const { group, version } = info.resource;
    const file = [group || undefined, version, info.resource.kind, info.namespace, info.name]
      .filter((part) => part !== undefined)
      .join('.');
    for (const [dir, object] of [
      [dirs[0], live],
      [dirs[1], merged],
    ] as const)
      if (object) cli.proc.files.write(`${dir}/${file}`, toYaml(plain(object)));
  }
  const program = (cli.proc.env['KUBECTL_EXTERNAL_DIFF'] || 'diff -u -N').split(' ');
  const { code } = await cli.proc.run([...program, ...dirs]);
  for (const dir of dirs) {
    for (const name of cli.proc.files.list(dir)) cli.proc.files.unlink(`${dir}/${name}`);
    cli.proc.files.rmdir(dir);
  }
  if (code !== 0) throw new ExitStatus(code);
}

function plain(object: Dyn): Dyn {
  const { managedFields: _, annotations, ...metadata } = object.metadata;
  const { [LAST_APPLIED]: _applied, ...rest } = annotations ?? {};
  return { ...object, metadata: { ...metadata, ...(Object.keys(rest).length > 0 ? { annotations: rest } : {}) } };
}
