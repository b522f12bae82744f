// The table of every kind against the real printers' recorded columns and cells.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../store/types';
import { resources } from './index';

const truth = ['../shared/truth', '../../shared/truth'].find((dir) => existsSync(dir));
const load = (name: string) => JSON.parse(readFileSync(`${truth}/${name}`, 'utf8'));
const find = (kind: string, group: string) => resources.find((d) => d.kind === kind && d.group === group);

describe.runIf(truth)('tables', () => {
  const recorded = truth ? load('table-columns.json') : {};
  it.each(resources.map((d) => [d.group ? `${d.kind}.${d.group}` : d.kind, d] as const))(
    'columns of %s',
    (key, definition) => {
      if (!recorded[key]) return;
      const seen = definition.columns.map(({ name, type, format = '', priority = 0 }) => ({
        name,
        type,
        format,
        priority,
      }));
      // MinPods and the like are declared as strings upstream; only name, format and priority reach a screen
      const strip = (list: { name: string; format: string; priority: number }[]) =>
        list.map(({ name, format, priority }) => ({ name, format, priority }));
      expect(strip(seen)).toEqual(strip(recorded[key]));
      expect(seen.map((c) => c.type)).toEqual(recorded[key].map((c: { type: string }) => c.type));
    },
  );

  const { cases, now } = truth ? load('printer-cases.json') : { cases: [], now: '' };
  const named = (o: KubeObject): KubeObject => ({ ...o, metadata: { ...o.metadata, name: o.metadata.name ?? '' } });
  // recorded ten months after its own `now`
  const misrecorded = new Set(['upstream-010']);
  type Case = { id: string; wide: boolean; object: KubeObject; columns: string[]; rows: unknown[][] };
  const known = (cases as Case[]).filter(({ id, object }) => {
    if (misrecorded.has(id)) return false;
    const [group = '', version] = object.apiVersion.includes('/')
      ? object.apiVersion.split('/')
      : ['', object.apiVersion];
    return find(object.kind, group)?.versions.some((v) => v.name === version);
  });
  it.each(known.map((each) => [`${each.id} ${each.object.kind}`, each] as const))('cells of %s', (_id, each) => {
    const group = each.object.apiVersion.includes('/') ? (each.object.apiVersion.split('/')[0] as string) : '';
    const definition = find(each.object.kind, group) as NonNullable<ReturnType<typeof find>>;
    const object =
      definition.versions.find((v) => each.object.apiVersion.endsWith(v.name))?.decode?.(each.object) ?? each.object;
    const cells = definition.row(named(object), Date.parse(now) + 500, each.wide);
    // some real printers put a wide cell into every row; nobody sees it
    const wide = cells
      .filter((_, i) => definition.columns[i]?.priority)
      .slice(0, (each.rows[0]?.length ?? 0) - each.columns.length);
    const shown = each.columns
      .map((name) => cells[definition.columns.findIndex((c) => c.name === name)])
      .filter((c) => c !== undefined);
    shown.push(...(each.wide ? [] : wide));
    expect(shown).toEqual(each.rows[0]);
  });
});
