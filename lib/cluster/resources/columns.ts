// Short ways to write a kind's table columns and the cells that many kinds share.
import type { KubeObject } from '../store/types';
import type { Cell, Column } from './definition';
import { since } from './duration';

/** The description that the real server gives a name column. */
export const nameColumn: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name must be unique within a namespace.',
};

/**
 * Columns from their names: `Ready`, `Age`, `Desired:integer`, `IP*` (a star: only with `-o wide`); `Name` is the name column.
 */
export const columns = (...names: string[]): Column[] =>
  names.map((text) => {
    const wide = text.endsWith('*');
    const [name = '', type = 'string'] = (wide ? text.slice(0, -1) : text).split(/:(?=integer$|boolean$)/);
    if (name === 'Name' && !wide) return nameColumn;
    return { name, type: type as Column['type'], ...(wide && { priority: 1 }) };
  });

export const age = (object: KubeObject, now: number): string => since(object.metadata.creationTimestamp, now);

export const nameAndAge = {
  columns: columns('Name', 'Age'),
  row: (object: KubeObject, now: number): Cell[] => [object.metadata.name, age(object, now)],
};

/** `a,b` of containers' names, and of their images. */
// biome-ignore lint/suspicious/noExplicitAny: a pod template of any workload
export const containersAndImages = (template: any): [string, string] => {
  const containers: { name: string; image?: string }[] = template?.spec?.containers ?? [];
  return [containers.map((c) => c.name).join(','), containers.map((c) => c.image ?? '').join(',')];
};
