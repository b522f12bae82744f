// The manifests by which kubeadm runs a control plane: static pods of its node (cmd/kubeadm/app/phases/controlplane/manifests.go and
// phases/etcd/local.go of 1.31). What a controller, a scheduler or the API does is done by the simulation, while the pod that stands
// for it runs (control-plane.ts).
import { stringify } from 'yaml';

/** What the manifests are made of. */
export interface Plan {
  node: string;
  address: string;
  /** Of Kubernetes, `1.31.6`. */
  version: string;
  /** Blocks with a comma between. */
  services: string;
  pods: string;
}

const ETCD = '3.5.15-0';
const PKI = '/etc/kubernetes/pki';
const REGISTRY = 'registry.k8s.io';

interface Component {
  name: string;
  image: string;
  flags: readonly string[];
  requests: Record<string, string>;
  probes: { host: string; port: number; scheme: 'HTTP' | 'HTTPS'; live: string; start: string; ready?: string };
  volumes: readonly Volume[];
  annotations?: Record<string, string>;
}

type Volume = readonly [name: string, path: string, type: 'DirectoryOrCreate' | 'FileOrCreate', readOnly: boolean];

const folder = (name: string, path: string, readOnly = true): Volume => [name, path, 'DirectoryOrCreate', readOnly];
const kubeconfig = (file: string): Volume => ['kubeconfig', `/etc/kubernetes/${file}`, 'FileOrCreate', true];
const CERTIFICATES = [
  folder('ca-certs', '/etc/ssl/certs'),
  folder('etc-ca-certificates', '/etc/ca-certificates'),
  folder('k8s-certs', PKI),
  folder('usr-local-share-ca-certificates', '/usr/local/share/ca-certificates'),
  folder('usr-share-ca-certificates', '/usr/share/ca-certificates'),
];

