// The objects of storage.k8s.io besides StorageClass.
import type { KubeObject } from '../store/types';
import { age, columns, nameAndAge } from './columns';
import type { ResourceDefinition } from './definition';
import { canonicalQuantity } from './quantity';

const kind = (
  name: string,
  plural: string,
  singular: string,
  rest: Partial<ResourceDefinition>,
): ResourceDefinition => ({
  group: 'storage.k8s.io',
  versions: [{ name: 'v1' }],
  kind: name,
  plural,
  singular,
  namespaced: false,
  ...nameAndAge,
  ...rest,
});

const flag = (value: unknown) => Boolean(value);

const tokens = ({ spec }: KubeObject): string =>
  (spec?.tokenRequests ?? []).map(({ audience }: { audience: string }) => audience || '<none>').join(',') || '<unset>';

export const storage: readonly ResourceDefinition[] = [
  kind('CSIDriver', 'csidrivers', 'csidriver', {
    returnsDeleted: true,
    columns: columns(
      'Name',
      'AttachRequired:boolean',
      'PodInfoOnMount:boolean',
      'StorageCapacity:boolean',
      'TokenRequests',
      'RequiresRepublish:boolean',
      'Modes',
      'Age',
    ),
    row: (object, now) => {
      const { spec } = object;
      const modes = (spec?.volumeLifecycleModes ?? []).join(',') || '<none>';
      return [
        object.metadata.name,
        spec?.attachRequired ?? true,
        flag(spec?.podInfoOnMount),
        flag(spec?.storageCapacity),
        tokens(object),
        flag(spec?.requiresRepublish),
        modes,
        age(object, now),
      ];
    },
    default(object) {
      const defaults = {
        attachRequired: true,
        podInfoOnMount: false,
        storageCapacity: false,
        fsGroupPolicy: 'ReadWriteOnceWithFSType',
        volumeLifecycleModes: ['Persistent'],
        requiresRepublish: false,
        seLinuxMount: false,
      };
      object['spec'] = { ...defaults, ...object['spec'] };
    },
  }),
  kind('CSINode', 'csinodes', 'csinode', {
    returnsDeleted: true,
    columns: columns('Name', 'Drivers:integer', 'Age'),
    row: (object, now) => [object.metadata.name, object['spec']?.drivers?.length ?? 0, age(object, now)],
  }),
  kind('CSIStorageCapacity', 'csistoragecapacities', 'csistoragecapacity', {
    namespaced: true,
    columns: columns('Name', 'StorageClassName', 'Capacity'),
    row: (object) => [
      object.metadata.name,
      object['storageClassName'] ?? '',
      object['capacity'] ? canonicalQuantity(object['capacity']) : '<unset>',
    ],
  }),
  kind('VolumeAttachment', 'volumeattachments', 'volumeattachment', {
    returnsDeleted: true,
    subresources: ['status'],
    columns: columns('Name', 'Attacher', 'PV', 'Node', 'Attached:boolean', 'Age').map((c) =>
      c.name === 'Attacher' ? { ...c, format: 'name' } : c,
    ),
    row: (object, now) => {
      const { spec, status } = object;
      return [
        object.metadata.name,
        spec?.attacher ?? '',
        spec?.source?.persistentVolumeName ?? '',
        spec?.nodeName ?? '',
        flag(status?.attached),
        age(object, now),
      ];
    },
  }),
];
