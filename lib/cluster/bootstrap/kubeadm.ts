// What kubeadm leaves on a control plane: manifests of static pods in /etc/kubernetes/manifests, and what it tells joining nodes in
// config maps. kubernetes cmd/kubeadm/app/phases/{controlplane,etcd,uploadconfig,bootstraptoken,kubelet}.
// DIFFERS: no probes, since the pods' processes are pictures of what the simulation does itself and listen on nothing; of the keys in
// /etc/kubernetes/pki the certificates alone are there.
import { stringify } from 'yaml';
import type { Client } from '../api/client';

const MANIFESTS = '/etc/kubernetes/manifests';
const PKI = '/etc/kubernetes/pki';

export interface ControlPlane {
  node: string;
  address: string;
  /** `v1.31.6`. */
  version: string;
  podSubnet: string;
  serviceSubnet: string;
  /** Where the API answers, `https://api.ocp4.example.com:6443`. */
  endpoint: string;
  authority: string;
  serverCertificate: string;
  administrator: string;
}

/** As Go's YAML packages write it: sequences stand right below their key. */
const asYaml = (value: object): string => stringify(value, { indentSeq: false, lineWidth: 0 });

/** Components of the control plane, by the label that their pods have. */
export type Component = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler';

const ETCD = '3.5.15-0';

interface Part {
  command: string[];
  cpu: string;
  memory?: string;
  /** Mounted from the node, by volume. */
  paths: Record<string, { path: string; type: 'DirectoryOrCreate' | 'FileOrCreate'; readOnly?: boolean }>;
  annotation?: [string, string];
}

const certs = { 'k8s-certs': { path: PKI, type: 'DirectoryOrCreate', readOnly: true } } as const;
const trusted = {
  'ca-certs': { path: '/etc/ssl/certs', type: 'DirectoryOrCreate', readOnly: true },
  'etc-ca-certificates': { path: '/etc/ca-certificates', type: 'DirectoryOrCreate', readOnly: true },
} as const;
const kubeconfig = (name: string) =>
  ({ kubeconfig: { path: `/etc/kubernetes/${name}.conf`, type: 'FileOrCreate', readOnly: true } }) as const;

