// yq's operators on texts.
import type { Operator } from './evaluate';
import { bool, int, map, nothing, placed, seq, text, type YqNode } from './node';
import type { Each, FirstOf } from './operators';
import { argumentsOf, type Expression } from './parser';
import { YqError } from './problem';

const mustBeText = (node: YqNode, what: string): string => {
  const { real } = node;
  if (real.isNull) return '';
  if (real.kind !== 'scalar' || (real.tag !== '!!str' && real.tag.startsWith('!!')))
    throw new YqError(`cannot ${what} ${real.tag}, can only operate on strings`);
  return real.value;
};

/** A pattern of Go's regexp as JavaScript's; flags before it, `(?i)`, become its flags. */
function pattern(source: string, flags: string): RegExp {
  const leading = /^\(\?([ims]+)\)/.exec(source);
  const own = leading ? source.slice(leading[0].length) : source;
  try {
    return new RegExp(own.replaceAll('(?P<', '(?<'), `${flags}d${leading?.[1] ?? ''}`.replace('dd', 'd'));
  } catch (error) {
    throw new YqError(`error parsing regexp: ${(error as Error).message}`);
  }
}

function shown(found: RegExpExecArray): YqNode {
  const made = map();
  made.put(text('string'), text(found[0]));
  made.put(text('offset'), int(found.index));
  made.put(text('length'), int([...found[0]].length));
  const names = Object.entries(found.groups ?? {});
  const indices = (found as unknown as { indices: ([number, number] | undefined)[] }).indices;
  const captures = found.slice(1).map((value, i) => {
    const capture = map();
    const absent = value === undefined;
    capture.put(text('string'), absent ? nothing() : text(value));
    capture.put(text('offset'), int(indices[i + 1]?.[0] ?? -1));
    capture.put(text('length'), int(absent ? 0 : [...value].length));
    const groups =
      (found as unknown as { indices: { groups?: Record<string, [number, number]> } }).indices.groups ?? {};
    const name = names.find(
      ([key]) => groups[key]?.[0] === indices[i + 1]?.[0] && groups[key]?.[1] === indices[i + 1]?.[1],
    );
    if (name) capture.put(text('name'), text(name[0]));
    return capture;
  });
  const list = seq(captures);
  made.put(text('captures'), list);
  return made;
}

export function strings(firstOf: FirstOf, each: Each): Record<string, Operator> {
  const changed = (change: (value: string) => string, what: string): Operator =>
    each((node) => {
      const value = mustBeText(node, what);
      if (node.real.isNull) return node;
      const made = placed(text(change(value)), node);
      made.style = node.real.style;
      return made;
    });
  const matching = (answer: (node: YqNode, value: string, find: RegExp) => YqNode | YqNode[]): Operator =>
    each(async (node, run, context, args) => {
      const [source, options] = argumentsOf(args, args?.kind === 'binary' && args.op === ';' ? ';' : ',');
      const given = await firstOf(run, context, source, node);
      const flags = options ? ((await firstOf(run, context, options, node))?.value ?? '') : '';
      const global = flags.includes('g') ? 'g' : '';
      return answer(
        node,
        mustBeText(node, 'match with'),
        pattern(given?.value ?? '', global + (flags.includes('i') ? 'i' : '')),
      );
    });
  const all = (value: string, find: RegExp): RegExpExecArray[] => {
    if (find.global) return [...value.matchAll(find)] as RegExpExecArray[];
    const found = find.exec(value);
    return found ? [found] : [];
  };
  const two = async (args: Expression | undefined, message: string): Promise<[Expression, Expression]> => {
    const separator = args?.kind === 'binary' && args.op === ';' ? ';' : ',';
    const [a, b] = argumentsOf(args, separator);
    if (!a || !b) throw new YqError(message);
    return [a, b];
  };
  return {
    upcase: changed((value) => value.toUpperCase(), 'change case with'),
    ascii_upcase: changed((value) => value.toUpperCase(), 'change case with'),
    downcase: changed((value) => value.toLowerCase(), 'change case with'),
    ascii_downcase: changed((value) => value.toLowerCase(), 'change case with'),
    trim: changed((value) => value.trim(), 'trim'),
    split: each(async (node, run, context, args) => {
      if (node.real.isNull) return undefined;
      const separator = (await firstOf(run, context, args, node))?.value ?? '';
      const value = mustBeText(node, 'split');
      return placed(seq(value === '' ? [] : value.split(separator).map(text)), node);
    }),
    join: each(async (node, run, context, args) => {
      const separator = (await firstOf(run, context, args, node))?.value ?? '';
      const { real } = node;
      if (real.kind !== 'seq') throw new YqError(`cannot join with ${real.tag}, can only join arrays of scalars`);
      return placed(text(real.content.map((item) => (item.real.isNull ? '' : item.real.value)).join(separator)), node);
    }),
    sub: each(async (node, run, context, args) => {
      const [from, to] = await two(args, 'SUBSTR must be given a block (;), got something else instead');
      const find = pattern((await firstOf(run, context, from, node))?.value ?? '', 'g');
      const by = ((await firstOf(run, context, to, node))?.value ?? '')
        .replace(/\$\{(\w+)\}/g, (_, name: string) => (/^\d+$/.test(name) ? `$${name}` : `$<${name}>`))
        .replace(/\$([A-Za-z_]\w*)/g, '$<$1>');
      const made = placed(text(mustBeText(node, 'substitute with').replace(find, by)), node);
      made.style = node.real.style;
      return made;
    }),
    test: matching((node, value, find) => placed(bool(find.test(value)), node)),
    match: matching((node, value, find) => all(value, find).map((found) => placed(shown(found), node))),
    capture: matching((node, value, find) =>
      all(value, find).map((found) => {
        const made = map();
        for (const [name, part] of Object.entries(found.groups ?? {}))
          made.put(text(name), part === undefined ? nothing() : text(part));
        return placed(made, node);
      }),
    ),
  };
}
