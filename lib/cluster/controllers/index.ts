// Every controller, one line each.
import type { MakeController } from './controller';
import { cronJob } from './cronjob';
import { customApiServices } from './custom-api-services';
import { daemonSet } from './daemonset';
import { deployment } from './deployment/index';
import { deploymentConfig } from './deploymentconfig';
import { disruption } from './disruption';
import { endpoints } from './endpoints/endpoints';
import { endpointSlice } from './endpoints/endpointslice';
import { endpointSliceMirroring } from './endpoints/mirroring';
import { garbageCollector } from './garbage-collector';
import { ipAddresses } from './ip-address';
import { job } from './job/job';
import { namespace } from './namespace';
import { namespaceSecurity } from './namespace-security';
import { podGarbageCollector } from './pod-garbage-collector';
import { podSecurityLabels } from './pod-security-labels';
import { replicaSet } from './replicaset';
import { replicationController } from './replicationcontroller';
import { resourceQuota } from './resource-quota';
import { serviceAccount } from './serviceaccount';
import { statefulSet } from './statefulset';
import { storageProtection } from './storage-protection';
import { taintEviction } from './taint-eviction';
import { volumeBinder } from './volume-binder';

export const controllers: readonly MakeController[] = [
  namespace,
  namespaceSecurity,
  podSecurityLabels,
  serviceAccount,
  garbageCollector,
  deployment,
  deploymentConfig,
  replicaSet,
  replicationController,
  statefulSet,
  daemonSet,
  job,
  cronJob,
  customApiServices,
  endpoints,
  endpointSlice,
  endpointSliceMirroring,
  ipAddresses,
  volumeBinder,
  storageProtection,
  disruption,
  resourceQuota,
  taintEviction,
  podGarbageCollector,
];
