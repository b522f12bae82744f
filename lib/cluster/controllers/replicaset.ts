// ReplicaSets: a number of equal pods.
import type { MakeController } from './controller';
import { replicaController } from './replicas';

export const replicaSet: MakeController = (context) =>
  replicaController(context, {
    name: 'replicaset',
    kind: 'ReplicaSet',
    resource: 'replicasets.apps',
    component: 'replicaset-controller',
  });
