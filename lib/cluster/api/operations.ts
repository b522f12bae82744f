// The writes of the API, as HTTP and the controllers share them: defaults, admission, strategy, validation, store.
// Everything is synchronous; whoever acknowledges to a client awaits `state.commit()` first.
import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import type { ClusterSettings, Context, ResourceDefinition, UserInfo } from '../resources/definition';
import { groupVersion, resourceId } from '../resources/definition';
import type { Registry } from '../resources/registry';
import { storageOf } from '../resources/registry';
import { FieldErrors } from '../resources/validation/field-errors';
import { validateFinalizers, validateMeta, validateMetaUpdate } from '../resources/validation/metadata';
import { dnsSubdomain } from '../resources/validation/names';
import { badRequest, conflict, invalid, notFound } from '../store/errors';
import type { ObjectStore } from '../store/store';
import type { KubeObject, ObjectInput, ResourceId } from '../store/types';
import { admit } from './admission/admission';
import { enforceQuota } from './admission/resource-quota';
import { serveCustomResources } from './custom-resources';
import { clone, equal } from './json';
import { trackManagers } from './managed-fields';

const SUFFIX_LENGTH = 5;
const GENERATED_BASE_MAX = 63 - SUFFIX_LENGTH;
const ANONYMOUS: UserInfo = { name: 'system:apiserver', groups: ['system:masters'] };

export interface WriteOptions {
  user?: UserInfo;
  dryRun?: boolean;
  /** Keeps track of who set what; without it managedFields stay as they are. */
  fieldManager?: string;
  warn?: (text: string) => void;
  subresource?: string;
  /** Set by server-side apply, which computed them itself. */
  managed?: true;
  /** The version in which the client spoke; default the stored one. */
  apiVersion?: string;
}

export interface DeleteOptions {
  gracePeriodSeconds?: number;
  propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  preconditions?: { uid?: string; resourceVersion?: string };
}

export class Operations {
  constructor(
    readonly registry: Registry,
    readonly store: ObjectStore,
    readonly clock: Clock,
    readonly random: Random,
    readonly settings: ClusterSettings,
  ) {
    serveCustomResources(this);
  }

  /** Throws an ApiError. */
  create(resource: ResourceId, input: ObjectInput, options: WriteOptions = {}): KubeObject {
    const definition = this.stored(resource);
    const context = this.context(options);
    const object = this.fresh(definition, input);
    if (object.metadata.resourceVersion) throw badRequest('resourceVersion should not be set on objects to be created');
    if (!object.metadata.name && object.metadata.generateName)
      object.metadata.name = [
        object.metadata.generateName.slice(0, GENERATED_BASE_MAX),
        this.random.suffix(SUFFIX_LENGTH),
      ].join('');
    definition.default?.(object);
    admit({ operation: 'CREATE', resource, definition, object }, context);
    this.stampNew(definition, object);
    definition.prepareCreate?.(object, context);
    this.check(definition, object, undefined, context);
    enforceQuota({ operation: 'CREATE', resource: storageOf(definition), definition, object }, context);
    for (const text of definition.warnings?.(object, undefined) ?? []) context.warn(text);
    const tracked = options.managed
      ? object
      : trackManagers(this.registry, definition, object, undefined, options, this.clock);
    return options.dryRun ? tracked : this.store.create(storageOf(definition), tracked);
  }

  /** Replaces an object (or with `subresource: 'status'` its status). Throws an ApiError; a stale version is a Conflict. */
  update(resource: ResourceId, input: ObjectInput, options: WriteOptions = {}): KubeObject {
    const { name = '', namespace } = input.metadata ?? {};
    return this.replace(this.stored(resource), this.existing(resource, namespace, name), input, options);
  }

  /** Reads, changes and writes; the change gets a private copy. */
  mutate(
    resource: ResourceId,
    namespace: string | undefined,
    name: string,
    change: (copy: KubeObject) => ObjectInput | void,
    options: WriteOptions = {},
  ): KubeObject {
    const old = this.existing(resource, namespace, name);
    const copy = clone(old);
    return this.replace(this.stored(resource), old, change(copy) ?? copy, options);
  }

  /** The kind under which a resource's objects are kept: events of events.k8s.io are core events, projects namespaces. */
  private stored(resource: ResourceId): ResourceDefinition {
    const definition = this.registry.get(resource);
    return definition.storage ? this.registry.get(definition.storage) : definition;
  }

  private existing(resource: ResourceId, namespace: string | undefined, name: string): KubeObject {
    const object = this.store.get(storageOf(this.registry.get(resource)), namespace, name);
    if (!object) throw notFound(resource, name);
    return object;
  }

