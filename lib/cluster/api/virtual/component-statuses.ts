// componentstatuses: the health of the control plane's parts, asked at the moment of the question; they run while the API
// answers. kubernetes pkg/registry/core/componentstatus/rest.go.
import type { Served } from '../../resources/registry';
import { notFound } from '../../store/errors';
import type { KubeObject } from '../../store/types';
import type { Answer, Call } from '../call';
import { answerList } from '../list';
import { answerObject } from '../objects';
import { selectionOf } from '../selection';

const COMPONENTS = ['scheduler', 'controller-manager', 'etcd-0'];

const statusOf = (name: string): KubeObject =>
  ({
    kind: 'ComponentStatus',
    apiVersion: 'v1',
    metadata: { name, creationTimestamp: null },
    conditions: [{ type: 'Healthy', status: 'True', message: 'ok' }],
  }) as unknown as KubeObject;

export function getComponent(call: Call, served: Served): Answer {
  const { name } = call.info;
  if (!COMPONENTS.includes(name)) throw notFound('componentstatuses', name);
  return answerObject(call, served, statusOf(name));
}

export const listComponents = (call: Call, served: Served): Answer =>
  answerList(call, served, COMPONENTS.map(statusOf).filter(selectionOf(call, served.definition)));
