// What happens to a write between decoding and validation: one plug-in a file, in the order of this list.
import type { Context, ResourceDefinition } from '../../resources/definition';
import type { KubeObject, ResourceId } from '../../store/types';
import { imageLookup } from './image-lookup';
import { limitRange } from './limit-range';
import { namespaceLifecycle } from './namespace-lifecycle';
import { podSecurity } from './pod-security';
import { priority } from './priority';
import { securityContextConstraints } from './security-context-constraints';
import { serviceAccount } from './service-account';
import { storage } from './storage';
import { tolerationSeconds } from './toleration-seconds';

export interface Attributes {
  operation: 'CREATE' | 'UPDATE' | 'DELETE';
  resource: ResourceId;
  definition: ResourceDefinition;
  /** A private copy: plug-ins may change it. On DELETE the object as it is. */
  object: KubeObject;
  old?: KubeObject;
  subresource?: string;
}

/** Throws an ApiError to refuse. */
export type Plugin = (attributes: Attributes, context: Context) => void;

const plugins: readonly Plugin[] = [
  namespaceLifecycle,
  imageLookup,
  limitRange,
  serviceAccount,
  securityContextConstraints,
  priority,
  tolerationSeconds,
  storage,
  podSecurity,
];

export const admit: Plugin = (attributes, context) => {
  for (const plugin of plugins) plugin(attributes, context);
};
