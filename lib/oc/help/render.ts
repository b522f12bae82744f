// Prints help in kubectl's layout. DIFFERS: the words are our own and shorter, without kubectl's examples.
import { type FlagSpec, shownDefault } from '../flags/spec';
import { type Help, summary } from './catalog';

const MIN_WIDTH = 11; // cobra's padding of command names

/** The text of `-h`. */
export function renderHelp(program: string, path: string, help: Help): string {
  const parts = [help.long ?? `${summary(path)}${summary(path).endsWith('.') ? '' : '.'}`];
  if (help.aliases?.length) parts.push(`Aliases:\n${[path.split(' ').at(-1), ...help.aliases].join(', ')}`);
  if (help.example) parts.push(`Examples:\n${help.example}`);
  const width = Math.max(MIN_WIDTH, ...(help.groups ?? []).flatMap(([, names]) => names.map((name) => name.length)));
  for (const [title, names] of help.groups ?? []) parts.push(group(title, names, width, path));
  if (help.flags?.length) parts.push(renderFlags(help.flags));
  parts.push(`Usage:\n  ${help.usage.replace(/^kubectl/, program)}`);
  const parent = path === '' ? program : `${program} ${path}`;
  const tail: string[] = [];
  if (help.groups) tail.push(`Use "${parent} <command> --help" for more information about a given command.`);
  tail.push(`Use "${program} options" for a list of global command-line options (applies to all commands).`);
  return `${parts.join('\n\n')}\n\n${tail.join('\n')}\n`;
}

function group(title: string, names: string[], width: number, path: string): string {
  const rows = names.map((name) => `  ${name.padEnd(width)}   ${summary(path ? `${path} ${name}` : name)}`);
  return [`${title}:`, ...rows].join('\n');
}

export function renderFlags(flags: FlagSpec[], title = 'Options:\n', indent = 4): string {
  const blocks = [...flags]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((flag) => {
      const names = flag.short ? `-${flag.short}, --${flag.name}` : `--${flag.name}`;
      return `${' '.repeat(indent)}${names}=${shownDefault(flag)}:\n${flag.usage ? `\t${flag.usage.replaceAll('\n', '\n\t')}` : ''}`;
    });
  return `${title}${blocks.join('\n\n')}`;
}
