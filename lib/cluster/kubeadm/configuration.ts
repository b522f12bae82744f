// What kubeadm leaves beside the pods of the control plane. In the API: how the cluster was made and how one joins it
// (cmd/kubeadm/app/phases/{uploadconfig,bootstraptoken}), and the leases by which the control plane says who leads. On the
// node: kubeconfigs and certificates (phases/{kubeconfig,certs}).
// DIFFERS: none of the keys in /etc/kubernetes/pki is there, nor are they in the kubeconfigs of components.
import { stringify } from 'yaml';
import type { ControllerContext } from '../controllers/controller';
import { ensure, type Manifest } from '../operators/manifest';
import type { Plan } from './manifests';

export interface Installed extends Plan {
  /** Where clients outside find the API. */
  apiUrl: string;
  dnsAddress: string;
  /** The certificates of the API server's authority and of itself, as PEM. */
  ca: string;
  serverCertificate: string;
  /** The administrator's kubeconfig. */
  administrator: string;
}

const SYSTEM = 'kube-system';
const PKI = '/etc/kubernetes/pki';
const LEASES = 'leases.coordination.k8s.io';
const RBAC = 'rbac.authorization.k8s.io';
const YEAR = '8760h0m0s';
const LEASE_SECONDS = 15; // leaseDuration of leader election

const clusterConfiguration = ({ version, services, pods }: Installed): object => ({
  apiServer: {},
  apiVersion: 'kubeadm.k8s.io/v1beta4',
  caCertificateValidityPeriod: '87600h0m0s',
  certificateValidityPeriod: YEAR,
  certificatesDir: PKI,
  clusterName: 'kubernetes',
  controllerManager: {},
  dns: {},
  encryptionAlgorithm: 'RSA-2048',
  etcd: { local: { dataDir: '/var/lib/etcd' } },
  imageRepository: 'registry.k8s.io',
  kind: 'ClusterConfiguration',
  kubernetesVersion: `v${version}`,
  networking: { dnsDomain: 'cluster.local', podSubnet: pods, serviceSubnet: services },
  proxy: {},
  scheduler: {},
});

const kubeletConfiguration = ({ dnsAddress }: Installed): object => ({
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  authentication: {
    anonymous: { enabled: false },
    webhook: { cacheTTL: '0s', enabled: true },
    x509: { clientCAFile: `${PKI}/ca.crt` },
  },
  authorization: { mode: 'Webhook', webhook: { cacheAuthorizedTTL: '0s', cacheUnauthorizedTTL: '0s' } },
  cgroupDriver: 'systemd',
  clusterDNS: [dnsAddress],
  clusterDomain: 'cluster.local',
  healthzBindAddress: '127.0.0.1',
  healthzPort: 10248,
  kind: 'KubeletConfiguration',
  rotateCertificates: true,
  staticPodPath: '/etc/kubernetes/manifests',
});

/** A kubeconfig that knows the cluster by a name, and what `more` says of users. */
const kubeconfig = ({ apiUrl, ca }: Installed, name: string, more: object): string =>
  text({
    apiVersion: 'v1',
    clusters: [{ cluster: { 'certificate-authority-data': Buffer.from(ca).toString('base64'), server: apiUrl }, name }],
    contexts: null,
    'current-context': '',
    kind: 'Config',
    preferences: {},
    users: null,
    ...more,
  });

const text = (value: object): string => stringify(value, { indentSeq: false, lineWidth: 0 });

const configMap = (namespace: string, name: string, data: Record<string, string>): Manifest => ({
  resource: 'configmaps',
  object: { metadata: { name, namespace }, data },
});

/** A role in a namespace to read one map, and who has it. */
const readers = (namespace: string, name: string, map: string, subjects: readonly object[]): Manifest[] => [
  {
    resource: `roles.${RBAC}`,
    object: {
      metadata: { name, namespace },
      rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: [map], verbs: ['get'] }],
    },
  },
  {
    resource: `rolebindings.${RBAC}`,
    object: { metadata: { name, namespace }, roleRef: { apiGroup: RBAC, kind: 'Role', name }, subjects },
  },
];

const JOINING = [
  { apiGroup: RBAC, kind: 'Group', name: 'system:bootstrappers:kubeadm:default-node-token' },
  { apiGroup: RBAC, kind: 'Group', name: 'system:nodes' },
];

function lease(name: string, identity: string, acquired: number): Manifest {
  const acquireTime = `${new Date(acquired).toISOString().slice(0, -1)}000Z`; // microseconds
  return {
    resource: LEASES,
    object: {
      metadata: { name, namespace: SYSTEM },
      spec: {
        acquireTime,
        holderIdentity: identity,
        leaseDurationSeconds: LEASE_SECONDS,
        leaseTransitions: 0,
        renewTime: acquireTime,
      },
    },
  };
}

/** DIFFERS: nobody renews the leases, so that an idle cluster does not write. */
export function leaveConfiguration(context: ControllerContext, of: Installed): void {
  const { clock, random } = context;
  const led = (name: string) => lease(name, `${of.node}_${random.uuid()}`, clock.now());
  ensure(context, [
    configMap(SYSTEM, 'kubeadm-config', { ClusterConfiguration: text(clusterConfiguration(of)) }),
    ...readers(SYSTEM, 'kubeadm:nodes-kubeadm-config', 'kubeadm-config', JOINING),
    configMap(SYSTEM, 'kubelet-config', { kubelet: text(kubeletConfiguration(of)) }),
    ...readers(SYSTEM, 'kubeadm:kubelet-config', 'kubelet-config', JOINING),
    configMap('kube-public', 'cluster-info', { kubeconfig: kubeconfig(of, '', {}) }),
    ...readers('kube-public', 'kubeadm:bootstrap-signer-clusterinfo', 'cluster-info', [
      { apiGroup: RBAC, kind: 'User', name: 'system:anonymous' },
    ]),
    configMap(SYSTEM, 'extension-apiserver-authentication', { 'client-ca-file': of.ca }),
    led('kube-controller-manager'),
    led('kube-scheduler'),
  ]);
}

/** The files that kubeadm writes on the node of the control plane, by path. */
export function kubeadmFiles(of: Installed): Record<string, string> {
  return {
    '/etc/kubernetes/admin.conf': of.administrator,
    '/etc/kubernetes/controller-manager.conf': withoutKeys('system:kube-controller-manager', of),
    '/etc/kubernetes/kubelet.conf': withoutKeys(`system:node:${of.node}`, of),
    '/etc/kubernetes/scheduler.conf': withoutKeys('system:kube-scheduler', of),
    [`${PKI}/ca.crt`]: of.ca,
    [`${PKI}/apiserver.crt`]: of.serverCertificate,
  };
}

/** A component's kubeconfig; it has no secrets, since nothing reads it. */
const withoutKeys = (user: string, of: Installed): string =>
  kubeconfig(of, 'kubernetes', {
    contexts: [{ context: { cluster: 'kubernetes', user }, name: `${user}@kubernetes` }],
    'current-context': `${user}@kubernetes`,
    users: [{ name: user, user: {} }],
  });
