// History expansion: `!!`, `!$`, `!-2`, `!12`, `!text`, `!?text?`, `^old^new`.

export type Expanded = { text: string } | { missing: string };

/** Expands what is not in single quotes; `missing` names the event that is not there. */
export function expandHistory(text: string, lines: string[]): Expanded {
  const quick = /^\^([^^]+)\^([^^]*)\^?$/.exec(text);
  if (quick) {
    const last = lines.at(-1);
    if (!last?.includes(quick[1] as string)) return { missing: `:s${text}` };
    return { text: last.replace(quick[1] as string, quick[2] as string) };
  }
  let out = '';
  let single = false;
  let double = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === '\\' && !single) {
      out += text.slice(i, i + 2);
      i++;
    } else if (c === "'" && !double) {
      single = !single;
      out += c;
    } else if (c === '"' && !single) {
      double = !double;
      out += c;
    } else if (c === '!' && !single) {
      const found = event(text.slice(i), lines, double);
      if (found && 'missing' in found) return found;
      out += found ? found.text : c;
      i += found ? found.size - 1 : 0;
    } else out += c;
  }
  return { text: out };
}

function event(
  rest: string,
  lines: string[],
  quoted: boolean,
): { text: string; size: number } | { missing: string } | undefined {
  if (/^!([\s=(]|$)/.test(rest) || (quoted && rest.startsWith('!"'))) return undefined;
  const match = /^!(!|\$|\^|\*|-?\d+|\?[^?\n]+\??|[^\s!"'$^*:;&|()<>=]+)(?::?(\$|\^|\*|(?<=:)\d+))?/.exec(rest);
  if (!match) return undefined;
  const [whole, what = '', word] = match;
  const direct = what === '$' || what === '^' || what === '*';
  const line = direct || what === '!' ? lines.at(-1) : find(what, lines);
  if (line === undefined) return { missing: whole };
  return { text: pick(line, direct ? what : word), size: whole.length };
}

function find(what: string, lines: string[]): string | undefined {
  if (/^-\d+$/.test(what)) return lines[lines.length + Number(what)];
  if (/^\d+$/.test(what)) return lines[Number(what) - 1];
  const text = what.replace(/^\?|\?$/g, '');
  const test = what.startsWith('?') ? (line: string) => line.includes(text) : (line: string) => line.startsWith(what);
  return lines.filter(test).at(-1);
}

function pick(line: string, word: string | undefined): string {
  if (word === undefined) return line;
  const words = line.trim().split(/\s+/);
  if (word === '$') return words.at(-1) ?? '';
  if (word === '^') return words[1] ?? '';
  if (word === '*') return words.slice(1).join(' ');
  return words[Number(word)] ?? '';
}
