// The singletons that say how an OpenShift cluster was installed: network, infrastructure, ingress, version.
import type { ControllerContext } from '../controllers/controller';
import type { ClusterSettings } from '../resources/definition';

export interface Installed extends ClusterSettings {
  /** The network plug-in. */
  network: string;
  mtu: number;
}

const CONFIG = 'config.openshift.io';
const OPERATOR = 'operator.openshift.io';

export function createConfiguration(context: ControllerContext, installed: Installed): void {
  const put = (resource: string, name: string, spec: object, status?: object) => {
    if (!context.serves(resource)) return;
    const made = context.client.create(resource, { metadata: { name }, spec });
    if (status) context.store.updateStatus(resource, { ...made, status });
  };
  const { baseDomain, apiUrl, network, mtu, nodePortRange } = installed;
  const { pods: clusterNetwork, services: serviceNetwork } = networksOf(installed);
  const networks = {
    clusterNetwork,
    networkType: network,
    serviceNetwork,
  };
  put(
    `networks.${CONFIG}`,
    'cluster',
    { ...networks, externalIP: { policy: {} }, ...(nodePortRange && { serviceNodePortRange: nodePortRange }) },
    { ...networks, clusterNetworkMTU: mtu },
  );
  put(`networks.${OPERATOR}`, 'cluster', operatorNetwork(installed), networkStatus(context));
  put(
    `infrastructures.${CONFIG}`,
    'cluster',
    { cloudConfig: { name: '' }, platformSpec: { type: 'None' } },
    {
      apiServerURL: apiUrl,
      apiServerInternalURI: apiUrl.replace('//api.', '//api-int.'),
      controlPlaneTopology: 'SingleReplica',
      infrastructureName: `${baseDomain.split('.')[0]}-${context.random.suffix(5)}`,
      infrastructureTopology: 'HighlyAvailable',
      platform: 'None',
      platformStatus: { type: 'None' },
    },
  );
  put(`ingresses.${CONFIG}`, 'cluster', { domain: `apps.${baseDomain}` }, {});
  put(`dnses.${CONFIG}`, 'cluster', { baseDomain }, {});
  putVersion(context, put);
  putConsole(context, `https://console-openshift-console.apps.${baseDomain}`);
}

/** Where the web console would be; `oc whoami --show-console` and `oc login` read it, as everybody may. */
function putConsole({ client, serves }: ControllerContext, consoleURL: string): void {
  if (!serves(`clusterversions.${CONFIG}`)) return;
  const namespace = 'openshift-config-managed';
  const name = 'console-configmap-reader';
  const rbac = 'rbac.authorization.k8s.io';
  client.create('configmaps', { metadata: { name: 'console-public', namespace }, data: { consoleURL } });
  client.create(`roles.${rbac}`, {
    metadata: { name, namespace },
    rules: [
      {
        apiGroups: [''],
        resources: ['configmaps'],
        resourceNames: ['console-public'],
        verbs: ['get', 'list', 'watch'],
      },
    ],
  });
  client.create(`rolebindings.${rbac}`, {
    metadata: { name, namespace },
    roleRef: { apiGroup: rbac, kind: 'Role', name },
    subjects: [{ apiGroup: rbac, kind: 'Group', name: 'system:authenticated' }],
  });
}

const networksOf = ({ clusterNetwork, clusterNetworks, hostPrefix, serviceNetwork, serviceNetworks }: Installed) => ({
  pods: clusterNetworks ?? [{ cidr: clusterNetwork, hostPrefix }],
  services: serviceNetworks ?? [serviceNetwork],
});

function operatorNetwork(installed: Installed): object {
  const { network, mtu } = installed;
  const { pods, services } = networksOf(installed);
  const defaults: Record<string, object> = {
    OVNKubernetes: {
      ovnKubernetesConfig: {
        egressIPConfig: {},
        gatewayConfig: { ipv4: {}, ipv6: {}, routingViaHost: false },
        genevePort: 6081,
        ipsecConfig: { mode: 'Disabled' },
        mtu,
        policyAuditConfig: {
          destination: 'null',
          maxFileSize: 50,
          maxLogFiles: 5,
          rateLimit: 20,
          syslogFacility: 'local0',
        },
      },
    },
    OpenShiftSDN: { openshiftSDNConfig: { enableUnidling: true, mode: 'NetworkPolicy', mtu, vxlanPort: 4789 } },
  };
  return {
    clusterNetwork: pods,
    defaultNetwork: { ...defaults[network], type: network },
    deployKubeProxy: false,
    disableMultiNetwork: false,
    disableNetworkDiagnostics: false,
    logLevel: 'Normal',
    managementState: 'Managed',
    observedConfig: null,
    operatorLogLevel: 'Normal',
    serviceNetwork: services,
    unsupportedConfigOverrides: null,
    useMultiNetworkPolicy: false,
  };
}

function networkStatus({ clock, release }: ControllerContext): object {
  const condition = (type: string, status: string) => ({ type, status, lastTransitionTime: clock.timestamp() });
  return {
    conditions: [
      condition('ManagementStateDegraded', 'False'),
      condition('Degraded', 'False'),
      condition('Upgradeable', 'True'),
      condition('Progressing', 'False'),
      condition('Available', 'True'),
    ],
    readyReplicas: 0,
    version: release,
  };
}

/** The cluster was installed with what it has here: no console, no catalogs, no builds, no machines to be made. */
const ENABLED = ['DeploymentConfig', 'ImageRegistry', 'Ingress', 'openshift-samples'];
const KNOWN = [
  'Build',
  'CSISnapshot',
  'CloudControllerManager',
  'CloudCredential',
  'Console',
  'DeploymentConfig',
  'ImageRegistry',
  'Ingress',
  'Insights',
  'MachineAPI',
  'NodeTuning',
  'OperatorLifecycleManager',
  'OperatorLifecycleManagerV1',
  'Storage',
  'baremetal',
  'marketplace',
  'openshift-samples',
];

type Put = (resource: string, name: string, spec: object, status?: object) => void;

function putVersion({ clock, random, release }: ControllerContext, put: Put): void {
  const now = clock.timestamp();
  const desired = { version: release, image: `quay.io/openshift-release-dev/ocp-release@sha256:${random.hex(64)}` };
  const condition = (type: string, status: string, message: string) => ({
    type,
    status,
    message,
    lastTransitionTime: now,
  });
  put(
    `clusterversions.${CONFIG}`,
    'version',
    {
      capabilities: { additionalEnabledCapabilities: ENABLED, baselineCapabilitySet: 'None' },
      channel: `stable-${release.replace(/\.\d+$/, '')}`,
      clusterID: random.uuid(),
    },
    {
      availableUpdates: null,
      capabilities: { enabledCapabilities: ENABLED, knownCapabilities: KNOWN },
      conditions: [
        condition('ReleaseAccepted', 'True', 'Payload loaded'),
        condition('Available', 'True', `Done applying ${release}`),
        condition('Failing', 'False', ''),
        condition('Progressing', 'False', `Cluster version is ${release}`),
      ],
      desired,
      history: [{ ...desired, state: 'Completed', startedTime: now, completionTime: now, verified: false }],
      observedGeneration: 1,
    },
  );
}
