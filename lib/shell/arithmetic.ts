// Arithmetic as bash has it: 64-bit integers, C's operators, variables by name and evaluated again if they hold expressions.

/** `division by 0 (error token is "0")` and the like; the message begins with the expression. */
export class ArithmeticError extends Error {}

/** What an expression reads and writes. A key is the text in brackets. */
export interface Cells {
  get(name: string, key?: string): string | undefined;
  set(name: string, key: string | undefined, value: string): void;
}

type Tree =
  | { op: 'number'; value: bigint }
  | { op: 'variable'; name: string; key?: string }
  | { op: 'unary'; sign: string; of: Tree }
  | { op: 'step'; by: bigint; prefix: boolean; of: Cell }
  | { op: 'binary'; sign: string; left: Tree; right: Tree; at: number }
  | { op: 'assign'; sign: string; to: Cell; value: Tree; at: number }
  | { op: 'choose'; test: Tree; yes: Tree; no: Tree };
type Cell = Extract<Tree, { op: 'variable' }>;

const MAX_DEPTH = 256; // expressions in variables in expressions: bash stops at 1024
const CACHE_ENTRIES = 500;
const cache = new Map<string, Tree>();

/** Evaluates an expression whose `$` expansions are already done. Throws ArithmeticError. */
export function evaluate(text: string, cells: Cells, depth = 0): bigint {
  if (depth > MAX_DEPTH)
    throw new ArithmeticError(`${text}: expression recursion level exceeded (error token is "${text}")`);
  let tree = cache.get(text);
  if (!tree) {
    tree = new Parser(text).parse();
    if (cache.size >= CACHE_ENTRIES) cache.delete(cache.keys().next().value as string);
    cache.set(text, tree);
  }
  return new Evaluator(text, cells, depth).value(tree);
}

const LEVELS: string[][] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];
const ASSIGNMENTS = ['=', '+=', '-=', '*=', '/=', '%=', '<<=', '>>=', '&=', '|=', '^='];
const OPERATOR = /\s*(<<=|>>=|\*\*|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[-+*/%&|^<>=!~?:,()])/y;

class Parser {
  private at = 0;

  constructor(private readonly text: string) {}

  parse(): Tree {
    if (this.rest() === '') return { op: 'number', value: 0n };
    const tree = this.comma();
    if (this.rest() !== '') this.fail('syntax error in expression');
    return tree;
  }

  private rest(): string {
    return this.text.slice(this.at).trimStart();
  }

  private fail(what: string, token = this.rest()): never {
    throw new ArithmeticError(`${this.text.trimStart()}: ${what} (error token is "${token}")`);
  }

  private peek(): string | undefined {
    OPERATOR.lastIndex = this.at;
    return OPERATOR.exec(this.text)?.[1];
  }

  /** Where the operator that was taken last begins. */
  private lastSign = 0;

  private take(): void {
    OPERATOR.lastIndex = this.at;
    const sign = OPERATOR.exec(this.text)?.[1] ?? '';
    this.lastSign = OPERATOR.lastIndex - sign.length;
    this.at = OPERATOR.lastIndex;
  }

  private accept(...signs: string[]): string | undefined {
    const sign = this.peek();
    if (sign === undefined || !signs.includes(sign)) return undefined;
    this.take();
    return sign;
  }

  private comma(): Tree {
    let left = this.assignment();
    while (this.accept(',')) left = { op: 'binary', sign: ',', left, right: this.assignment(), at: this.at };
    return left;
  }

  private assignment(): Tree {
    const left = this.choice();
    const at = this.at;
    const sign = this.accept(...ASSIGNMENTS);
    if (!sign) return left;
    if (left.op !== 'variable') {
      this.at = at;
      this.fail('attempted assignment to non-variable');
    }
    const from = this.at;
    return { op: 'assign', sign: sign.slice(0, -1), to: left as Cell, value: this.assignment(), at: from };
  }