function parts({ node, address, podSubnet, serviceSubnet }: ControlPlane): Record<Component, Part> {
  const etcd = `https://${address}`;
  return {
    etcd: {
      command: [
        'etcd',
        `--advertise-client-urls=${etcd}:2379`,
        `--cert-file=${PKI}/etcd/server.crt`,
        '--client-cert-auth=true',
        '--data-dir=/var/lib/etcd',
        '--experimental-initial-corrupt-check=true',
        '--experimental-watch-progress-notify-interval=5s',
        `--initial-advertise-peer-urls=${etcd}:2380`,
        `--initial-cluster=${node}=${etcd}:2380`,
        `--key-file=${PKI}/etcd/server.key`,
        `--listen-client-urls=https://127.0.0.1:2379,${etcd}:2379`,
        '--listen-metrics-urls=http://127.0.0.1:2381',
        `--listen-peer-urls=${etcd}:2380`,
        `--name=${node}`,
        `--peer-cert-file=${PKI}/etcd/peer.crt`,
        '--peer-client-cert-auth=true',
        `--peer-key-file=${PKI}/etcd/peer.key`,
        `--peer-trusted-ca-file=${PKI}/etcd/ca.crt`,
        '--snapshot-count=10000',
        `--trusted-ca-file=${PKI}/etcd/ca.crt`,
      ],
      cpu: '100m',
      memory: '100Mi',
      paths: {
        'etcd-data': { path: '/var/lib/etcd', type: 'DirectoryOrCreate' },
        'etcd-certs': { path: `${PKI}/etcd`, type: 'DirectoryOrCreate' },
      },
      annotation: ['kubeadm.kubernetes.io/etcd.advertise-client-urls', `${etcd}:2379`],
    },
    'kube-apiserver': {
      command: [
        'kube-apiserver',
        `--advertise-address=${address}`,
        '--allow-privileged=true',
        '--authorization-mode=Node,RBAC',
        `--client-ca-file=${PKI}/ca.crt`,
        '--enable-admission-plugins=NodeRestriction',
        '--enable-bootstrap-token-auth=true',
        `--etcd-cafile=${PKI}/etcd/ca.crt`,
        `--etcd-certfile=${PKI}/apiserver-etcd-client.crt`,
        `--etcd-keyfile=${PKI}/apiserver-etcd-client.key`,
        '--etcd-servers=https://127.0.0.1:2379',
        `--kubelet-client-certificate=${PKI}/apiserver-kubelet-client.crt`,
        `--kubelet-client-key=${PKI}/apiserver-kubelet-client.key`,
        '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname',
        `--proxy-client-cert-file=${PKI}/front-proxy-client.crt`,
        `--proxy-client-key-file=${PKI}/front-proxy-client.key`,
        '--requestheader-allowed-names=front-proxy-client',
        `--requestheader-client-ca-file=${PKI}/front-proxy-ca.crt`,
        '--requestheader-extra-headers-prefix=X-Remote-Extra-',
        '--requestheader-group-headers=X-Remote-Group',
        '--requestheader-username-headers=X-Remote-User',
        '--secure-port=6443',
        '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
        `--service-account-key-file=${PKI}/sa.pub`,
        `--service-account-signing-key-file=${PKI}/sa.key`,
        `--service-cluster-ip-range=${serviceSubnet}`,
        `--tls-cert-file=${PKI}/apiserver.crt`,
        `--tls-private-key-file=${PKI}/apiserver.key`,
      ],
      cpu: '250m',
      paths: { ...trusted, ...certs },
      annotation: ['kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint', `${address}:6443`],
    },
    'kube-controller-manager': {
      command: [
        'kube-controller-manager',
        '--allocate-node-cidrs=true',
        '--authentication-kubeconfig=/etc/kubernetes/controller-manager.conf',
        '--authorization-kubeconfig=/etc/kubernetes/controller-manager.conf',
        '--bind-address=127.0.0.1',
        `--client-ca-file=${PKI}/ca.crt`,
        `--cluster-cidr=${podSubnet}`,
        '--cluster-name=kubernetes',
        `--cluster-signing-cert-file=${PKI}/ca.crt`,
        `--cluster-signing-key-file=${PKI}/ca.key`,
        '--controllers=*,bootstrapsigner,tokencleaner',
        '--kubeconfig=/etc/kubernetes/controller-manager.conf',
        '--leader-elect=true',
        `--requestheader-client-ca-file=${PKI}/front-proxy-ca.crt`,
        `--root-ca-file=${PKI}/ca.crt`,
        `--service-account-private-key-file=${PKI}/sa.key`,
        `--service-cluster-ip-range=${serviceSubnet}`,
        '--use-service-account-credentials=true',
      ],
      cpu: '200m',
      paths: { ...trusted, ...certs, ...kubeconfig('controller-manager') },
    },
    'kube-scheduler': {
      command: [
        'kube-scheduler',
        '--authentication-kubeconfig=/etc/kubernetes/scheduler.conf',
        '--authorization-kubeconfig=/etc/kubernetes/scheduler.conf',
        '--bind-address=127.0.0.1',
        '--kubeconfig=/etc/kubernetes/scheduler.conf',
        '--leader-elect=true',
      ],
      cpu: '100m',
      paths: kubeconfig('scheduler'),
    },
  };
}

