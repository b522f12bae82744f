// The control plane as kubeadm runs it, by static pods of the first node: what is found on that node, and what follows when a pod is
// not there. What the components would do is done by the simulation.
import type { NodeAgent } from '../../machine/node-agent';
import type { Cancel } from '../../sim/clock';
import type { Table } from '../../sim/state';
import type { Client } from '../api/client';
import { authorityPem, type Certificates, serverPem } from '../authority';
import { KUBERNETES } from '../bootstrap/nodes';
import type { ControllerContext } from '../controllers/controller';
import type { Pod } from '../kinds';
import type { ClusterSettings } from '../resources/definition';
import type { ObjectStore } from '../store/store';
import { type Installed, kubeadmFiles, leaveConfiguration } from './configuration';
import { controlPlaneManifests } from './manifests';
import { bootstrapTokens } from './tokens';

/** In the world's state. Worlds that were stored before there were static pods do not have it, and go on without. */
const KEY = 'by-kubeadm';

interface Setting {
  table: Table;
  store: ObjectStore;
  client: Client;
  settings: ClusterSettings;
  /** Where it runs. */
  node: string;
  address: string;
  dnsAddress: string;
  certificates: Certificates;
  /** The administrator's kubeconfig. */
  administrator: () => string;
}

/** What works while its pod does. */
interface Parts {
  scheduler: { hold(held: boolean): void };
  controllers: readonly { hold(held: boolean): void }[];
  api(answers: boolean): void;
}

export class KubeadmControlPlane {
  constructor(private readonly setting: Setting) {}

  /** Notes in a new world that it is there, before anybody looks at the node. */
  begin(): void {
    this.setting.table.set(KEY, true);
  }

  get isThere(): boolean {
    return this.setting.table.get(KEY) === true;
  }

  /** Writes into the API how the cluster was made. */
  leaveConfiguration(context: ControllerContext): void {
    leaveConfiguration(context, this.installed());
  }

  /** What a node was given when the cluster was made: texts by path. */
  filesOn(node: string): Record<string, string> {
    if (!this.isThere || node !== this.setting.node) return {};
    const installed = this.installed();
    return { ...controlPlaneManifests(installed), ...kubeadmFiles(installed) };
  }

  /** For `kubeadm token` on the node that has the administrator's kubeconfig. */
  tokensOn(node: string): NodeAgent['tokens'] {
    if (!this.isThere || node !== this.setting.node) return undefined;
    const { store, client, certificates, address, settings } = this.setting;
    const { port } = new URL(settings.apiUrl);
    return { endpoint: `${address}:${port}`, ca: authorityPem(certificates), ...bootstrapTokens(store, client) };
  }

  /** Without a scheduler nothing is placed, without a controller manager nothing follows, without the API server all is refused. */
  follow({ scheduler, controllers, api }: Parts): Cancel {
    const { store } = this.setting;
    const look = () => {
      const pods = store.list('pods', 'kube-system') as Pod[];
      const runs = (component: string) =>
        pods.some(
          ({ metadata, status }) => metadata.labels?.['component'] === component && status?.phase === 'Running',
        );
      scheduler.hold(!runs('kube-scheduler'));
      const managed = runs('kube-controller-manager');
      for (const controller of controllers) controller.hold(!managed);
      api(runs('kube-apiserver') && runs('etcd'));
    };
    look();
    return store.subscribe('pods', ({ object: { metadata } }) => {
      if (metadata.labels?.['tier'] === 'control-plane' && metadata.namespace === 'kube-system') look();
    });
  }

  private installed(): Installed {
    const { node, address, settings, dnsAddress, certificates, administrator } = this.setting;
    const { apiUrl, serviceNetwork, serviceNetworks, clusterNetwork, clusterNetworks } = settings;
    return {
      node,
      address,
      version: KUBERNETES,
      services: (serviceNetworks ?? [serviceNetwork]).join(','),
      pods: (clusterNetworks?.map(({ cidr }) => cidr) ?? [clusterNetwork]).join(','),
      apiUrl,
      dnsAddress,
      ca: authorityPem(certificates),
      serverCertificate: serverPem(certificates),
      administrator: administrator(),
    };
  }
}
