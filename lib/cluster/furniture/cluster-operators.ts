// ClusterOperators of components that every cluster has and whose work the simulation does without an operator of its own. The
// components and the names of their operands: openshift/api, config/v1, and the operators' manifests at release 4.18.
// DIFFERS: their conditions never change, since what they speak of cannot fail here; components of which nothing is there
// (monitoring, machine-approver, storage drivers) have no operator.
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

const COMPONENTS: readonly Component[] = [
  { name: 'authentication', operands: ['oauth-openshift'], namespaces: ['openshift-authentication'] },
  {
    name: 'config-operator',
    operands: ['feature-gates'],
    namespaces: ['openshift-config', 'openshift-config-managed'],
  },
  { name: 'etcd', operands: ['etcd'], namespaces: ['openshift-etcd'] },
  {
    name: 'image-registry',
    reason: 'Ready',
    message: 'Available: The registry is ready',
    namespaces: ['openshift-image-registry'],
  },
  { name: 'kube-apiserver', operands: ['kube-apiserver'], namespaces: ['openshift-kube-apiserver'] },
  {
    name: 'kube-controller-manager',
    operands: ['kube-controller-manager'],
    namespaces: ['openshift-kube-controller-manager'],
  },
  { name: 'kube-scheduler', operands: ['kube-scheduler'], namespaces: ['openshift-kube-scheduler'] },
  {
    name: 'machine-config',
    message: 'Cluster has deployed [{operator RELEASE}]',
    namespaces: ['openshift-machine-config-operator'],
  },
  { name: 'openshift-apiserver', operands: ['openshift-apiserver'], namespaces: ['openshift-apiserver'] },
  { name: 'openshift-controller-manager', namespaces: ['openshift-controller-manager'] },
  { name: 'openshift-samples', message: 'Samples installation successful at RELEASE', namespaces: ['openshift'] },
  { name: 'service-ca', namespaces: ['openshift-service-ca'] },
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
