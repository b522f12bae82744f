// A solution as its single commands, so that one can be left out. A small reading of bash: quotes, here-documents, lines that
// go on, and compounds stay together.

export interface Command {
  text: string;
  /** Of its first line, from 1. */
  line: number;
  /** It only looks or waits, as a comment `# look` or `# wait` behind it says. */
  idle: boolean;
}

const OPENERS = new Set(['if', 'case', 'do', '{']);
const CLOSERS = new Set(['fi', 'esac', 'done', '}']);
const IDLE = /\s#\s*(look|wait)\s*$/;

interface Reading {
  depth: number;
  quote: string;
  hereDocuments: { end: string; tabs: boolean }[];
}

/** The commands of a script at its top level. */
export function splitCommands(script: string): Command[] {
  const commands: Command[] = [];
  let lines: string[] = [];
  let start = 0;
  let state: Reading = { depth: 0, quote: '', hereDocuments: [] };
  for (const [i, line] of script.split('\n').entries()) {
    if (lines.length === 0 && (line.trim() === '' || line.trimStart().startsWith('#'))) continue;
    if (lines.length === 0) start = i + 1;
    lines.push(line);
    state = read(state, line);
    const goesOn =
      state.depth > 0 || state.quote !== '' || state.hereDocuments.length > 0 || /(\\|&&|\|\|?)\s*$/.test(line);
    if (goesOn) continue;
    commands.push({ text: lines.join('\n'), line: start, idle: IDLE.test(line) });
    lines = [];
  }
  if (lines.length > 0) commands.push({ text: lines.join('\n'), line: start, idle: false });
  return commands;
}

function read({ depth, quote, hereDocuments }: Reading, line: string): Reading {
  const [first, ...rest] = hereDocuments;
  if (first)
    return { depth, quote, hereDocuments: (first.tabs ? line.trimStart() : line) === first.end ? rest : hereDocuments };
  const { bare, open } = withoutQuotes(line, quote);
  const opened = [...line.matchAll(/<<(-?)\s*(['"]?)(\w[\w-]*)\2/g)].filter(() => /<</.test(bare));
  const words = bare.split(/[\s;&|()]+/).filter(Boolean);
  const change = words.reduce((sum, word) => sum + (OPENERS.has(word) ? 1 : CLOSERS.has(word) ? -1 : 0), 0);
  return {
    depth: Math.max(0, depth + change),
    quote: open,
    hereDocuments: opened.map(([, dash, , end]) => ({ end: end as string, tabs: dash === '-' })),
  };
}

/** The line with what is quoted and what is comment taken out, and the quote that is open at its end. */
function withoutQuotes(line: string, before: string): { bare: string; open: string } {
  let open = before;
  let bare = '';
  for (let i = 0; i < line.length; i++) {
    const c = line[i] as string;
    if (c === '\\' && open !== "'") i++;
    else if (open) open = c === open ? '' : open;
    else if (c === '"' || c === "'") open = c;
    else if (c === '#' && (i === 0 || /\s/.test(line[i - 1] as string))) break;
    else bare += c;
  }
  return { bare, open };
}
