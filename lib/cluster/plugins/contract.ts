// What the objects of a plug-in's own kinds are made of.
import type { SdnMode } from '../../network/cni/contract';
import type { PodAddresses } from '../../network/ipam';
import type { ControllerContext } from '../controllers/controller';
import type { ClusterSettings } from '../resources/definition';
import type { KubeObject, ObjectInput, ResourceId } from '../store/types';

export interface PluginContext extends ControllerContext {
  settings: ClusterSettings;
  addresses: PodAddresses;
  sdnMode: SdnMode;
  mtu: number;
}

/** Makes an object be as given: created, changed, or left alone when it is so already. */
export function put(
  { store, client }: ControllerContext,
  resource: ResourceId,
  object: ObjectInput & { metadata: { name: string; namespace?: string } },
): void {
  const { name, namespace } = object.metadata;
  const old = store.get(resource, namespace, name);
  if (!old) {
    client.create(resource, object);
    return;
  }
  const { metadata: _, ...fields } = object;
  const same = Object.entries(fields).every(([key, value]) => JSON.stringify(old[key]) === JSON.stringify(value));
  if (!same) client.update(resource, { ...old, ...fields });
}

export function drop({ store, client }: ControllerContext, resource: ResourceId, object: KubeObject | undefined): void {
  if (!object) return;
  const { namespace, name } = object.metadata;
  if (store.get(resource, namespace, name)) client.delete(resource, namespace, name);
}

export const internalAddress = (node: KubeObject): string =>
  (node['status']?.addresses ?? []).find(({ type }: { type: string }) => type === 'InternalIP')?.address ?? '';
