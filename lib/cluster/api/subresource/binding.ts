// binding: what a scheduler posts to put a pod on a node.
import type { Served } from '../../resources/registry';
import { conflict, invalid, notFound } from '../../store/errors';
import type { KubeObject } from '../../store/types';
import type { Answer, Call } from '../call';
import { readAs, writeOptions } from '../objects';

interface Condition {
  type: string;
}

interface Binding {
  metadata?: { name?: string };
  target?: { name?: string };
}

export async function bind(call: Call, served: Served): Promise<Answer> {
  const body = (await readAs(call, 'Binding')) as Binding;
  return place(call, served, call.info.name, body);
}

/** A Binding on its own: its name is the pod's. */
export async function bindNamed(call: Call, served: Served): Promise<Answer> {
  const body = (await readAs(call, 'Binding')) as Binding;
  return place(call, served, body.metadata?.name ?? '', body);
}

function place(call: Call, served: Served, podName: string, body: Binding): Answer {
  const pod = call.api.operations.store.get('pods', call.info.namespace, podName);
  if (!pod) throw notFound('pods', podName);
  const { name, namespace } = pod.metadata;
  const nodeName = body.target?.name;
  if (!nodeName)
    throw invalid('Binding', name, [{ field: 'target.name', reason: 'FieldValueRequired', message: 'Required value' }]);
  if (pod['spec'].nodeName)
    throw conflict(
      'pods/binding',
      name,
      `pod ${name} is already assigned to node ${JSON.stringify(pod['spec'].nodeName)}`,
    );
  const { operations } = call.api;
  const scheduled = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: operations.clock.timestamp(),
  };
  const change = (copy: KubeObject) => {
    const conditions: Condition[] = copy['status']?.conditions ?? [];
    const others = conditions.filter(({ type }) => type !== 'PodScheduled');
    return {
      ...copy,
      spec: { ...copy['spec'], nodeName },
      status: { ...copy['status'], conditions: [...others, scheduled] },
    };
  };
  operations.mutate('pods', namespace, name, change, { ...writeOptions(call, served), subresource: 'binding' });
  return { code: 201, object: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } };
}
