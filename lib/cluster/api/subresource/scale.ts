// scale: the replicas of a workload, whatever its kind.
import { parse } from 'yaml';
import { resourceId } from '../../resources/definition';
import type { Served } from '../../resources/registry';
import { ApiError, badRequest, invalid } from '../../store/errors';
import type { KubeObject } from '../../store/types';
import { mediaType, parseJson, parseObject, readBody } from '../body';
import type { Answer, Call } from '../call';
import { mergePatch } from '../json';
import { jsonPatch } from '../json-patch';
import { existing, writeOptions } from '../objects';

interface Scale {
  kind: 'Scale';
  apiVersion: string;
  metadata: Partial<KubeObject['metadata']>;
  spec: { replicas?: number };
  status: { replicas: number; selector?: string };
}

const paths = ({ definition }: Served) => {
  if (!definition.scale) throw new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
  return definition.scale;
};

function scaleOf(served: Served, object: KubeObject): Scale {
  const { replicas, statusReplicas, selector } = paths(served);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const text = selector(object);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, ...(namespace && { namespace }), uid, resourceVersion, creationTimestamp },
    spec: { replicas: replicas(object) },
    status: { replicas: statusReplicas(object), ...(text && { selector: text }) },
  };
}

function wantedScale(call: Call, body: Buffer, current: Scale): Partial<Scale> {
  const { schema } = call.api.operations.registry;
  if (call.info.verb === 'update') return parseObject(call.request, body, { kind: 'Scale', type: 'Scale', schema });
  const type = mediaType(call.request);
  const text = body.toString('utf8');
  if (type === 'application/json-patch+json') return jsonPatch(current, parseJson(text)) as Partial<Scale>;
  const patch = type === 'application/apply-patch+yaml' ? parse(text) : parseJson(text);
  return mergePatch(current, patch) as Partial<Scale>;
}

function replicasOf(wanted: Partial<Scale>, name: string): number {
  const replicas: unknown = wanted.spec?.replicas ?? 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas))
    throw badRequest(
      `Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal ${typeof replicas} into Go struct field ScaleSpec.spec.replicas of type int32`,
    );
  if (replicas >= 0) return replicas;
  throw invalid('Scale.autoscaling', name, [
    {
      field: 'spec.replicas',
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${replicas}: must be greater than or equal to 0`,
    },
  ]);
}

export async function scale(call: Call, served: Served): Promise<Answer> {
  const body = call.info.verb === 'get' ? undefined : await readBody(call.request);
  const object = existing(call, served);
  const current = scaleOf(served, object);
  if (!body) return { code: 200, object: current };
  const wanted = wantedScale(call, body, current);
  const next = paths(served).withReplicas(object, replicasOf(wanted, call.info.name));
  const resourceVersion = wanted.metadata?.resourceVersion ?? object.metadata.resourceVersion;
  const updated = call.api.operations.update(
    resourceId(served.definition),
    { ...next, metadata: { ...next.metadata, resourceVersion } },
    { ...writeOptions(call, served), subresource: 'scale' },
  );
  return { code: 200, object: scaleOf(served, updated) };
}
