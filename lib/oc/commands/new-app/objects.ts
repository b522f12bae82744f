// The objects that oc new-app makes of an image: a stream that tracks it, a deployment, a service for its ports
// (openshift/oc pkg/helpers/newapp/app).
import type { Dyn } from '../../object';
import { exactReference, type Reference } from '../images/reference';

/** An image that was found, by its registry or in a stream. */
export interface Component {
  /** As it was named. */
  word: string;
  name: string;
  reference: Reference;
  /** image.openshift.io Image. */
  image: Dyn;
  /** The stream that has it already, with its project. */
  stream?: { name: string; namespace: string; tag: string };
  env: { name: string; value: string }[];
}

const TRIGGERS = 'image.openshift.io/triggers';

/** `8080/tcp`, in order of number. */
export function portsOf(image: Dyn): { port: number; protocol: string }[] {
  return Object.keys(image?.dockerImageMetadata?.Config?.ExposedPorts ?? {})
    .sort()
    .map((text) => {
      const [port = '', protocol = 'tcp'] = text.split('/');
      return { port: Number(port), protocol: protocol.toUpperCase() };
    });
}

export function streamOf(component: Component): Dyn {
  const from = exactReference(component.reference);
  return {
    apiVersion: 'image.openshift.io/v1',
    kind: 'ImageStream',
    metadata: { creationTimestamp: null, name: component.name },
    spec: {
      lookupPolicy: { local: false },
      tags: [
        {
          annotations: { 'openshift.io/imported-from': from },
          from: { kind: 'DockerImage', name: from },
          generation: null,
          importPolicy: { importMode: 'Legacy' },
          name: component.reference.tag || 'latest',
          referencePolicy: { type: '' },
        },
      ],
    },
    status: { dockerImageRepository: '' },
  };
}

const followed = ({ name, reference, stream }: Component): Dyn =>
  stream
    ? { kind: 'ImageStreamTag', name: `${stream.name}:${stream.tag}`, namespace: stream.namespace }
    : { kind: 'ImageStreamTag', name: `${name}:${reference.tag || 'latest'}` };

function containerOf(component: Component): Dyn {
  const { image, env, name } = component;
  const volumes = Object.keys(image?.dockerImageMetadata?.Config?.Volumes ?? {}).sort();
  return {
    ...(env.length > 0 ? { env } : {}),
    image: ' ',
    name,
    ports: portsOf(image).map(({ port, protocol }) => ({ containerPort: port, protocol })),
    resources: {},
    ...(volumes.length > 0
      ? { volumeMounts: volumes.map((mountPath, i) => ({ mountPath, name: `${name}-volume-${i + 1}` })) }
      : {}),
  };
}

const volumesOf = ({ image, name }: Component): Dyn[] =>
  Object.keys(image?.dockerImageMetadata?.Config?.Volumes ?? {}).map((_, i) => ({
    emptyDir: {},
    name: `${name}-volume-${i + 1}`,
  }));

const template = (component: Component, selector: Record<string, string>): Dyn => {
  const volumes = volumesOf(component);
  return {
    metadata: { creationTimestamp: null, labels: selector },
    spec: { containers: [containerOf(component)], ...(volumes.length > 0 ? { volumes } : {}) },
  };
};

export function deploymentOf(component: Component): Dyn {
  const { name } = component;
  const fieldPath = `spec.template.spec.containers[?(@.name=="${name}")].image`;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      annotations: { [TRIGGERS]: JSON.stringify([{ from: followed(component), fieldPath }]) },
      creationTimestamp: null,
      name,
    },
    spec: {
      replicas: 1,
      selector: { matchLabels: { deployment: name } },
      strategy: {},
      template: template(component, { deployment: name }),
    },
    status: {},
  };
}

export function configOf(component: Component): Dyn {
  const { name } = component;
  return {
    apiVersion: 'apps.openshift.io/v1',
    kind: 'DeploymentConfig',
    metadata: { creationTimestamp: null, name },
    spec: {
      replicas: 1,
      selector: { deploymentconfig: name },
      strategy: { resources: {} },
      template: template(component, { deploymentconfig: name }),
      test: false,
      triggers: [
        { type: 'ConfigChange' },
        {
          imageChangeParams: { automatic: true, containerNames: [name], from: followed(component) },
          type: 'ImageChange',
        },
      ],
    },
    status: {},
  };
}

export function serviceOf(component: Component, selector: Record<string, string>): Dyn {
  const ports = portsOf(component.image);
  if (ports.length === 0) return undefined;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { creationTimestamp: null, name: component.name },
    spec: {
      ports: ports.map(({ port, protocol }) => ({
        name: `${port}-${protocol.toLowerCase()}`,
        port,
        protocol,
        targetPort: port,
      })),
      selector,
    },
    status: { loadBalancer: {} },
  };
}
