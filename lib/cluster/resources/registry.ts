// The kinds that one API server serves: those of its profile, and custom ones added later.
import type { ResourceId } from '../store/types';
import type { ClusterSettings, ResourceDefinition, ServedVersion } from './definition';
import { resourceId } from './definition';
import { resources } from './index';
import { Schema } from './schema/schema';

/** A kind in one of its versions. */
export interface Served {
  definition: ResourceDefinition;
  version: ServedVersion;
}

export class Registry {
  readonly schema: Schema;
  private readonly list: ResourceDefinition[];
  private readonly custom = new Set<ResourceId>();
  private readonly byId = new Map<ResourceId, ResourceDefinition>();
  /** Counts the changes of what is served; documents made of it are made again then. */
  revision = 0;

  /** `legacy`: also the versions removed since Kubernetes 1.20, for clients of that time, and no kubelets. */
  constructor(profile: ClusterSettings['profile'], { legacy = false }: { legacy?: boolean } = {}) {
    const present = (d: ResourceDefinition) => ({
      ...d,
      versions: d.versions.filter((version) => legacy || !version.legacy),
    });
    this.list = resources
      .filter((d) => (!d.profile || d.profile === profile) && !(legacy && d.needsNodes))
      .map(present);
    this.schema = new Schema(Object.assign({}, ...this.list.map((d) => d.types ?? {})));
    for (const definition of this.list) this.byId.set(resourceId(definition), definition);
  }

  /** Serves a custom kind, or its new definition. */
  add(definition: ResourceDefinition): void {
    const id = resourceId(definition);
    this.remove(id);
    this.custom.add(id);
    this.list.push(definition);
    this.byId.set(id, definition);
    this.schema.add(definition.types ?? {});
    this.revision++;
  }

  remove(id: ResourceId): void {
    if (!this.custom.delete(id)) return;
    this.list.splice(this.list.indexOf(this.get(id)), 1);
    this.byId.delete(id);
    this.revision++;
  }

  isCustom(id: ResourceId): boolean {
    return this.custom.has(id);
  }

  /** Throws for an unknown id: a bug of the caller. */
  get(id: ResourceId): ResourceDefinition {
    const definition = this.byId.get(id);
    if (!definition) throw new Error(`unknown resource ${id}`);
    return definition;
  }

  all(): readonly ResourceDefinition[] {
    return this.list;
  }

  find(group: string, version: string, plural: string): Served | undefined {
    const definition = this.byId.get(group ? `${plural}.${group}` : plural);
    const found = definition?.versions.find(({ name }) => name === version);
    return definition && found && { definition, version: found };
  }

  /** A kind by its apiVersion, as owner references and manifests name it. */
  findKind(apiVersion: string, kind: string): Served | undefined {
    const slash = apiVersion.indexOf('/');
    const [group, name] = slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
    for (const definition of this.list) {
      if (definition.group !== group || definition.kind !== kind) continue;
      const version = definition.versions.find((each) => each.name === name);
      if (version) return { definition, version };
    }
    return undefined;
  }
}

/** Where a kind's objects are stored. */
export const storageOf = (definition: ResourceDefinition): ResourceId => definition.storage ?? resourceId(definition);
