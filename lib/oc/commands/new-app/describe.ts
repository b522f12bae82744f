// What oc new-app says of the images and templates that it found (pkg/helpers/newapp/cmd/describe.go and template.go).
import type { Cli } from '../../cli';
import type { Dyn } from '../../object';
import { humanWords } from '../../printers/words';
import { exactReference } from '../images/reference';
import { substituteText } from '../process';
import { type Component, portsOf } from './objects';

const SHORT_ID = 7;

function located(cli: Cli, { image, stream, word, reference }: Component): string {
  const meta = image.dockerImageMetadata ?? {};
  const id = (meta.Id ?? image.metadata.name).replace(/^sha256:/, '').slice(0, SHORT_ID);
  const age = meta.Created ? ` (${humanWords(cli.now() - Date.parse(meta.Created))} old)` : '';
  if (!stream) {
    const registry = reference.registry && reference.registry !== 'docker.io' ? reference.registry : 'Docker Hub';
    return `Found container image ${id}${age} from ${registry} for ${JSON.stringify(word)}`;
  }
  const name = stream.namespace === cli.namespace ? stream.name : `${stream.namespace}/${stream.name}`;
  return `Found image ${id}${age} in image stream ${JSON.stringify(name)} under tag ${JSON.stringify(stream.tag)} for ${JSON.stringify(word)}`;
}

export function describeComponent(cli: Cli, component: Component): string {
  const { image, stream, name, reference } = component;
  const config = image.dockerImageMetadata?.Config ?? {};
  const labels = config.Labels ?? {};
  let text = `--> ${located(cli, component)}\n\n`;
  const title = labels['io.k8s.display-name'];
  if (title) text += `    ${title} \n    ${'-'.repeat(title.length)} \n`;
  if (labels['io.k8s.description']) text += `    ${labels['io.k8s.description']}\n\n`;
  if (labels['io.openshift.tags']) text += `    Tags: ${labels['io.openshift.tags'].split(',').join(', ')}\n\n`;
  if (!stream)
    text += `    * An image stream tag will be created as ${JSON.stringify(`${name}:${reference.tag || 'latest'}`)} that will track this image\n`;
  // what 4.18 says of deployments, too
  if (cli.flags.bool('as-deployment-config'))
    text += `    * This image will be deployed in deployment config ${JSON.stringify(name)}\n`;
  if (cli.flags.bool('as-deployment-config')) text += describePorts(component);
  return `${text}\n`;
}

function describePorts({ image, name, reference }: Component): string {
  const ports = portsOf(image).map(({ port, protocol }) => `${port}/${protocol.toLowerCase()}`);
  const config = image.dockerImageMetadata?.Config ?? {};
  let text = '';
  if (ports.length === 0)
    text += `    * The image does not expose any ports - if you want to load balance or send traffic to this component\n      you will need to create a service with 'oc expose dc/${name} --port=[port]' later\n`;
  else
    text += `    * ${ports.length === 1 ? 'Port' : 'Ports'} ${ports.join(', ')} will be load balanced by service ${JSON.stringify(name)}\n      * Other containers can access this service through the hostname ${JSON.stringify(name)}\n`;
  if (Object.keys(config.Volumes ?? {}).length > 0)
    text += `    * This image declares volumes and will default to use non-persistent, host-local storage.\n      You can add persistent volumes later by running 'oc set volume dc/${name} --add ...'\n`;
  if (!config.User || config.User === 'root' || config.User === '0')
    text += `    * WARNING: Image ${JSON.stringify(exactReference(reference, 'latest'))} runs as the 'root' user which may not be permitted by your cluster administrator\n`;
  return text;
}

/**
 * @param values the parameters with what they stand for
 * @param given those that the command line says
 */
export function describeTemplate(
  cli: Cli,
  template: Dyn,
  word: string,
  values: Map<string, string>,
  given: ReadonlySet<string>,
): string {
  const { name, namespace, annotations = {} } = template.metadata;
  const shown = !namespace ? name : `${namespace}/${name}`;
  const forWord = word && word !== name ? ` for ${JSON.stringify(word)}` : '';
  let text = `--> Deploying template ${JSON.stringify(shown)}${forWord} to project ${cli.namespace}\n\n`;
  const { description } = annotations;
  const message = template.message && substituteText(template.message, values);
  if (message || description) {
    text += `     ${annotations['openshift.io/display-name'] || name}\n     ---------\n`;
    for (const part of [description, message]) if (part) text += `${lines(part)}\n`;
  }
  const parameters: Dyn[] = template.parameters ?? [];
  if (parameters.length === 0) return text;
  text += '     * With parameters:\n';
  for (const p of parameters)
    text += `        * ${p.displayName || p.name}=${values.get(p.name) ?? ''}${p.generate && !given.has(p.name) ? ' # generated' : ''}\n`;
  return `${text}\n`;
}

const lines = (text: string): string =>
  text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `     ${line}\n`)
    .join('');