const apiServer = ({ address, version, services }: Plan): Component => ({
  name: 'kube-apiserver',
  image: `${REGISTRY}/kube-apiserver:v${version}`,
  annotations: { 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': `${address}:6443` },
  flags: [
    `advertise-address=${address}`,
    'allow-privileged=true',
    'authorization-mode=Node,RBAC',
    `client-ca-file=${PKI}/ca.crt`,
    'enable-admission-plugins=NodeRestriction',
    'enable-bootstrap-token-auth=true',
    `etcd-cafile=${PKI}/etcd/ca.crt`,
    `etcd-certfile=${PKI}/apiserver-etcd-client.crt`,
    `etcd-keyfile=${PKI}/apiserver-etcd-client.key`,
    'etcd-servers=https://127.0.0.1:2379',
    `kubelet-client-certificate=${PKI}/apiserver-kubelet-client.crt`,
    `kubelet-client-key=${PKI}/apiserver-kubelet-client.key`,
    'kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname',
    `proxy-client-cert-file=${PKI}/front-proxy-client.crt`,
    `proxy-client-key-file=${PKI}/front-proxy-client.key`,
    'requestheader-allowed-names=front-proxy-client',
    `requestheader-client-ca-file=${PKI}/front-proxy-ca.crt`,
    'requestheader-extra-headers-prefix=X-Remote-Extra-',
    'requestheader-group-headers=X-Remote-Group',
    'requestheader-username-headers=X-Remote-User',
    'secure-port=6443',
    'service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `service-account-key-file=${PKI}/sa.pub`,
    `service-account-signing-key-file=${PKI}/sa.key`,
    `service-cluster-ip-range=${services}`,
    `tls-cert-file=${PKI}/apiserver.crt`,
    `tls-private-key-file=${PKI}/apiserver.key`,
  ],
  requests: { cpu: '250m' },
  probes: { host: address, port: 6443, scheme: 'HTTPS', live: '/livez', start: '/livez', ready: '/readyz' },
  volumes: CERTIFICATES,
});

const controllerManager = ({ version, services, pods }: Plan): Component => ({
  name: 'kube-controller-manager',
  image: `${REGISTRY}/kube-controller-manager:v${version}`,
  flags: [
    'allocate-node-cidrs=true',
    'authentication-kubeconfig=/etc/kubernetes/controller-manager.conf',
    'authorization-kubeconfig=/etc/kubernetes/controller-manager.conf',
    'bind-address=127.0.0.1',
    `client-ca-file=${PKI}/ca.crt`,
    `cluster-cidr=${pods}`,
    'cluster-name=kubernetes',
    `cluster-signing-cert-file=${PKI}/ca.crt`,
    `cluster-signing-key-file=${PKI}/ca.key`,
    'controllers=*,bootstrapsigner,tokencleaner',
    'kubeconfig=/etc/kubernetes/controller-manager.conf',
    'leader-elect=true',
    `requestheader-client-ca-file=${PKI}/front-proxy-ca.crt`,
    `root-ca-file=${PKI}/ca.crt`,
    `service-account-private-key-file=${PKI}/sa.key`,
    `service-cluster-ip-range=${services}`,
    'use-service-account-credentials=true',
  ],
  requests: { cpu: '200m' },
  probes: { host: '127.0.0.1', port: 10257, scheme: 'HTTPS', live: '/healthz', start: '/healthz' },
  volumes: [
    ...CERTIFICATES,
    folder('flexvolume-dir', '/usr/libexec/kubernetes/kubelet-plugins/volume/exec', false),
    kubeconfig('controller-manager.conf'),
  ],
});

const scheduler = ({ version }: Plan): Component => ({
  name: 'kube-scheduler',
  image: `${REGISTRY}/kube-scheduler:v${version}`,
  flags: [
    'authentication-kubeconfig=/etc/kubernetes/scheduler.conf',
    'authorization-kubeconfig=/etc/kubernetes/scheduler.conf',
    'bind-address=127.0.0.1',
    'kubeconfig=/etc/kubernetes/scheduler.conf',
    'leader-elect=true',
  ],
  requests: { cpu: '100m' },
  probes: { host: '127.0.0.1', port: 10259, scheme: 'HTTPS', live: '/healthz', start: '/healthz' },
  volumes: [kubeconfig('scheduler.conf')],
});

const etcd = ({ node, address }: Plan): Component => ({
  name: 'etcd',
  image: `${REGISTRY}/etcd:${ETCD}`,
  annotations: { 'kubeadm.kubernetes.io/etcd.advertise-client-urls': `https://${address}:2379` },
  flags: [
    `advertise-client-urls=https://${address}:2379`,
    `cert-file=${PKI}/etcd/server.crt`,
    'client-cert-auth=true',
    'data-dir=/var/lib/etcd',
    'experimental-initial-corrupt-check=true',
    'experimental-watch-progress-notify-interval=5s',
    `initial-advertise-peer-urls=https://${address}:2380`,
    `initial-cluster=${node}=https://${address}:2380`,
    `key-file=${PKI}/etcd/server.key`,
    `listen-client-urls=https://127.0.0.1:2379,https://${address}:2379`,
    'listen-metrics-urls=http://127.0.0.1:2381',
    `listen-peer-urls=https://${address}:2380`,
    `name=${node}`,
    `peer-cert-file=${PKI}/etcd/peer.crt`,
    'peer-client-cert-auth=true',
    `peer-key-file=${PKI}/etcd/peer.key`,
    `peer-trusted-ca-file=${PKI}/etcd/ca.crt`,
    'snapshot-count=10000',
    `trusted-ca-file=${PKI}/etcd/ca.crt`,
  ],
  requests: { cpu: '100m', memory: '100Mi' },
  probes: { host: '127.0.0.1', port: 2381, scheme: 'HTTP', live: '/livez', start: '/readyz', ready: '/readyz' },
  volumes: [folder('etcd-data', '/var/lib/etcd', false), folder('etcd-certs', `${PKI}/etcd`, false)],
});

function podOf({ name, image, flags, requests, probes, volumes, annotations }: Component): object {
  const { host, port, scheme } = probes;
  const probe = (path: string, failureThreshold: number, more: object) => ({
    failureThreshold,
    httpGet: { host, path, port, scheme },
    ...more,
    timeoutSeconds: 15,
  });
  const slow = { initialDelaySeconds: 10, periodSeconds: 10 };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(annotations && { annotations }),
      labels: { component: name, tier: 'control-plane' },
      name,
      namespace: 'kube-system',
    },
    spec: {
      containers: [
        {
          command: [name, ...flags.map((flag) => `--${flag}`)],
          image,
          imagePullPolicy: 'IfNotPresent',
          livenessProbe: probe(probes.live, 8, slow),
          name,
          ...(probes.ready && { readinessProbe: probe(probes.ready, 3, { periodSeconds: 1 }) }),
          resources: { requests },
          startupProbe: probe(probes.start, 24, slow),
          volumeMounts: volumes.map(([name, mountPath, , readOnly]) => ({
            mountPath,
            name,
            ...(readOnly && { readOnly }),
          })),
        },
      ],
      hostNetwork: true,
      priority: 2000001000,
      priorityClassName: 'system-node-critical',
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      volumes: volumes.map(([name, path, type]) => ({ hostPath: { path, type }, name })),
    },
    status: {},
  };
}

/** The files of /etc/kubernetes/manifests, by path. */
export const controlPlaneManifests = (of: Plan): Record<string, string> =>
  Object.fromEntries(
    [etcd, apiServer, controllerManager, scheduler].map((make) => {
      const component = make(of);
      return [
        `/etc/kubernetes/manifests/${component.name}.yaml`,
        stringify(podOf(component), { indentSeq: false, lineWidth: 0 }),
      ];
    }),
  );
