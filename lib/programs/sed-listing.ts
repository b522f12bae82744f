// What sed's `l` writes of a text.

const LISTED: Record<string, string> = {
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** What `l` writes: nothing but what can be seen, in lines of the width that end with a backslash. */
export function listed(text: string, width: number): string {
  const octal = (byte: number) => `\\${byte.toString(8).padStart(3, '0')}`;
  const pieces = Array.from(text, (letter) => {
    if (letter >= ' ' && letter <= '~') return LISTED[letter] ?? letter;
    return LISTED[letter] ?? Array.from(Buffer.from(letter), octal).join('');
  });
  let [out, column] = ['', 0];
  for (const piece of pieces) {
    if (width > 1 && column + piece.length > width - 1) {
      out += '\\\n';
      column = 0;
    }
    out += piece;
    column += piece.length;
  }
  return `${out}$\n`;
}
