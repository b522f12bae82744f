// The words of a command line as history expansion and Alt-. count them: quotes stay, operators are words of their own.

const OPERATOR = /^(?:<<<|<<-|&>>|;;&|\|&|&&|\|\||<<|>>|<&|>&|<>|>\||;;|;&|&>|[<>();|&])/;

export function tokenize(line: string): string[] {
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    if (/\s/.test(line.charAt(at))) {
      at++;
      continue;
    }
    const operator = OPERATOR.exec(line.slice(at));
    const end = operator && !/^[<>]\(/.test(line.slice(at)) ? at + operator[0].length : wordEnd(line, at);
    words.push(line.slice(at, end));
    at = end;
  }
  return words;
}

function wordEnd(line: string, start: number): number {
  let quote = '';
  let depth = 0;
  let at = start;
  for (; at < line.length; at++) {
    const c = line.charAt(at);
    if (c === '\\' && quote !== "'") at++;
    else if (quote) quote = c === quote ? '' : quote;
    else if (c === '"' || c === "'" || c === '`') quote = c;
    else if (/[$<>]/.test(c) && line.charAt(at + 1) === '(') {
      depth++;
      at++;
    } else if (depth > 0) depth += c === '(' ? 1 : c === ')' ? -1 : 0;
    else if (/[\s;|&()<>]/.test(c)) break;
  }
  return Math.min(at, line.length);
}
