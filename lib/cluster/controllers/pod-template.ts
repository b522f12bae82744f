// Pods made from a template, as kubernetes pkg/controller/controller_utils.go.
import { hash32 } from '../../sim/random';
import type { Client } from '../api/client';
import type { EventRecorder } from '../events';
import type { Pod, PodTemplate } from '../kinds';
import { ApiError } from '../store/errors';
import type { KubeObject } from '../store/types';
import { Texts } from '../texts';
import { controllerReference } from './owners';

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'; // apimachinery util/rand

/** The hash of a template, in the alphabet of `pod-template-hash`. */
export function templateHash(template: object, collisions = 0): string {
  const digits = String(hash32(`${canonicalText(template)}${collisions || ''}`));
  return [...digits].map((digit) => ALPHABET[digit.charCodeAt(0) % ALPHABET.length]).join('');
}

const prefixes = new Texts(); // of the names of pods
const texts = new WeakMap<object, string>();

/** `canonicalJson` of an object of the store, which never changes: made once. */
export function canonicalText(value: object): string {
  let text = texts.get(value);
  if (text === undefined) texts.set(value, (text = canonicalJson(value)));
  return text;
}

/** JSON with sorted keys, so that equal templates are equal texts. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, v]) => v !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`).join(',')}}`;
}

export interface PodFromTemplate {
  client: Client;
  events: EventRecorder;
  owner: KubeObject;
  template: PodTemplate;
  /** The component that events name: `replicaset-controller`. */
  component: string;
  /** The message of the event, where it is not `Created pod: NAME`. */
  created?: string;
  /** Changes to the pod: a fixed name, more labels, a node. */
  adjust?: (pod: { metadata: Record<string, unknown>; spec: Pod['spec'] }) => void;
}

/** Creates a pod of a template; says so with an event, also when it fails, and throws then. */
export function createPod({ client, events, owner, template, component, adjust, created }: PodFromTemplate): Pod {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: prefixes.of(`${owner.metadata.name}-`),
      namespace: owner.metadata.namespace,
      ...(labels && { labels: { ...labels } }),
      ...(annotations && { annotations: { ...annotations } }),
      ...(finalizers && { finalizers }),
      ownerReferences: [controllerReference(owner)],
    } as Record<string, unknown>,
    spec: structuredClone(template.spec),
  };
  adjust?.(pod);
  try {
    const made = client.create('pods', pod) as Pod;
    events.record(owner, 'Normal', 'SuccessfulCreate', created ?? `Created pod: ${made.metadata.name}`, { component });
    return made;
  } catch (error) {
    if (error instanceof ApiError && !namespaceGoing(error))
      events.record(owner, 'Warning', 'FailedCreate', `Error creating: ${error.message}`, { component });
    throw error;
  }
}

export function deletePod(
  client: Client,
  events: EventRecorder,
  owner: KubeObject,
  pod: Pod,
  component: string,
  text = `Deleted pod: ${pod.metadata.name}`,
): void {
  client.delete('pods', pod.metadata.namespace, pod.metadata.name, { preconditions: { uid: pod.metadata.uid } });
  events.record(owner, 'Normal', 'SuccessfulDelete', text, { component });
}

const namespaceGoing = (error: ApiError): boolean => error.message.includes('because it is being terminated');
