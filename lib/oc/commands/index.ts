// Every command of oc and kubectl, one line each.
import type { Command } from '../cli';
import { absentCommands } from './absent';
import { admCommands } from './adm/index';
import { apiResources, apiVersions } from './api-resources';
import { apply } from './apply';
import { attach } from './attach';
import { authWhoAmI, canI } from './auth';
import { autoscale } from './autoscale';
import { certificateDecisions } from './certificate';
import { clusterInfoDump } from './cluster-dump';
import { clusterInfo } from './cluster-info';
import {
  configDeletions,
  configRenameContext,
  configSet,
  configSetCluster,
  configSetContext,
  configSetCredentials,
  configUnset,
  configUseContext,
} from './config/change';
import { configCurrentContext, configGetClusters, configGetContexts, configGetUsers, configView } from './config/view';
import { cp } from './cp';
import { create } from './create';
import { createConfigMap } from './create/configmap';
import { createDeployment } from './create/deployment';
import { createDeploymentConfig } from './create/deployment-config';
import { createJob } from './create/job';
import {
  createCronJob,
  createIngress,
  createNamespace,
  createPdb,
  createPriorityClass,
  createQuota,
} from './create/more';
import {
  createClusterRole,
  createClusterRoleBinding,
  createRole,
  createRoleBinding,
  createServiceAccount,
  createToken,
} from './create/rbac';
import { createRoutes } from './create/route';
import { createSecretDockerRegistry, createSecretGeneric, createSecretTls } from './create/secret';
import { createServices } from './create/service';
import { debug } from './debug';
import { deleteCommand } from './delete';
import { describe } from './describe';
import { edit } from './edit';
import { events } from './events';
import { exec } from './exec';
import { explain } from './explain';
import { expose } from './expose';
import { extract } from './extract';
import { get } from './get';
import { idle } from './idle';
import { importImage } from './images/import-image';
import { imageInfoCommand } from './images/info';
import { tag } from './images/tag';
import { kubectlDebug } from './kubectl-debug';
import { annotate, label } from './label';
import { editLastApplied, setLastApplied, viewLastApplied } from './last-applied';
import { login } from './login';
import { logout } from './logout';
import { logs } from './logs';
import { newApp } from './new-app/index';
import { newProject } from './new-project';
import { cordon, drain, taint, uncordon } from './nodes';
import { options } from './options';
import { patch } from './patch';
import { podlabCommands } from './podlab';
import { portForward } from './port-forward';
import { processCommand } from './process';
import { project } from './project';
import { projects } from './projects';
import { proxy } from './proxy';
import { authReconcile } from './reconcile';
import { registryInfo } from './registry';
import { replace } from './replace';
import { rolloutHistory, rolloutPause, rolloutRestart, rolloutResume, rolloutUndo } from './rollout/change';
import { rollback, rolloutCancel, rolloutLatest, rolloutRetry } from './rollout/deployment-config';
import { rolloutStatus } from './rollout/status';
import { rsh } from './rsh';
import { rsync } from './rsync';
import { run } from './run';
import { scale } from './scale';
import { secretsLink, secretsUnlink } from './secrets';
import { setData } from './set/data';
import { setEnv } from './set/env';
import { setImageLookup } from './set/image-lookup';
import { setImage, setProbe, setResources, setSelector, setServiceAccount, setSubject } from './set/parts';
import { setRouteBackends } from './set/route-backends';
import { setTriggers } from './set/triggers';
import { setVolume } from './set/volume';
import { completion, diff, kustomize, pluginList } from './small';
import { status } from './status';
import { topNode, topPod } from './top';
import { version } from './version';
import { wait } from './wait';
import { whoami } from './whoami';

export const COMMANDS: readonly Command[] = [
  ...absentCommands,
  ...admCommands,
  annotate,
  apiResources,
  apiVersions,
  apply,
  attach,
  authReconcile,
  authWhoAmI,
  autoscale,
  canI,
  ...certificateDecisions,
  clusterInfo,
  clusterInfoDump,
  completion,
  configCurrentContext,
  ...configDeletions,
  configGetClusters,
  configGetContexts,
  configGetUsers,
  configRenameContext,
  configSet,
  configSetCluster,
  configSetContext,
  configSetCredentials,
  configUnset,
  configUseContext,
  configView,
  cordon,
  cp,
  create,
  createClusterRole,
  createClusterRoleBinding,
  createConfigMap,
  createCronJob,
  createDeployment,
  createDeploymentConfig,
  createIngress,
  createJob,
  createNamespace,
  createPdb,
  createPriorityClass,
  createQuota,
  createRole,
  createRoleBinding,
  ...createRoutes,
  createSecretDockerRegistry,
  createSecretGeneric,
  createSecretTls,
  createServiceAccount,
  ...createServices,
  createToken,
  debug,
  deleteCommand,
  describe,
  diff,
  drain,
  edit,
  editLastApplied,
  events,
  exec,
  explain,
  expose,
  extract,
  get,
  idle,
  imageInfoCommand,
  importImage,
  kubectlDebug,
  kustomize,
  label,
  login,
  logout,
  logs,
  newApp,
  newProject,
  options,
  patch,
  ...podlabCommands,
  pluginList,
  portForward,
  processCommand,
  project,
  projects,
  proxy,
  registryInfo,
  replace,
  rollback,
  rolloutCancel,
  rolloutHistory,
  rolloutLatest,
  rolloutPause,
  rolloutRestart,
  rolloutResume,
  rolloutRetry,
  rolloutStatus,
  rolloutUndo,
  rsh,
  rsync,
  run,
  scale,
  secretsLink,
  secretsUnlink,
  setData,
  setEnv,
  setImage,
  setImageLookup,
  setLastApplied,
  setProbe,
  setResources,
  setRouteBackends,
  setSelector,
  setServiceAccount,
  setSubject,
  setTriggers,
  setVolume,
  status,
  tag,
  taint,
  topNode,
  topPod,
  uncordon,
  version,
  viewLastApplied,
  wait,
  whoami,
];
