// Commands of oc that cannot work here, each with what is missing for them.
import type { Command } from '../cli';
import { CliError } from '../errors';

const NO_BUILDS = 'there are no builds here; use an image that is there, as with oc new-app --image';
const NO_LAYERS = 'the registry here describes images and serves none of their layers';
const NO_RELEASE = 'the cluster is not made of a release image';
const NO_MACHINES = 'the nodes have no machine configuration';
const NO_DIAGNOSIS = 'no diagnostic image can be run; look with oc get, oc describe and oc logs';

const ABSENT: Record<string, string> = {
  'get-token': 'there is no external issuer of tokens; log in with oc login',
  'image append': NO_LAYERS,
  'image extract': NO_LAYERS,
  'image mirror': NO_LAYERS,
  'registry login': 'images are pulled by the nodes alone, with the secrets of service accounts',
  observe: 'no programs are run on changes; follow them with oc get --watch',
  'new-build': NO_BUILDS,
  'start-build': NO_BUILDS,
  'cancel-build': NO_BUILDS,
  'set build-hook': NO_BUILDS,
  'set build-secret': NO_BUILDS,
  'set deployment-hook': 'deployment configs run no hooks here',
  'adm build-chain': NO_BUILDS,
  'adm catalog': 'there are no catalogs of operators',
  'adm copy-to-node': NO_MACHINES,
  'adm create-bootstrap-project-template': 'projects are made from one template, which cannot be changed',
  'adm create-error-template': 'the pages of the sign-in cannot be changed',
  'adm create-login-template': 'the pages of the sign-in cannot be changed',
  'adm create-provider-selection-template': 'the pages of the sign-in cannot be changed',
  'adm inspect': NO_DIAGNOSIS,
  'adm migrate': 'there is nothing of an older release to migrate',
  'adm must-gather': NO_DIAGNOSIS,
  'adm node-image': NO_RELEASE,
  'adm node-logs': 'the nodes keep no journal; look at oc get events and at the logs of pods',
  'adm ocp-certificates': 'the certificates of the platform are not rotated',
  'adm prune': 'nothing is kept that would have to be pruned',
  'adm reboot-machine-config-pool': NO_MACHINES,
  'adm release': NO_RELEASE,
  'adm restart-kubelet': NO_MACHINES,
  'adm upgrade': NO_RELEASE,
  'adm verify-image-signature': NO_LAYERS,
  'adm wait-for-node-reboot': NO_MACHINES,
};

export const absentCommands: Command[] = Object.entries(ABSENT).map(([path, absent]) => ({
  path,
  only: 'oc',
  absent,
  help: { usage: `oc ${path}`, long: `Not supported: ${absent}.` },
  run: async () => {
    throw new CliError(`not supported: ${absent}`);
  },
}));
