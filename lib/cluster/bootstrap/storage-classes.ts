// The storage classes that a new cluster has: minikube's one, and those of the course's OpenShift classroom.
import type { Client } from '../api/client';
import { DEFAULT_CLASS } from '../resources/storage-class';

interface Class {
  name: string;
  provisioner: string;
  volumeBindingMode?: 'WaitForFirstConsumer';
  allowVolumeExpansion?: true;
  parameters?: Record<string, string>;
}

/** The first is the default. */
const CLASSES: Record<'openshift' | 'kubernetes', readonly Class[]> = {
  kubernetes: [{ name: 'standard', provisioner: 'k8s.io/minikube-hostpath' }],
  openshift: [
    {
      name: 'nfs-storage',
      provisioner: 'k8s-sigs.io/nfs-subdir-external-provisioner',
      parameters: { archiveOnDelete: 'false' },
    },
    {
      name: 'lvms-vg1',
      provisioner: 'topolvm.io',
      volumeBindingMode: 'WaitForFirstConsumer',
      allowVolumeExpansion: true,
      parameters: { 'csi.storage.k8s.io/fstype': 'xfs', 'topolvm.io/device-class': 'vg1' },
    },
  ],
};

export function createStorageClasses(client: Client, profile: 'openshift' | 'kubernetes'): void {
  for (const [i, { name, ...rest }] of CLASSES[profile].entries())
    client.create('storageclasses.storage.k8s.io', {
      metadata: { name, ...(i === 0 && { annotations: { [DEFAULT_CLASS[0]]: 'true' } }) },
      ...rest,
    });
}