function manifest(name: Component, part: Part, version: string): string {
  const image = name === 'etcd' ? `registry.k8s.io/etcd:${ETCD}` : `registry.k8s.io/${name}:${version}`;
  const volumes = Object.entries(part.paths);
  return asYaml({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(part.annotation ? { annotations: Object.fromEntries([part.annotation]) } : {}),
      creationTimestamp: null,
      labels: { component: name, tier: 'control-plane' },
      name,
      namespace: 'kube-system',
    },
    spec: {
      containers: [
        {
          command: part.command,
          image,
          imagePullPolicy: 'IfNotPresent',
          name,
          resources: { requests: { cpu: part.cpu, ...(part.memory ? { memory: part.memory } : {}) } },
          volumeMounts: volumes.map(([volume, { path, readOnly }]) => ({
            mountPath: path,
            name: volume,
            ...(readOnly ? { readOnly } : {}),
          })),
        },
      ],
      hostNetwork: true,
      priority: 2000001000,
      priorityClassName: 'system-node-critical',
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      volumes: volumes.map(([volume, { path, type }]) => ({ hostPath: { path, type }, name: volume })),
    },
    status: {},
  });
}

/** The files that kubeadm writes on the node of the control plane, by path. */
export function kubeadmFiles(plane: ControlPlane): Map<string, string> {
  const files = new Map<string, string>();
  for (const [name, part] of Object.entries(parts(plane)) as [Component, Part][])
    files.set(`${MANIFESTS}/${name}.yaml`, manifest(name, part, plane.version));
  files.set('/etc/kubernetes/admin.conf', plane.administrator);
  for (const name of ['controller-manager', 'kubelet', 'scheduler'])
    files.set(`/etc/kubernetes/${name}.conf`, kubeconfigWithoutKeys(name, plane));
  files.set(`${PKI}/ca.crt`, plane.authority);
  files.set(`${PKI}/apiserver.crt`, plane.serverCertificate);
  return files;
}

/** A component's kubeconfig; it has no secrets, since nothing reads it. */
function kubeconfigWithoutKeys(name: string, { authority, endpoint, node }: ControlPlane): string {
  const user = name === 'kubelet' ? `system:node:${node}` : `system:kube-${name}`;
  return asYaml({
    apiVersion: 'v1',
    clusters: [
      {
        cluster: { 'certificate-authority-data': Buffer.from(authority).toString('base64'), server: endpoint },
        name: 'kubernetes',
      },
    ],
    contexts: [{ context: { cluster: 'kubernetes', user }, name: `${user}@kubernetes` }],
    'current-context': `${user}@kubernetes`,
    kind: 'Config',
    preferences: {},
    users: [{ name: user, user: {} }],
  });
}

/** What kubeadm uploads for nodes that join. */
export function createKubeadmConfig(client: Client, plane: ControlPlane): void {
  const { version, endpoint, podSubnet, serviceSubnet, authority } = plane;
  const map = (namespace: string, name: string, data: Record<string, string>) =>
    client.create('configmaps', { metadata: { name, namespace }, data });
  map('kube-system', 'kubeadm-config', {
    ClusterConfiguration: asYaml({
      apiServer: {},
      apiVersion: 'kubeadm.k8s.io/v1beta4',
      caCertificateValidityPeriod: '87600h0m0s',
      certificateValidityPeriod: '8760h0m0s',
      certificatesDir: PKI,
      clusterName: 'kubernetes',
      controllerManager: {},
      dns: {},
      encryptionAlgorithm: 'RSA-2048',
      etcd: { local: { dataDir: '/var/lib/etcd' } },
      imageRepository: 'registry.k8s.io',
      kind: 'ClusterConfiguration',
      kubernetesVersion: version,
      networking: { dnsDomain: 'cluster.local', podSubnet, serviceSubnet },
      proxy: {},
      scheduler: {},
    }),
  });
  map('kube-public', 'cluster-info', {
    kubeconfig: asYaml({
      apiVersion: 'v1',
      clusters: [
        {
          cluster: { 'certificate-authority-data': Buffer.from(authority).toString('base64'), server: endpoint },
          name: '',
        },
      ],
      contexts: null,
      'current-context': '',
      kind: 'Config',
      preferences: {},
      users: null,
    }),
  });
  map('kube-system', 'extension-apiserver-authentication', { 'client-ca-file': authority });
}
