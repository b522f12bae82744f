// What labs add to Markdown (lib/labs/instructions.ts says how it is written): kinds of fences, and the checks of a step. As a
// plug-in of remark, before the sanitiser: each mark becomes a fence whose language names it, and a language is let through.

interface Node {
  type: string;
  children?: Node[];
  lang?: string | null;
  meta?: string | null;
  identifier?: string;
  title?: string | null;
  value?: string;
}

/** A fence as the page draws it. */
export type Mark =
  | { kind: 'commands'; fails: boolean }
  | { kind: 'output' }
  | { kind: 'question'; id: string }
  | { kind: 'checks'; ids: string[] };

/** The plug-in. */
export const labMarks = () => (tree: Node) => mark(tree);

function mark(node: Node): void {
  for (const [i, child] of (node.children ?? []).entries()) {
    if (child.type === 'code')
      child.lang = [child.lang, child.meta].filter(Boolean).join('+').replaceAll(/\s+/g, '+') || null;
    if (child.type === 'definition' && child.identifier === 'check' && node.children)
      node.children[i] = { type: 'code', lang: `checks+${idsIn(child.title ?? '').join('+')}`, value: '' };
    else mark(child);
  }
}

const idsIn = (title: string): string[] => title.split(/[\s,]+/).filter(Boolean);

/** From the class of a fence, `language-question+node`. */
export function markOf(className = ''): Mark {
  const [language = '', ...words] = className.replace(/^language-/, '').split('+');
  if (language === 'question' && words[0]) return { kind: 'question', id: words[0] };
  if (language === 'checks') return { kind: 'checks', ids: words };
  if (language === 'output') return { kind: 'output' };
  return ['', 'sh', 'bash', 'console'].includes(language)
    ? { kind: 'commands', fails: words.includes('fails') }
    : { kind: 'output' };
}
