// ReplicationControllers: ReplicaSets' elder, still what DeploymentConfigs use.
import type { MakeController } from './controller';
import { replicaController } from './replicas';

export const replicationController: MakeController = (context) =>
  replicaController(context, {
    name: 'replicationcontroller',
    kind: 'ReplicationController',
    resource: 'replicationcontrollers',
    component: 'replication-controller',
  });
