// What a cluster gets with its network plug-in: namespaces, kinds, workloads, objects of its own, and who keeps them.
import type { CniPlugin } from '../../network/cni/contract';
import type { Controller } from '../controllers/controller';
import { ensure } from '../operators/manifest';
import { calicoBlocks, calicoSettings } from './calico';
import { ciliumObjects } from './cilium';
import type { PluginContext } from './contract';
import { defineKinds } from './definitions';
import { kuryrObjects } from './kuryr';
import { clusterNetwork, openShiftSdnObjects } from './openshift-sdn';
import { ovnObjects } from './ovn-kubernetes';
import { installsOf, isOperated, kubeMultus, kubeProxy, pluginManifests } from './workloads';

export interface Installation {
  plugin: CniPlugin;
  proxyMode: 'iptables' | 'ipvs' | undefined;
  machineNetwork: string;
  /** Multus beside the plug-in; OpenShift always has it. */
  multus: boolean;
}

/** Puts a plug-in into a new cluster. What OpenShift's network operator runs is left to it. */
export function installPlugin(context: PluginContext, { plugin, proxyMode, multus }: Installation): void {
  const { client, store, profile, settings } = context;
  const namespaces = installsOf(plugin, profile).components.map(({ namespace }) => namespace);
  for (const name of new Set(namespaces))
    if (!store.get('namespaces', undefined, name))
      client.create('namespaces', {
        metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
      });
  defineKinds(context, plugin.installs.resources);
  if (profile !== 'openshift' || !isOperated(plugin)) ensure(context, pluginManifests(plugin, profile));
  if (profile === 'kubernetes' && proxyMode) ensure(context, kubeProxy(proxyMode, settings.clusterNetwork));
  if (profile === 'kubernetes' && multus) ensure(context, kubeMultus);
  if (plugin.name === 'OpenShiftSDN') clusterNetwork(context);
  if (plugin.name === 'Calico' || plugin.name === 'Canal') calicoSettings(context, plugin.name === 'Calico');
}

/** Who keeps the plug-in's own objects, in every start of the cluster. */
export function pluginControllers(context: PluginContext, { plugin, machineNetwork }: Installation): Controller[] {
  switch (plugin.name) {
    case 'OVNKubernetes':
      return [ovnObjects(context, machineNetwork)];
    case 'OpenShiftSDN':
      return [openShiftSdnObjects(context)];
    case 'Cilium':
      return [ciliumObjects(context)];
    case 'Calico':
      return [calicoBlocks(context)];
    case 'Kuryr':
      return [kuryrObjects(context)];
    default:
      return [];
  }
}
