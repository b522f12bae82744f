// Who may do what: access control lists, as `\dp` shows them, and the check of a privilege.
import type { AnyRelation, Catalog, Role, Schema } from './catalog';
import { PgError } from './error';

const LETTERS: Record<string, string> = {
  select: 'r',
  insert: 'a',
  update: 'w',
  delete: 'd',
  truncate: 'D',
  references: 'x',
  trigger: 't',
  maintain: 'm',
  usage: 'U',
  create: 'C',
  connect: 'c',
  temporary: 'T',
  temp: 'T',
  execute: 'X',
};
const ORDER = 'arwdDxtmXUCTc';
export const ALL_LETTERS = {
  table: 'arwdDxt',
  view: 'arwdDxt',
  sequence: 'rwU',
  schema: 'UC',
  database: 'CTc',
} as const;

export function aclLetter(privilege: string, colon = ':'): string {
  const letter = LETTERS[privilege];
  if (!letter) throw new PgError('22023', `unrecognized privilege type${colon} "${privilege}"`);
  return letter;
}

export const privilegeName = (letter: string): string =>
  Object.keys(LETTERS)
    .find((name) => LETTERS[name] === letter)
    ?.toUpperCase() ?? letter;

type Acl = Record<string, string>;

/** With the owner's default when nothing was granted. */
export const explicitAcl = (acl: Acl | undefined, owner: string, all: string): Acl => acl ?? { [owner]: all };

const sorted = (letters: string): string => [...ORDER].filter((letter) => letters.includes(letter)).join('');

/** With privileges given to or taken from a grantee. */
export function changed(acl: Acl, grantee: string, letters: string, grant: boolean): Acl {
  const old = acl[grantee] ?? '';
  const now = grant ? sorted(old + letters) : [...old].filter((letter) => !letters.includes(letter)).join('');
  const next = { ...acl, [grantee]: now };
  if (now === '') delete next[grantee];
  return next;
}

/** An array of aclitem, or null. */
export const aclText = (acl: Acl | undefined, owner: string): string | null =>
  acl === undefined
    ? null
    : `{${Object.entries(acl)
        .map(([grantee, letters]) => `${grantee === '' ? '' : grantee}=${letters}/${owner}`)
        .join(',')}}`;

/** The roles that a role acts as: itself and what it is a member of. */
function rolesOf(roles: ReadonlyMap<string, Role>, name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const parent of roles.get(name)?.memberOf ?? []) rolesOf(roles, parent, seen);
  return seen;
}

export function mayRelation(
  roles: ReadonlyMap<string, Role>,
  user: string,
  relation: AnyRelation,
  letter: string,
): boolean {
  if (roles.get(user)?.superuser) return true;
  const acting = rolesOf(roles, user);
  const acl = explicitAcl(relation.acl, relation.owner, ALL_LETTERS[relation.k]);
  return Object.entries(acl).some(
    ([grantee, letters]) => (grantee === '' || acting.has(grantee)) && letters.includes(letter),
  );
}

export function maySchema(
  roles: ReadonlyMap<string, Role>,
  user: string,
  schema: Schema,
  databaseOwner: string,
  letter: string,
): boolean {
  if (roles.get(user)?.superuser) return true;
  const acting = rolesOf(roles, user);
  if (user === databaseOwner) acting.add('pg_database_owner');
  if (acting.has(schema.owner)) return true;
  return Object.entries(schema.acl ?? {}).some(
    ([grantee, letters]) => (grantee === '' || acting.has(grantee)) && letters.includes(letter),
  );
}

/** Owner, or a member of the owner, or a superuser. */
export const owns = (roles: ReadonlyMap<string, Role>, user: string, owner: string): boolean =>
  (roles.get(user)?.superuser ?? false) || rolesOf(roles, user).has(owner);

/** What ALTER DEFAULT PRIVILEGES gives to a new relation. */
export function defaultAcl(catalog: Catalog, owner: string, kind: 'table' | 'sequence'): Acl | undefined {
  const rules = catalog.defaults.filter((rule) => rule.owner === owner && rule.kind === kind);
  if (rules.length === 0) return undefined;
  return rules.reduce<Acl>((acl, rule) => changed(acl, rule.grantee, rule.letters, true), {
    [owner]: ALL_LETTERS[kind],
  });
}
