// network-attachment-definitions.k8s.cni.cncf.io: further networks that pods may ask for.
import { nameAndAge } from './columns';
import type { ResourceDefinition } from './definition';
import { untyped } from './untyped';

export const networkAttachmentDefinition: ResourceDefinition = {
  group: 'k8s.cni.cncf.io',
  versions: [{ name: 'v1' }],
  kind: 'NetworkAttachmentDefinition',
  plural: 'network-attachment-definitions',
  singular: 'network-attachment-definition',
  shortNames: ['net-attach-def'],
  namespaced: true,
  generation: true,
  types: untyped('NetworkAttachmentDefinition'),
  ...nameAndAge,
  validate(object, errors) {
    const config = object['spec']?.config;
    if (config === undefined) return;
    try {
      JSON.parse(config);
    } catch {
      errors.invalid('spec.config', config, 'must be valid JSON');
    }
  },
};
