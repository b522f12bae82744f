// What a kind is: one file a kind fills in this contract, and everything else (REST, discovery, tables, validation, patches,
// the controllers' client) follows from it.
import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import type { ObjectStore } from '../store/store';
import type { KubeObject, ResourceId } from '../store/types';
import type { TypeSource } from './schema/schema';
import type { FieldErrors } from './validation/field-errors';
import type { NameRule } from './validation/names';

export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

/** A table's column; priority 1 only with `-o wide`. */
export interface Column {
  name: string;
  type: 'string' | 'integer' | 'boolean' | 'number' | 'date';
  format?: string;
  priority?: number;
  description?: string;
}

export type Cell = string | number | boolean | null;

/** Who asks; `groups` as RBAC sees them. */
export interface UserInfo {
  name: string;
  uid?: string;
  groups: readonly string[];
  extra?: Record<string, string[]>;
}

/** What a cluster was started with. */
export interface ClusterSettings {
  profile: 'openshift' | 'kubernetes';
  /** CIDR of the ClusterIPs, `172.30.0.0/16`; of the primary family where there are two. */
  serviceNetwork: string;
  /** All of them. */
  serviceNetworks?: string[];
  /** CIDR of the pods, `10.8.0.0/14`. */
  clusterNetwork: string;
  /** Bits of a node's pod subnet, 23. */
  hostPrefix: number;
  /** All of them, with the bits of a node's part. */
  clusterNetworks?: { cidr: string; hostPrefix: number }[];
  /** `apps.` of it is where routes live: `ocp4.example.com`. */
  baseDomain: string;
  /** The URL that clients use: `https://api.ocp4.example.com:6443`. */
  apiUrl: string;
  /** The OpenShift release that the cluster claims, `4.18.6`. */
  release?: string;
  /** `30000-32767` unless installed otherwise. */
  nodePortRange?: string;
}

/** What strategies may look at. */
export interface Context {
  store: ObjectStore;
  clock: Clock;
  random: Random;
  settings: ClusterSettings;
  user: UserInfo;
  /** Adds a `Warning:` header to the answer. */
  warn(text: string): void;
  dryRun: boolean;
}

/** A version in which the kind is served; the first of the list is the stored and preferred one. */
export interface ServedVersion {
  name: string;
  /** The schema's name of the kind's type; default: the kind. */
  type?: string;
  /** A version that Kubernetes has removed since: served only where old clients are expected, with this warning. */
  legacy?: string;
  /** The warning of a version that is served and on its way out. */
  deprecated?: string;
  /** From and to the stored version; default: same shape. */
  decode?(object: KubeObject): KubeObject;
  encode?(object: KubeObject): KubeObject;
}

export interface ResourceDefinition {
  /** '' for the core group. */
  group: string;
  versions: readonly ServedVersion[];
  kind: string;
  plural: string;
  singular: string;
  shortNames?: readonly string[];
  categories?: readonly string[];
  namespaced: boolean;
  /** Default: all. */
  verbs?: readonly Verb[];
  /** Besides the object itself: `status`, `scale`, `log`, … Only `status` changes how the object is written. */
  subresources?: readonly string[];
  /** Served only in this profile. */
  profile?: 'openshift';
  /** Served only where kubelets run, whom it is asked of. */
  needsNodes?: true;
  /** Objects live under another resource (events.k8s.io under events). */
  storage?: ResourceId;
  /** The group shown in the messages of validation, where the real server kept an old one. */
  errorGroup?: string;
  /** Types of this kind that are not built in. */
  types?: TypeSource;
  columns: readonly Column[];
  /** One row's cells; the server always asks for the wide form. */
  row(object: KubeObject, now: number, wide?: boolean): Cell[];
  nameRule?: NameRule;
  /** True: metadata.generation counts the changes of everything but metadata and status. */
  generation?: boolean;
  /** Fields of field selectors besides metadata.name and metadata.namespace. */
  selectable?(object: KubeObject): Record<string, string>;
  /** Fills in what was left out. Works on a private copy. */
  default?(object: KubeObject): void;
  /** Sets what only the server may set; works on a private copy. */
  prepareCreate?(object: KubeObject, context: Context): void;
  prepareUpdate?(object: KubeObject, old: KubeObject, context: Context): void;
  validate?(object: KubeObject, errors: FieldErrors, context: Context): void;
  /** What only a new object must hold. */
  validateCreate?(object: KubeObject, errors: FieldErrors, context: Context): void;
  validateUpdate?(object: KubeObject, old: KubeObject, errors: FieldErrors, context: Context): void;
  validateStatus?(object: KubeObject, old: KubeObject, errors: FieldErrors): void;
  /** Texts for `Warning:` headers. */
  warnings?(object: KubeObject, old: KubeObject | undefined): string[];
  /** Seconds between asking and removal; 0: at once. Only pods have it. */
  gracePeriod?(object: KubeObject, asked: number | undefined): number;
  /** A delete that says nothing leaves the dependents alone (jobs, replication controllers). */
  orphanByDefault?: true;
  /** A delete answers with the object instead of a Status. */
  returnsDeleted?: true;
  /** Where `scale` finds replicas. */
  scale?: ScalePaths;
}

export interface ScalePaths {
  replicas(object: KubeObject): number;
  statusReplicas(object: KubeObject): number;
  /** The selector as text, `app=db`. */
  selector(object: KubeObject): string;
  withReplicas(object: KubeObject, replicas: number): KubeObject;
}

/** A removed version whose shape is that of the present one. `since` and `gone` are Kubernetes releases. */
export const legacyVersion = (
  group: string,
  name: string,
  kind: string,
  since: string,
  gone: string,
  now = 'v1',
): ServedVersion => ({
  name,
  legacy: `${group}/${name} ${kind} is deprecated in v${since}+, unavailable in v${gone}+; use ${group}/${now} ${kind}`,
});

/** The resource's id: `deployments.apps`. */
export const resourceId = (d: Pick<ResourceDefinition, 'group' | 'plural'>): ResourceId =>
  d.group ? `${d.plural}.${d.group}` : d.plural;

/** `apps/v1`, or `v1` in the core group. */
export const groupVersion = (group: string, version: string): string => (group ? `${group}/${version}` : version);
