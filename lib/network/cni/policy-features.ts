// What plug-ins make of NetworkPolicy.
import type { PolicyFeatures } from '../policy/contract';

/** All of networking.k8s.io/v1. */
export const fullPolicy: PolicyFeatures = {
  enforced: true,
  egress: true,
  ipBlock: true,
  ipBlockExcept: true,
  namedPorts: true,
  endPort: true,
  sctp: true,
  admin: false,
};

/** The API accepts policies and nothing enforces them. */
export const noPolicy: PolicyFeatures = {
  enforced: false,
  egress: false,
  ipBlock: false,
  ipBlockExcept: false,
  namedPorts: false,
  endPort: false,
  sctp: false,
  admin: false,
};
