// openshift4/network-tools-rhel8: a shell with the tools for finding network faults.
import { image, NETWORK_COMMANDS, ubi } from './base';
import { words } from './tags';

export const networkTools = image({
  repositories: [
    'registry.ocp4.example.com:8443/openshift4/network-tools-rhel8',
    'registry.ocp4.example.com:8443/openshift4/network-tools-rhel9',
    'registry.redhat.io/openshift4/network-tools-rhel8',
    'registry.redhat.io/openshift4/network-tools-rhel9',
    'quay.io/openshift/origin-network-tools',
  ],
  tags: words('latest v4.8 v4.10 v4.12 v4.13 v4.14 v4.15 v4.16 v4.17 v4.18 4.12 4.14 4.16 4.18'),
  files: ubi(8, NETWORK_COMMANDS),
  sizeBytes: 780 * 1024 * 1024,
});

/** What `oc debug node/…` runs. */
export const supportTools = image({
  repositories: [
    'registry.redhat.io/rhel9/support-tools',
    'registry.redhat.io/rhel8/support-tools',
    'registry.access.redhat.com/rhel9/support-tools',
    'registry.ocp4.example.com:8443/rhel9/support-tools',
  ],
  files: ubi(9, [...NETWORK_COMMANDS, 'chroot', 'nsenter']),
  sizeBytes: 250 * 1024 * 1024,
});
