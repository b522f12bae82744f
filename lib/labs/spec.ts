// From a lab and a seed to what a world is made from.
import { cniNames, type HostSpec, type SandboxSpec } from '../sandbox/spec';
import { declaredImage } from './images';
import type { Lab } from './lab';
import type { LabDefinition } from './schema';
import { drawVariables, substitute, substituteDeep, type Variables } from './variables';

/** `now` in milliseconds since the epoch: when the world begins. */
export function toSpec({ id, definition, source }: Lab, seed: number, now: number): SandboxSpec {
  const variables = drawVariables(definition.variables, seed);
  const { sdnMode, network, ...cluster } = definition.cluster;
  const hidden = Object.entries(definition.variables).flatMap(([name, how]) => (how.hidden ? [name] : []));
  return {
    lab: id,
    title: definition.title,
    seed,
    now,
    ...cluster,
    network: pluginOf(substitute(network, variables)),
    ...(sdnMode ? { sdnMode } : {}),
    variables,
    hidden,
    images: definition.images.map((image) => substituteDeep(declaredImage(image, source.files), variables)),
    hosts: definition.hosts.map((host) => substituteDeep(host, variables) as HostSpec),
    ...(definition.user ? { login: substituteDeep(loginOf(definition.user), variables) } : {}),
    scripts: scriptsOf(definition, source.files, variables),
    hints: Object.fromEntries(
      definition.checks
        .filter(({ hints }) => hints.length > 0)
        .map(({ id, hints }) => [id, substituteDeep(hints, variables)]),
    ),
    questions: Object.fromEntries(
      definition.questions.map(({ id, text, attempts }) => [id, { text: substitute(text, variables), attempts }]),
    ),
  };
}

function pluginOf(name: string): SandboxSpec['network'] {
  const found = cniNames.find((each) => each === name);
  if (!found) throw new Error(`there is no network plug-in ${name}; there are ${cniNames.join(', ')}`);
  return found;
}

const loginOf = ({ name, project }: NonNullable<LabDefinition['user']>) => ({
  user: name,
  ...(project ? { project } : {}),
});

function scriptsOf(
  definition: LabDefinition,
  files: Record<string, string>,
  variables: Variables,
): SandboxSpec['scripts'] {
  const text = (file: string | undefined) =>
    file === undefined ? undefined : substitute(files[file] ?? '', variables);
  const manifests = definition.manifests.map((file) => applying(text(file) as string));
  const prepare = [...manifests, text(definition.prepare)].filter((part) => part !== undefined);
  const scripts = {
    prepare: prepare.length > 0 ? ['set -e', TELL, ...prepare].join('\n') : undefined,
    start: text(definition.start),
    finish: text(definition.finish),
  };
  return Object.fromEntries(Object.entries(scripts).filter(([, script]) => script !== undefined));
}

/** A preparation that fails names the command. */
const TELL = `trap 'echo "this command ended with status $?: $BASH_COMMAND" >&2' ERR`;

const applying = (manifest: string): string => `oc apply -f - <<'PODLAB-MANIFEST'\n${manifest}\nPODLAB-MANIFEST`;
