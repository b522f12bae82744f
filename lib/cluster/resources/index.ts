// Every kind of the cluster, one line each.

import { admissionRegistration } from './admission-registration';
import { apiService } from './api-service';
import { binding } from './binding';
import { certificateSigningRequest } from './certificate-signing-request';
import { componentStatus } from './component-status';
import { configMap } from './config-map';
import { controllerRevision } from './controller-revision';
import { cronJob } from './cron-job';
import { customResourceDefinition } from './custom-resource-definition';
import { daemonSet } from './daemon-set';
import type { ResourceDefinition } from './definition';
import { deployment } from './deployment';
import { endpointSlice } from './endpoint-slice';
import { endpoints } from './endpoints';
import { event, eventsV1 } from './event';
import { flowSchema, priorityLevelConfiguration } from './flow-control';
import { horizontalPodAutoscaler } from './horizontal-pod-autoscaler';
import { ingress } from './ingress';
import { ingressClass } from './ingress-class';
import { job } from './job';
import { lease } from './lease';
import { limitRange } from './limit-range';
import { nodeMetrics, podMetrics } from './metrics';
import { namespace } from './namespace';
import { ipAddress, serviceCidr } from './network-addresses';
import { networkAttachmentDefinition } from './network-attachment-definition';
import { networkPolicy } from './network-policy';
import { networkReviewKinds } from './network-reviews';
import { node } from './node';
import { accessReviews } from './openshift/access-reviews';
import { clusterOperator } from './openshift/cluster-operator';
import { clusterVersion } from './openshift/cluster-version';
import { configuration, securityContextConstraints } from './openshift/configuration';
import { deploymentConfig } from './openshift/deployment-config';
import { imageStreamImport, imageStreamTag } from './openshift/image-tags';
import { imageStream, template } from './openshift/images-and-templates';
import { oauthAccessToken } from './openshift/oauth';
import { podSecurityReviews } from './openshift/pod-security-reviews';
import { project, projectRequest } from './openshift/project';
import { route } from './openshift/route';
import { group, user } from './openshift/user';
import { persistentVolume } from './persistent-volume';
import { persistentVolumeClaim } from './persistent-volume-claim';
import { pod } from './pod';
import { podDisruptionBudget } from './pod-disruption-budget';
import { podTemplate } from './pod-template';
import { adminNetworkPolicy, baselineAdminNetworkPolicy } from './policy-networking';
import { priorityClass } from './priority-class';
import { clusterRole, clusterRoleBinding, role, roleBinding } from './rbac';
import { replicaSet } from './replica-set';
import { replicationController } from './replication-controller';
import { resourceQuota } from './resource-quota';
import { reviews } from './reviews';
import { runtimeClass } from './runtime-class';
import { secret } from './secret';
import { service } from './service';
import { serviceAccount } from './service-account';
import { statefulSet } from './stateful-set';
import { storage } from './storage';
import { storageClass } from './storage-class';

/** In the order of discovery: the groups as a real server lists them. */
export const resources: readonly ResourceDefinition[] = [
  binding,
  componentStatus,
  configMap,
  endpoints,
  event,
  limitRange,
  namespace,
  node,
  persistentVolumeClaim,
  persistentVolume,
  pod,
  podTemplate,
  replicationController,
  resourceQuota,
  secret,
  serviceAccount,
  service,
  apiService,
  controllerRevision,
  daemonSet,
  deployment,
  replicaSet,
  statefulSet,
  eventsV1,
  ...reviews,
  ...accessReviews,
  ...podSecurityReviews,
  horizontalPodAutoscaler,
  cronJob,
  job,
  certificateSigningRequest,
  ingressClass,
  ingress,
  ipAddress,
  networkPolicy,
  serviceCidr,
  podDisruptionBudget,
  clusterRoleBinding,
  clusterRole,
  roleBinding,
  role,
  storageClass,
  ...storage,
  ...admissionRegistration,
  lease,
  endpointSlice,
  priorityClass,
  runtimeClass,
  flowSchema,
  priorityLevelConfiguration,
  customResourceDefinition,
  adminNetworkPolicy,
  baselineAdminNetworkPolicy,
  networkAttachmentDefinition,
  project,
  projectRequest,
  imageStreamImport,
  imageStreamTag,
  route,
  deploymentConfig,
  imageStream,
  template,
  user,
  group,
  oauthAccessToken,
  clusterOperator,
  clusterVersion,
  ...configuration,
  securityContextConstraints,
  ...networkReviewKinds,
  nodeMetrics,
  podMetrics,
];