  private choice(): Tree {
    const test = this.level(0);
    if (!this.accept('?')) return test;
    const yes = this.comma();
    if (!this.accept(':')) this.fail("`:' expected for conditional expression");
    return { op: 'choose', test, yes, no: this.assignment() };
  }

  private level(n: number): Tree {
    const signs = LEVELS[n];
    if (!signs) return this.power();
    let left = this.level(n + 1);
    for (let sign = this.accept(...signs); sign; sign = this.accept(...signs)) {
      const at = this.at;
      left = { op: 'binary', sign, left, right: this.level(n + 1), at };
    }
    return left;
  }

  private power(): Tree {
    const left = this.unary();
    if (!this.accept('**')) return left;
    const right = this.power();
    return { op: 'binary', sign: '**', left, right, at: this.text.slice(0, this.at).search(/(\w+|\S)\s*$/) };
  }

  private unary(): Tree {
    const step = this.peek();
    if ((step === '++' || step === '--') && /^(\+\+|--)\s*[A-Za-z_]/.test(this.rest())) {
      this.take();
      return { op: 'step', by: step === '++' ? 1n : -1n, prefix: true, of: this.operand() as Cell };
    }
    const sign = this.peek();
    if (sign === '++' || sign === '--') {
      this.at = this.text.indexOf(sign, this.at) + 1; // ++5 is +(+5)
      return { op: 'unary', sign: sign.charAt(0), of: this.unary() };
    }
    if (this.accept('!', '~', '-', '+')) return { op: 'unary', sign: sign as string, of: this.unary() };
    const operand = this.operand();
    if (operand.op !== 'variable') return operand;
    const after = this.accept('++', '--');
    return after ? { op: 'step', by: after === '++' ? 1n : -1n, prefix: false, of: operand } : operand;
  }

  private operand(): Tree {
    if (this.accept('(')) {
      const tree = this.comma();
      if (!this.accept(')')) this.fail("missing `)'");
      return tree;
    }
    const number = /^\s*(\d+#[\w@]+|0[xX][0-9a-fA-F]+|\d\w*)/.exec(this.text.slice(this.at));
    if (number) {
      this.at += number[0].length;
      return { op: 'number', value: this.number(number[1] as string) };
    }
    const name = /^\s*([A-Za-z_]\w*)/.exec(this.text.slice(this.at));
    if (!name) this.fail('syntax error: operand expected', this.rest() || this.text.slice(this.lastSign));
    this.at += name[0].length;
    const key = this.subscript();
    return { op: 'variable', name: name[1] as string, ...(key === undefined ? {} : { key }) };
  }

  private subscript(): string | undefined {
    if (this.text.charAt(this.at) !== '[') return undefined;
    let depth = 0;
    for (let i = this.at; i < this.text.length; i++) {
      if (this.text.charAt(i) === '[') depth++;
      if (this.text.charAt(i) === ']' && --depth === 0) {
        const key = this.text.slice(this.at + 1, i);
        this.at = i + 1;
        return key;
      }
    }
    return this.fail('bad array subscript');
  }

  private number(token: string): bigint {
    const based = /^(\d+)#(.+)$/.exec(token);
    if (based) return this.inBase(Number(based[1]), based[2] as string, token);
    if (/^0[xX]/.test(token)) return wrap(BigInt(token));
    if (!/^\d+$/.test(token)) this.fail('value too great for base', token);
    if (/^0\d/.test(token)) return this.inBase(8, token, token);
    return wrap(BigInt(token));
  }

  private inBase(base: number, digits: string, token: string): bigint {
    if (base < 2 || base > 64) this.fail('invalid arithmetic base', token);
    let value = 0n;
    for (const digit of digits) {
      const n = digitValue(digit, base);
      if (n >= base) this.fail('value too great for base', token);
      value = value * BigInt(base) + BigInt(n);
    }
    return wrap(value);
  }
}

function digitValue(digit: string, base: number): number {
  if (digit >= '0' && digit <= '9') return Number(digit);
  if (digit >= 'a' && digit <= 'z') return digit.charCodeAt(0) - 87;
  if (digit >= 'A' && digit <= 'Z') return digit.charCodeAt(0) - (base <= 36 ? 55 : 29);
  return digit === '@' ? 62 : 63;
}

const wrap = (n: bigint): bigint => BigInt.asIntN(64, n);

class Evaluator {
  constructor(
    private readonly text: string,
    private readonly cells: Cells,
    private readonly depth: number,
  ) {}

