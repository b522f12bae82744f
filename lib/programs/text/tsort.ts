// tsort: pairs of names to an order in which the first of each comes before the second, as Knuth's algorithm T has it.
import type { Program } from '../../machine/process';
import { getopt } from '../getopt';
import { attempt, fail, quote, refused, textOf, usage } from '../tool';

interface Item {
  name: string;
  /** Relations in which it is the second. */
  count: number;
  after: Item[];
  printed: boolean;
}

export const tsort: Program = async (proc) => {
  const options = getopt(proc.argv, '');
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const [path = '-', extra] = options.rest;
  if (extra !== undefined) return usage(proc, `tsort: extra operand ${quote(proc, extra)}`);
  let words: string[] = [];
  const unread = await attempt(
    proc,
    async () => {
      words = (await textOf(proc, path)).split(/[ \t\n]+/).filter(Boolean);
    },
    (reason) => `${path}: ${reason}`,
  );
  if (unread) return unread;
  if (words.length % 2 === 1) return fail(proc, `${path}: input contains an odd number of tokens`);
  const items = itemsOf(words);
  let status = 0;
  for (let left = items.length; left > 0; ) {
    await proc.tick();
    const queue = items.filter(({ count, printed }) => count === 0 && !printed);
    for (const item of queue) {
      item.printed = true;
      left--;
      // the relation that was told last is looked at first
      for (const next of item.after.toReversed()) if (--next.count === 0) queue.push(next);
    }
    await proc.print(queue.map(({ name }) => `${name}\n`).join(''));
    if (left === 0) break;
    status = await fail(proc, `${path}: input contains a loop:`);
    for (const name of breakLoop(items)) await proc.complain(`tsort: ${name}\n`);
  }
  return status;
};

/** The names in the order of their bytes, with what comes after each. */
function itemsOf(words: readonly string[]): Item[] {
  const items = new Map<string, Item>();
  const itemOf = (name: string) => {
    const item = items.get(name) ?? { name, count: 0, after: [], printed: false };
    items.set(name, item);
    return item;
  };
  for (let i = 0; i < words.length; i += 2) {
    const [first, second] = [itemOf(words[i] as string), itemOf(words[i + 1] as string)];
    if (first === second) continue;
    first.after.push(second);
    second.count++;
  }
  return [...items.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Goes back from one item to what must come before it until it meets an item again; takes away the relation that closes the loop. */
function breakLoop(items: readonly Item[]): string[] {
  const trail: Item[] = [];
  const held = items.filter(({ count }) => count > 0);
  for (;;)
    for (const item of held) {
      const last = trail.at(-1);
      if (!last) {
        trail.push(item);
        continue;
      }
      const at = item.after.lastIndexOf(last);
      if (at < 0 || item.printed) continue;
      const met = trail.indexOf(item, 1); // where the walk began counts only when it comes there again
      if (met < 0) {
        trail.push(item);
        continue;
      }
      item.after.splice(at, 1);
      last.count--;
      return trail
        .slice(met)
        .toReversed()
        .map(({ name }) => name);
    }
}
