// Every controller, one line each.
import type { MakeController } from './controller';
import { daemonSet } from './daemonset';
import { deployment } from './deployment/index';
import { endpoints } from './endpoints/endpoints';
import { endpointSlice } from './endpoints/endpointslice';
import { garbageCollector } from './garbage-collector';
import { job } from './job/job';
import { namespace } from './namespace';
import { replicaSet } from './replicaset';
import { replicationController } from './replicationcontroller';
import { serviceAccount } from './serviceaccount';

export const controllers: readonly MakeController[] = [
  namespace,
  serviceAccount,
  garbageCollector,
  deployment,
  replicaSet,
  replicationController,
  daemonSet,
  job,
  endpoints,
  endpointSlice,
];