  value(tree: Tree): bigint {
    switch (tree.op) {
      case 'number':
        return tree.value;
      case 'variable':
        return this.read(tree);
      case 'unary':
        return this.unary(tree.sign, this.value(tree.of));
      case 'step': {
        const old = this.read(tree.of);
        const next = wrap(old + tree.by);
        this.cells.set(tree.of.name, tree.of.key, String(next));
        return tree.prefix ? next : old;
      }
      case 'assign': {
        const right = this.value(tree.value);
        const value = tree.sign === '' ? right : this.binary(tree.sign, this.read(tree.to), right, tree.at);
        this.cells.set(tree.to.name, tree.to.key, String(value));
        return value;
      }
      case 'choose':
        return this.value(this.value(tree.test) !== 0n ? tree.yes : tree.no);
      case 'binary':
        return this.lazy(tree);
    }
  }

  private lazy(tree: Extract<Tree, { op: 'binary' }>): bigint {
    const left = this.value(tree.left);
    if (tree.sign === '&&' && left === 0n) return 0n;
    if (tree.sign === '||' && left !== 0n) return 1n;
    return this.binary(tree.sign, left, this.value(tree.right), tree.at);
  }

  private read(cell: Cell): bigint {
    const text = this.cells.get(cell.name, cell.key);
    if (text === undefined || text === '') return 0n;
    if (/^-?(0|[1-9]\d{0,17})$/.test(text)) return BigInt(text);
    return evaluate(text, this.cells, this.depth + 1);
  }

  private unary(sign: string, n: bigint): bigint {
    if (sign === '!') return n === 0n ? 1n : 0n;
    if (sign === '~') return ~n;
    return sign === '-' ? wrap(-n) : n;
  }

  private binary(sign: string, a: bigint, b: bigint, at: number): bigint {
    const truth = (yes: boolean) => (yes ? 1n : 0n);
    switch (sign) {
      case '+':
        return wrap(a + b);
      case '-':
        return wrap(a - b);
      case '*':
        return wrap(a * b);
      case '/':
      case '%':
        if (b === 0n) this.fail('division by 0', at);
        return wrap(sign === '/' ? a / b : a % b);
      case '**':
        if (b < 0n) this.fail('exponent less than 0', at);
        return power(a, b);
      case '<<':
        return wrap(a << (b & 63n));
      case '>>':
        return a >> (b & 63n);
      case '<':
        return truth(a < b);
      case '>':
        return truth(a > b);
      case '<=':
        return truth(a <= b);
      case '>=':
        return truth(a >= b);
      case '==':
        return truth(a === b);
      case '!=':
        return truth(a !== b);
      case '&':
        return a & b;
      case '|':
        return a | b;
      case '^':
        return a ^ b;
      case '&&':
      case '||':
        return truth(b !== 0n);
      default:
        return b; // the comma
    }
  }

  private fail(what: string, at: number): never {
    throw new ArithmeticError(
      `${this.text.trimStart()}: ${what} (error token is "${this.text.slice(at).trimStart()}")`,
    );
  }
}

/** By squaring, so that a huge exponent costs at most 64 steps. */
function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let n = exponent; n > 0n; n >>= 1n) {
    if (n & 1n) result = wrap(result * square);
    square = wrap(square * square);
  }
  return result;
}