  private replace(
    definition: ResourceDefinition,
    old: KubeObject,
    input: ObjectInput,
    options: WriteOptions,
  ): KubeObject {
    const context = this.context(options);
    const resource = storageOf(definition);
    const version = input.metadata?.resourceVersion;
    if (version && version !== old.metadata.resourceVersion) throw conflict(resource, old.metadata.name);
    const uid = input.metadata?.uid;
    if (uid && uid !== old.metadata.uid)
      throw conflict(
        resource,
        old.metadata.name,
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
      );
    const object =
      options.subresource === 'status'
        ? this.withStatus(old, input)
        : this.next(definition, old, input, options, context);
    if (
      equal(
        { ...object, metadata: { ...object.metadata, managedFields: null } },
        { ...old, metadata: { ...old.metadata, managedFields: null } },
      ) &&
      !options.managed
    )
      return old;
    const tracked = options.managed
      ? object
      : trackManagers(this.registry, definition, object, old, options, this.clock);
    if (options.dryRun) return tracked;
    return finished(tracked) ? this.remove(resource, tracked) : this.store.update(resource, tracked);
  }

  private withStatus(old: KubeObject, input: ObjectInput): KubeObject {
    const managedFields = input.metadata?.managedFields;
    return {
      ...old,
      metadata: { ...old.metadata, ...(managedFields && { managedFields }) },
      status: clone(input['status']),
    };
  }

  private next(
    definition: ResourceDefinition,
    old: KubeObject,
    input: ObjectInput,
    options: WriteOptions,
    context: Context,
  ): KubeObject {
    const object = this.fresh(definition, input);
    keepSystemFields(object, old);
    definition.default?.(object);
    const { subresource } = options;
    admit(
      {
        operation: 'UPDATE',
        resource: storageOf(definition),
        definition,
        object,
        old,
        ...(subresource && { subresource }),
      },
      context,
    );
    if (!subresource) definition.prepareUpdate?.(object, old, context);
    if (definition.generation && specChanged(object, old))
      object.metadata.generation = (old.metadata.generation ?? 0) + 1;
    if (!subresource || subresource === 'scale') this.check(definition, object, old, context);
    if (!subresource)
      enforceQuota({ operation: 'UPDATE', resource: storageOf(definition), definition, object, old }, context);
    return object;
  }

  /** Asks for an object's removal. `done` says that it is gone already; else a kubelet or a controller has to finish. */
  delete(
    resource: ResourceId,
    namespace: string | undefined,
    name: string,
    { gracePeriodSeconds, propagationPolicy, preconditions }: DeleteOptions = {},
    options: WriteOptions = {},
  ): { object: KubeObject; done: boolean } {
    const definition = this.stored(resource);
    const storage = storageOf(definition);
    const old = this.existing(resource, namespace, name);
    checkPreconditions(resource, old, preconditions);
    admit({ operation: 'DELETE', resource: storage, definition, object: old }, this.context(options));
    const grace = definition.gracePeriod?.(old, gracePeriodSeconds) ?? 0;
    const finalizers = withPropagation(
      old.metadata.finalizers ?? [],
      propagationPolicy ?? (definition.orphanByDefault ? 'Orphan' : undefined),
    );
    const object = this.markDeleted(old, grace, finalizers);
    if (options.dryRun) return { object, done: finished(object) };
    if (finished(object)) return { object: this.remove(storage, object), done: true };
    return { object: equal(object, old) ? old : this.store.update(storage, object), done: false };
  }

  private markDeleted(old: KubeObject, grace: number, finalizers: string[]): KubeObject {
    const { deletionTimestamp, deletionGracePeriodSeconds: before = 0, finalizers: _old, ...meta } = old.metadata;
    // A second delete may only shorten the time that is left.
    const seconds = deletionTimestamp ? Math.min(grace, before) : grace;
    const asked = deletionTimestamp ? Date.parse(deletionTimestamp) - before * 1000 : this.clock.now();
    const metadata = {
      ...meta,
      ...(finalizers.length > 0 && { finalizers }),
      deletionTimestamp: `${new Date(asked + seconds * 1000).toISOString().slice(0, 19)}Z`,
      // the registry of namespaces sets the time alone
      ...(old.kind !== 'Namespace' && { deletionGracePeriodSeconds: seconds }),
    };
    if (!deletionTimestamp && metadata.generation) metadata.generation++;
    const terminating = old.kind === 'Namespace' && { status: { ...old['status'], phase: 'Terminating' } };
    return { ...old, metadata, ...terminating };
  }

