// The workloads and config maps that a network plug-in brings, as objects.
import type { CniPlugin, Component } from '../../network/cni/contract';
import type { Container, PodSpec } from '../kinds';
import { container, daemonSetOf, deploymentOf, type Manifest } from '../operators/manifest';

const PRIVILEGED = { securityContext: { privileged: true } };

/** Plug-ins that OpenShift's network operator installs by itself; others come with their own manifests. */
const OPERATED = new Set(['OVNKubernetes', 'OpenShiftSDN', 'Kuryr']);

export const isOperated = ({ name }: CniPlugin): boolean => OPERATED.has(name);

/** Workloads and config maps in the namespaces that they have in a cluster of this kind. */
export function installsOf({ installs }: CniPlugin, profile: 'openshift' | 'kubernetes') {
  const { components, configMaps, upstreamNamespace } = installs;
  const placed = <T extends { namespace: string }>(each: T): T =>
    profile === 'kubernetes' && upstreamNamespace ? { ...each, namespace: upstreamNamespace } : each;
  return { components: components.map(placed), configMaps: configMaps.map(placed) };
}

export function pluginManifests(plugin: CniPlugin, profile: 'openshift' | 'kubernetes'): Manifest[] {
  const { components, configMaps } = installsOf(plugin, profile);
  return [
    ...configMaps.map(({ namespace, name, data }) => ({
      resource: 'configmaps' as const,
      object: { metadata: { name, namespace }, data: { ...data } },
    })),
    ...components.flatMap((component) => workload(component, profile === 'openshift' && isOperated(plugin))),
  ];
}

function workload(component: Component, operated: boolean): Manifest[] {
  const { namespace, kind, name, nodes, labels, podNetwork } = component;
  const plan = {
    namespace,
    name,
    labels: { ...(labels ?? { app: name }) },
    containers: component.containers.map((each) => containerOf(each, component)),
    where: operated && (kind === 'Deployment' || nodes === 'control-plane') ? ('masters' as const) : ('all' as const),
    spec: podNetwork
      ? {}
      : ({ hostNetwork: true, dnsPolicy: operated ? 'Default' : 'ClusterFirst' } as Partial<PodSpec>),
  };
  // One control-plane node runs one of each: a second on the same host network would find its ports taken.
  const replicas = operated ? 1 : component.replicas;
  return kind === 'DaemonSet' ? daemonSetOf(plan) : deploymentOf({ ...plan, ...(replicas ? { replicas } : {}) });
}

function containerOf(name: string, { images, podNetwork }: Component): Container {
  const image = images?.[name];
  return container(name, { ...(image ? { image } : {}), ...(podNetwork ? {} : PRIVILEGED) });
}

/** kube-proxy of plain Kubernetes, where the plug-in leaves services to it. */
export const kubeProxy = (mode: 'iptables' | 'ipvs', clusterCidr: string): Manifest[] => {
  const labels = { 'k8s-app': 'kube-proxy' };
  const config = `apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
bindAddress: 0.0.0.0
clusterCIDR: ${clusterCidr}
mode: "${mode === 'ipvs' ? 'ipvs' : ''}"
`;
  return [
    {
      resource: 'configmaps',
      object: { metadata: { name: 'kube-proxy', namespace: 'kube-system', labels }, data: { 'config.conf': config } },
    },
    ...daemonSetOf({
      namespace: 'kube-system',
      name: 'kube-proxy',
      labels,
      containers: [container('kube-proxy', { image: 'registry.k8s.io/kube-proxy:v1.31.5', ...PRIVILEGED })],
      where: 'all',
      spec: { hostNetwork: true },
    }),
  ];
};

/** Multus beside a plug-in that does not bring it (upstream's daemon set). */
export const kubeMultus: Manifest[] = daemonSetOf({
  namespace: 'kube-system',
  name: 'kube-multus-ds',
  labels: { app: 'multus', name: 'multus', tier: 'node' },
  containers: [
    container('kube-multus', { image: 'ghcr.io/k8snetworkplumbingwg/multus-cni:snapshot-thick', ...PRIVILEGED }),
  ],
  where: 'all',
  spec: { hostNetwork: true },
});
