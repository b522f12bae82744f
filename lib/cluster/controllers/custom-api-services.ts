// An APIService for each group version of custom resources: kube-apiserver's crdregistration controller.
import type { KubeObject } from '../store/types';
import { type MakeController, splitKey } from './controller';

const CRDS = 'customresourcedefinitions.apiextensions.k8s.io';
const API_SERVICES = 'apiservices.apiregistration.k8s.io';
const AUTOMANAGED = 'kube-aggregator.kubernetes.io/automanaged';
const GROUP_PRIORITY = 1000; // custom groups come after the server's own
const VERSION_PRIORITY = 100;

interface Version {
  name: string;
  served: boolean;
}

const versionsOf = ({ spec }: KubeObject): string[] =>
  ((spec?.versions ?? []) as Version[]).filter(({ served }) => served).map(({ name }) => name);

export const customApiServices: MakeController = ({ store, client }) => ({
  name: 'crd-autoregister',
  watches: {
    [CRDS]: ({ object, old }) =>
      [object, old].flatMap((crd) => (crd ? versionsOf(crd).map((version) => `${version}/${crd['spec'].group}`) : [])),
  },
  reconcile(key) {
    const { namespace: version, name: group } = splitKey(key);
    const name = `${version}.${group}`;
    const isServed = store
      .list(CRDS)
      .some(
        (crd) => crd['spec'].group === group && versionsOf(crd).includes(version) && !crd.metadata.deletionTimestamp,
      );
    const found = store.get(API_SERVICES, undefined, name);
    if (isServed && !found)
      client.create(API_SERVICES, {
        metadata: { name, labels: { [AUTOMANAGED]: 'true' } },
        spec: { group, version, groupPriorityMinimum: GROUP_PRIORITY, versionPriority: VERSION_PRIORITY },
      });
    if (!isServed && found?.metadata.labels?.[AUTOMANAGED] === 'true') client.delete(API_SERVICES, undefined, name);
    return undefined;
  },
});
