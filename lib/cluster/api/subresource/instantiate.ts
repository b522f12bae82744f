// instantiate: what `oc rollout latest` posts to a deployment config. openshift-apiserver pkg/apps/apiserver/registry/instantiate.
import { resourceId } from '../../resources/definition';
import type { Served } from '../../resources/registry';
import type { KubeObject } from '../../store/types';
import type { Answer, Call } from '../call';
import { answerObject, existing, readAs, writeOptions } from '../objects';

/** Asks the controller for one more version, whatever its triggers say. */
export async function instantiate(call: Call, served: Served): Promise<Answer> {
  await readAs(call, 'DeploymentRequest');
  const { name, namespace } = existing(call, served).metadata;
  const change = (copy: KubeObject) => ({
    ...copy,
    status: { ...copy['status'], latestVersion: (copy['status']?.latestVersion ?? 0) + 1 },
  });
  const options = { ...writeOptions(call, served), subresource: 'status' };
  const resource = resourceId(served.definition);
  return answerObject(call, served, call.api.operations.mutate(resource, namespace, name, change, options), 201);
}
