// podtemplates
import { formatLabels } from '../store/selectors';
import { columns, containersAndImages } from './columns';
import type { ResourceDefinition } from './definition';
import { defaultTemplate } from './pod-spec/defaults';
import { validatePodSpec } from './pod-spec/validate';

export const podTemplate: ResourceDefinition = {
  group: '',
  versions: [{ name: 'v1' }],
  kind: 'PodTemplate',
  plural: 'podtemplates',
  singular: 'podtemplate',
  namespaced: true,
  generation: true,
  returnsDeleted: true,
  columns: columns('Name', 'Containers', 'Images', 'Pod Labels'),
  row: (object) => [
    object.metadata.name,
    ...containersAndImages(object['template']),
    formatLabels(object['template']?.metadata?.labels),
  ],
  default: defaultTemplate,
  validate: (object, errors) => validatePodSpec(object['template']?.spec ?? {}, 'template.spec', errors),
};
