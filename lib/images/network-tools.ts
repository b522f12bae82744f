// openshift4/network-tools-rhel8: a shell with the tools for finding network faults.
import { image, NETWORK_COMMANDS, ubi } from './base';

export const networkTools = image({
  repositories: [
    'registry.ocp4.example.com:8443/openshift4/network-tools-rhel8',
    'registry.ocp4.example.com:8443/openshift4/network-tools-rhel9',
    'registry.redhat.io/openshift4/network-tools-rhel8',
    'registry.redhat.io/openshift4/network-tools-rhel9',
    'quay.io/openshift/origin-network-tools',
  ],
  tags: ['latest', 'v4.14', 'v4.16', 'v4.18'],
  files: ubi(8, NETWORK_COMMANDS),
  sizeBytes: 780 * 1024 * 1024,
});
