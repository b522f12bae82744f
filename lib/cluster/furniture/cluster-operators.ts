// ClusterOperators of components that every cluster has and whose work the simulation does without an operator of its own. The
// components and the names of their operands: openshift/api, config/v1, and the operators' manifests at release 4.18.
import type { ObjectInput } from '../store/types';
import type { Surroundings } from './index';

interface Component {
  name: string;
  /** What `Available` says. */
  message?: string;
  reason?: string;
  /** Operands with a version of their own, beside the operator: `kube-apiserver`. */
  operands?: string[];
  /** Namespaces that belong to it. */
  namespaces: string[];
}

const staticPods = (name: string, operand: string): Component => ({
  name,
  message: 'StaticPodsAvailable: 1 nodes are active; 1 node is at revision 1',
  operands: [operand],
  namespaces: [`openshift-${name}`],
});

const COMPONENTS: readonly Component[] = [
  { name: 'authentication', operands: ['oauth-openshift'], namespaces: ['openshift-authentication'] },
  {
    name: 'config-operator',
    operands: ['feature-gates'],
    namespaces: ['openshift-config', 'openshift-config-managed'],
  },
  staticPods('etcd', 'etcd'),
  {
    name: 'image-registry',
    reason: 'Ready',
    message: 'Available: The registry is ready',
    namespaces: ['openshift-image-registry'],
  },
  staticPods('kube-apiserver', 'kube-apiserver'),
  staticPods('kube-controller-manager', 'kube-controller-manager'),
  staticPods('kube-scheduler', 'kube-scheduler'),
  { name: 'kube-storage-version-migrator', namespaces: [] },
  {
    name: 'machine-approver',
    message: 'Cluster Machine Approver is available at cluster version RELEASE',
    namespaces: [],
  },
  {
    name: 'machine-config',
    message: 'Cluster has deployed [{operator RELEASE}]',
    namespaces: ['openshift-machine-config-operator'],
  },
  {
    name: 'monitoring',
    reason: 'RollOutDone',
    message: 'Successfully rolled out the stack.',
    namespaces: ['openshift-monitoring', 'openshift-user-workload-monitoring'],
  },
  { name: 'openshift-apiserver', operands: ['openshift-apiserver'], namespaces: ['openshift-apiserver'] },
  { name: 'openshift-controller-manager', namespaces: ['openshift-controller-manager'] },
  { name: 'openshift-samples', message: 'Samples installation successful at RELEASE', namespaces: ['openshift'] },
  { name: 'service-ca', namespaces: ['openshift-service-ca'] },
  {
    name: 'storage',
    message:
      'DefaultStorageClassControllerAvailable: StorageClass provided by supplied CSI Driver instead of the cluster-storage-operator',
    namespaces: [],
  },
];

const KUBERNETES = /^kube-(apiserver|controller-manager|scheduler)$/;

export const clusterOperators = ({ created, release, kubernetes }: Surroundings): ObjectInput[] =>
  COMPONENTS.map(({ name, message = 'All is well', reason = 'AsExpected', operands = [], namespaces }) => {
    const condition = (type: string, status: string, text: string) => ({
      type,
      status,
      reason: type === 'Available' ? reason : 'AsExpected',
      message: text.replace('RELEASE', release),
      lastTransitionTime: created,
    });
    return {
      apiVersion: 'config.openshift.io/v1',
      kind: 'ClusterOperator',
      metadata: { name, generation: 1 },
      spec: {},
      status: {
        conditions: [
          condition('Degraded', 'False', 'All is well'),
          condition('Progressing', 'False', 'All is well'),
          condition('Available', 'True', message),
          condition('Upgradeable', 'True', 'All is well'),
        ],
        versions: [
          { name: 'operator', version: release },
          ...operands.map((operand) => ({ name: operand, version: KUBERNETES.test(operand) ? kubernetes : release })),
        ],
        relatedObjects: namespaces.map((namespace) => ({ group: '', resource: 'namespaces', name: namespace })),
        extension: null,
      },
    };
  });