  private remove(resource: ResourceId, last: KubeObject): KubeObject {
    const { resourceVersion } = this.store.delete(resource, last.metadata.namespace, last.metadata.name).metadata;
    return { ...last, metadata: { ...last.metadata, resourceVersion } };
  }

  private context(options: WriteOptions): Context {
    const { store, clock, random, settings } = this;
    return {
      store,
      clock,
      random,
      settings,
      user: options.user ?? ANONYMOUS,
      warn: options.warn ?? (() => {}),
      dryRun: options.dryRun ?? false,
    };
  }

  private fresh({ group, versions, kind, namespaced }: ResourceDefinition, input: ObjectInput): KubeObject {
    const object = clone(input) as KubeObject;
    object.apiVersion = groupVersion(group, versions[0]?.name ?? 'v1');
    object.kind = kind;
    object.metadata ??= {} as KubeObject['metadata'];
    if (!namespaced) delete object.metadata.namespace;
    return object;
  }

  private stampNew(definition: ResourceDefinition, object: KubeObject): void {
    const meta = object.metadata;
    meta.uid = this.random.uuid();
    meta.creationTimestamp = this.clock.timestamp();
    for (const part of ['deletionTimestamp', 'deletionGracePeriodSeconds', 'resourceVersion', 'generation'] as const)
      delete meta[part];
    if (definition.generation) meta.generation = 1;
  }

  private check(
    definition: ResourceDefinition,
    object: KubeObject,
    old: KubeObject | undefined,
    context: Context,
  ): void {
    const errors = new FieldErrors();
    if (old) validateMetaUpdate(object, old, errors);
    validateMeta(object, definition.namespaced, definition.nameRule ?? dnsSubdomain, errors);
    validateFinalizers(
      object,
      definition.group !== 'apiextensions.k8s.io' && !this.registry.isCustom(resourceId(definition)),
      errors,
    );
    definition.validate?.(object, errors, context);
    if (old) definition.validateUpdate?.(object, old, errors, context);
    else definition.validateCreate?.(object, errors, context);
    if (errors.list.length === 0) return;
    const group = definition.errorGroup ?? definition.group;
    throw invalid(group ? `${definition.kind}.${group}` : definition.kind, object.metadata.name ?? '', errors.list);
  }
}

/** An object whose deletion nothing holds up any more. */
const finished = ({ metadata, kind, spec }: KubeObject): boolean =>
  metadata.deletionTimestamp !== undefined &&
  !metadata.finalizers?.length &&
  !metadata.deletionGracePeriodSeconds &&
  (kind !== 'Namespace' || !spec?.finalizers?.length);

function keepSystemFields(object: KubeObject, old: KubeObject): void {
  const meta = object.metadata;
  meta.uid = old.metadata.uid;
  meta.creationTimestamp = old.metadata.creationTimestamp;
  meta.resourceVersion = old.metadata.resourceVersion;
  for (const part of ['generation', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const)
    if (old.metadata[part] === undefined) delete meta[part];
    else (meta as unknown as Record<string, unknown>)[part] = old.metadata[part];
  meta.managedFields ??= old.metadata.managedFields ?? [];
  if (meta.managedFields.length === 0) delete meta.managedFields;
}

function specChanged(object: KubeObject, old: KubeObject): boolean {
  const keys = new Set([...Object.keys(object), ...Object.keys(old)]);
  for (const key of ['apiVersion', 'kind', 'metadata', 'status']) keys.delete(key);
  return [...keys].some((key) => !equal(object[key], old[key]));
}

function checkPreconditions(
  resource: ResourceId,
  old: KubeObject,
  preconditions: DeleteOptions['preconditions'],
): void {
  const { uid, resourceVersion } = preconditions ?? {};
  const { name } = old.metadata;
  if (uid && uid !== old.metadata.uid)
    throw conflict(
      resource,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
    );
  if (resourceVersion && resourceVersion !== old.metadata.resourceVersion)
    throw conflict(
      resource,
      name,
      `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${old.metadata.resourceVersion}`,
    );
}

function withPropagation(finalizers: readonly string[], policy: DeleteOptions['propagationPolicy']): string[] {
  if (!policy) return [...finalizers];
  const rest = finalizers.filter((each) => each !== 'orphan' && each !== 'foregroundDeletion');
  if (policy === 'Orphan') return [...rest, 'orphan'];
  return policy === 'Foreground' ? [...rest, 'foregroundDeletion'] : rest;
}
