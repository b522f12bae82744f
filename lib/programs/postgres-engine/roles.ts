// Roles, databases and grants.
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import type { Random } from '../../sim/random';
import type { Tree } from '../sql/postgres-parser';
import type { AnyRelation, Catalog, Database, Role } from './catalog';
import { PgError, undefinedTable, unsupported } from './error';
import { ALL_LETTERS, aclLetter, changed, explicitAcl, owns } from './privileges';

const ITERATIONS = 4096;

/** A SCRAM-SHA-256 verifier, as pg_authid keeps it. */
function makeVerifier(password: string, random: Random): string {
  const salt = Buffer.from(Array.from({ length: 16 }, () => random.int(256)));
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, ITERATIONS, 32, 'sha256');
  const client = createHmac('sha256', salted).update('Client Key').digest();
  const server = createHmac('sha256', salted).update('Server Key').digest();
  const stored = createHash('sha256').update(client).digest();
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${stored.toString('base64')}:${server.toString('base64')}`;
}

export const newRole = (name: string, oid: number, options: Partial<Role> = {}): Role => ({
  oid,
  name,
  superuser: false,
  inherit: true,
  createRole: false,
  createDb: false,
  login: false,
  replication: false,
  bypassRls: false,
  connectionLimit: -1,
  memberOf: [],
  settings: {},
  ...options,
});

/** What the statements of this file change. */
export interface Globals {
  roles: Map<string, Role>;
  databases: Map<string, Database>;
}

export interface RoleContext {
  globals: Globals;
  user: string;
  database: Database;
  random: Random;
  nextOid(): number;
  notice(message: string): void;
  findRelation(name: string, schema?: string): AnyRelation | undefined;
}

const me = (r: RoleContext): Role | undefined => r.globals.roles.get(r.user);

function mayMakeRoles(r: RoleContext, what: string): void {
  const role = me(r);
  if (!role?.superuser && !role?.createRole)
    throw new PgError(
      '42501',
      `permission denied to ${what} role`,
      what === 'create' ? { detail: 'Only roles with the CREATEROLE attribute may create roles.' } : {},
    );
}

export function named(r: RoleContext, spec: Tree): string {
  if (spec.roletype === 'ROLESPEC_PUBLIC') return '';
  if (spec.roletype !== 'ROLESPEC_CSTRING') return r.user;
  if (!r.globals.roles.has(spec.rolename)) throw new PgError('42704', `role "${spec.rolename}" does not exist`);
  return spec.rolename;
}

const FLAGS: Record<string, keyof Role> = {
  superuser: 'superuser',
  inherit: 'inherit',
  createrole: 'createRole',
  createdb: 'createDb',
  canlogin: 'login',
  isreplication: 'replication',
  bypassrls: 'bypassRls',
};

function applyOptions(r: RoleContext, role: Role, options: Tree[]): void {
  for (const { DefElem: option } of options) {
    const flag = FLAGS[option.defname];
    if (flag) Object.assign(role, { [flag]: option.arg.Boolean.boolval ?? false });
    else if (option.defname === 'password') {
      const text = option.arg?.String?.sval;
      if (text === undefined) delete role.verifier;
      else role.verifier = /^(SCRAM-SHA-256\$|md5[0-9a-f]{32}$)/.test(text) ? text : makeVerifier(text, r.random);
    } else if (option.defname === 'connectionlimit') role.connectionLimit = option.arg.Integer.ival ?? 0;
    else if (option.defname === 'validUntil') role.validUntil = option.arg.String.sval;
    else if (option.defname === 'addroleto')
      for (const { RoleSpec: spec } of option.arg.List.items) role.memberOf.push(named(r, spec));
    else if (option.defname === 'rolemembers')
      for (const { RoleSpec: spec } of option.arg.List.items)
        r.globals.roles.get(named(r, spec))?.memberOf.push(role.name);
  }
}

export function createRole(r: RoleContext, node: Tree): string {
  mayMakeRoles(r, 'create');
  if (r.globals.roles.has(node.role)) throw new PgError('42710', `role "${node.role}" already exists`);
  if (node.role.startsWith('pg_'))
    throw new PgError('42939', `role name "${node.role}" is reserved`, {
      detail: 'Role names starting with "pg_" are reserved.',
    });
  const role = newRole(node.role, r.nextOid(), { login: node.stmt_type === 'ROLESTMT_USER' });
  r.globals.roles.set(role.name, role);
  applyOptions(r, role, node.options ?? []);
  return 'CREATE ROLE';
}

export function alterRole(r: RoleContext, node: Tree): string {
  const role = r.globals.roles.get(named(r, node.role)) as Role;
  const onlyPassword = (node.options as Tree[]).every(({ DefElem: o }) => o.defname === 'password');
  if (!(role.name === r.user && onlyPassword)) mayMakeRoles(r, 'alter');
  if (role.superuser && !me(r)?.superuser)
    throw new PgError('42501', 'permission denied to alter role', {
      detail: 'Only roles with the SUPERUSER attribute may alter roles with the SUPERUSER attribute.',
    });
  applyOptions(r, role, node.options ?? []);
  return 'ALTER ROLE';
}

export function renameRole(r: RoleContext, node: Tree): string {
  mayMakeRoles(r, 'rename');
  const role = r.globals.roles.get(node.subname);
  if (!role) throw new PgError('42704', `role "${node.subname}" does not exist`);
  r.globals.roles.delete(node.subname);
  role.name = node.newname;
  r.globals.roles.set(role.name, role);
  return 'ALTER ROLE';
}

export function dropRole(r: RoleContext, node: Tree): string {
  mayMakeRoles(r, 'drop');
  for (const { RoleSpec: spec } of node.roles as Tree[]) {
    const name = spec.rolename;
    if (!r.globals.roles.has(name)) {
      if (!node.missing_ok) throw new PgError('42704', `role "${name}" does not exist`);
      r.notice(`role "${name}" does not exist, skipping`);
      continue;
    }
    if (name === r.user) throw new PgError('55006', 'current user cannot be dropped');
    const held = holdings(r, name);
    if (held.length > 0)
      throw new PgError('2BP01', `role "${name}" cannot be dropped because some objects depend on it`, {
        detail: held.join('\n'),
      });
    r.globals.roles.delete(name);
    for (const role of r.globals.roles.values()) role.memberOf = role.memberOf.filter((parent) => parent !== name);
  }
  return 'DROP ROLE';
}

function holdings(r: RoleContext, name: string): string[] {
  const lines: string[] = [];
  for (const database of r.globals.databases.values()) {
    if (database.owner === name) lines.push(`owner of database ${database.name}`);
    if (database.acl?.[name]) lines.push(`privileges for database ${database.name}`);
    if (database !== r.database) continue;
    for (const [schema, { owner, acl }] of Object.entries(database.catalog.schemas)) {
      if (owner === name) lines.push(`owner of schema ${schema}`);
      else if (acl?.[name]) lines.push(`privileges for schema ${schema}`);
    }
    for (const relation of database.catalog.relations) {
      if (relation.owner === name) lines.push(`owner of ${relation.k} ${relation.name}`);
      else if (relation.acl?.[name]) lines.push(`privileges for ${relation.k} ${relation.name}`);
    }
  }
  return lines;
}

export function grantRole(r: RoleContext, node: Tree): string {
  for (const { AccessPriv: parent } of node.granted_roles as Tree[]) {
    if (!r.globals.roles.has(parent.priv_name)) throw new PgError('42704', `role "${parent.priv_name}" does not exist`);
    for (const { RoleSpec: spec } of node.grantee_roles as Tree[]) {
      const role = r.globals.roles.get(named(r, spec)) as Role;
      role.memberOf = role.memberOf.filter((name) => name !== parent.priv_name);
      if (node.is_grant) role.memberOf.push(parent.priv_name);
    }
  }
  return node.is_grant ? 'GRANT ROLE' : 'REVOKE ROLE';
}

// Grants on things

type Kind = 'table' | 'sequence' | 'schema' | 'database';
const OBJECTS: Record<string, Kind> = {
  OBJECT_TABLE: 'table',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_SCHEMA: 'schema',
  OBJECT_DATABASE: 'database',
};

export function grant(r: RoleContext, node: Tree): string {
  const tag = node.is_grant ? 'GRANT' : 'REVOKE';
  const kind = OBJECTS[node.objtype as string];
  if (!kind) {
    if (/FUNCTION|LANGUAGE|TYPE|ROUTINE|PROCEDURE/.test(node.objtype)) return tag;
    throw unsupported(`GRANT on ${node.objtype}`);
  }
  const letters = node.privileges
    ? (node.privileges as Tree[]).map(({ AccessPriv: p }) => allowed(p.priv_name, kind)).join('')
    : ALL_LETTERS[kind];
  const grantees = (node.grantees as Tree[]).map(({ RoleSpec: spec }) => named(r, spec));
  for (const target of targets(r, node, kind)) {
    if (!owns(r.globals.roles, r.user, target.owner))
      throw new PgError('42501', `permission denied for ${target.label}`);
    let acl = explicitAcl(target.holder.acl, target.owner, target.all);
    for (const grantee of grantees) acl = changed(acl, grantee, letters, node.is_grant === true);
    target.holder.acl = acl;
  }
  return tag;
}

function allowed(name: string, kind: Kind): string {
  const letter = aclLetter(name, '');
  if (!(ALL_LETTERS[kind] + (kind === 'table' ? 'm' : '')).includes(letter))
    throw new PgError('0LP01', `invalid privilege type ${name.toUpperCase()} for ${kind}`);
  return letter;
}

interface Target {
  holder: { acl?: Record<string, string> };
  owner: string;
  all: string;
  label: string;
}

function targets(r: RoleContext, node: Tree, kind: Kind): Target[] {
  const { catalog } = r.database;
  if (node.targtype === 'ACL_TARGET_ALL_IN_SCHEMA')
    return (node.objects as Tree[]).flatMap((object) => {
      if (!catalog.schemas[object.String.sval])
        throw new PgError('3F000', `schema "${object.String.sval}" does not exist`);
      return catalog.relations
        .filter((rel) => rel.schema === object.String.sval && (kind === 'sequence') === (rel.k === 'sequence'))
        .map(ofRelation);
    });
  return (node.objects as Tree[]).map((object) => {
    if (kind === 'database') return ofDatabase(r, object.String.sval);
    if (kind === 'schema') return ofSchema(catalog, object.String.sval);
    const found = r.findRelation(object.RangeVar.relname, object.RangeVar.schemaname);
    const own = found && catalog.relations.find(({ oid }) => oid === found.oid);
    if (!own) throw undefinedTable(object.RangeVar.relname);
    return ofRelation(own);
  });
}

const ofRelation = (relation: AnyRelation): Target => ({
  holder: relation,
  owner: relation.owner,
  all: ALL_LETTERS[relation.k],
  label: `${relation.k} ${relation.name}`,
});

function ofSchema(catalog: Catalog, name: string): Target {
  const schema = catalog.schemas[name];
  if (!schema) throw new PgError('3F000', `schema "${name}" does not exist`);
  return { holder: schema, owner: schema.owner, all: 'UC', label: `schema ${name}` };
}

function ofDatabase(r: RoleContext, name: string): Target {
  const database = r.globals.databases.get(name);
  if (!database) throw new PgError('3D000', `database "${name}" does not exist`);
  database.acl ??= { '': 'Tc', [database.owner]: 'CTc' };
  return { holder: database, owner: database.owner, all: 'CTc', label: `database ${name}` };
}

export function alterDefaults(r: RoleContext, node: Tree): string {
  const { action } = node;
  const kind = action.objtype === 'OBJECT_SEQUENCE' ? 'sequence' : 'table';
  if (action.objtype !== 'OBJECT_SEQUENCE' && action.objtype !== 'OBJECT_TABLE') return 'ALTER DEFAULT PRIVILEGES';
  const letters = action.privileges
    ? (action.privileges as Tree[]).map(({ AccessPriv: p }) => allowed(p.priv_name, kind)).join('')
    : ALL_LETTERS[kind];
  for (const { RoleSpec: spec } of action.grantees as Tree[]) {
    const grantee = named(r, spec);
    const { defaults } = r.database.catalog;
    r.database.catalog.defaults = defaults.filter(
      (rule) => !(rule.owner === r.user && rule.kind === kind && rule.grantee === grantee),
    );
    if (action.is_grant) r.database.catalog.defaults.push({ owner: r.user, kind, grantee, letters });
  }
  return 'ALTER DEFAULT PRIVILEGES';
}
