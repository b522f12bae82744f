// One command typed on several lines is one line of the history: `shopt -s cmdhist`, as bash' history_delimiting_chars joins.
import type { Scan } from '../syntax/scan';

/** Words after which a command goes on, so that no semicolon may follow. */
const OPEN = /(^|[\s;&|(])(case|do|else|if|elif|then|until|while|in|\{|!|time)$/;
const ARRAY = /(^|[\s;&|(])[A-Za-z_]\w*\+?=\([^()]*$/;

/**
 * @param text the lines before, joined
 * @param state what the scanner says of the lines before
 */
export function joinLines(text: string, state: Scan, next: string): string {
  if (text === '') return next;
  const { open = '', heredoc } = state.kind === 'incomplete' ? state : {};
  if (heredoc !== undefined) return `${text.replace(/\n$/, '')}\n${next}\n`;
  if (open === '}' || (open === ')' && ARRAY.test(text))) return `${text} ${next}`;
  if (open !== '') return `${text}\n${next}`;
  if (/(^|[^\\])(\\\\)*\\$/.test(text)) return text.slice(0, -1) + next;
  const end = text.trimEnd();
  if (/(^|\s)#[^'"\n]*$/.test(end)) return `${text}\n${next}`;
  if (end === '' || /[;&|()]$/.test(end) || OPEN.test(end)) return `${text} ${next}`;
  if (/(^|[\s;&|(])(for|select|case)\s+\S+$/.test(end)) return `${text} ${next}`;
  return `${text}; ${next}`;
}
