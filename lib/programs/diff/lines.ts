// Where two lists of lines differ: the shortest edit script (Myers, "An O(ND) Difference Algorithm", in its form for linear space),
// then every change as far down as it goes, as diff shows it.

/** Lines from..to of the one side that stand for lines from..to of the other; ends exclusive. */
export interface Hunk {
  a: [number, number];
  b: [number, number];
}

/** Lines with their newline, so that a missing last one is seen. */
export const split = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

const FAR = 0x7fffffff;
const MAX_COST = 4096; // edits looked for at once; beyond them a part counts as changed from its first line to its last

/**
 * @param horizon lines that are looked at beyond the first and the last that differ: a change is not moved further than that, as
 *   diff does, which takes the context it shows
 */
export function differences(
  a: readonly string[],
  b: readonly string[],
  shape: (line: string) => string,
  horizon = 0,
): Hunk[] {
  const numbers = new Map<string, number>();
  const numbered = (lines: readonly string[]) =>
    Int32Array.from(lines, (line) => {
      const key = shape(line);
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, numbers.size);
      return numbers.size - 1;
    });
  const [x, y] = [numbered(a), numbered(b)];
  let same = 0;
  while (same < x.length && same < y.length && x[same] === y[same]) same++;
  let [endX, endY] = [x.length, y.length];
  while (endX > same && endY > same && x[endX - 1] === y[endY - 1]) {
    endX--;
    endY--;
  }
  const start = Math.max(0, same - horizon);
  const [partX, partY] = [x.subarray(start, endX + horizon), y.subarray(start, endY + horizon)];
  const changed = compare(partX, partY, numbers.size);
  settle(partX, changed[0], changed[1]);
  settle(partY, changed[1], changed[0]);
  return hunks(changed[0], changed[1]).map((hunk) => ({
    a: [hunk.a[0] + start, hunk.a[1] + start],
    b: [hunk.b[0] + start, hunk.b[1] + start],
  }));
}

type Marks = [Uint8Array, Uint8Array];

/** Marks the lines that have no partner. */
function compare(x: Int32Array, y: Int32Array, kinds: number): Marks {
  const marks: Marks = [new Uint8Array(x.length), new Uint8Array(y.length)];
  // A line that the other side does not have at all is changed for certain; the script is looked for among the others.
  const [inX, inY] = [new Uint8Array(kinds), new Uint8Array(kinds)];
  for (const line of x) inX[line] = 1;
  for (const line of y) inY[line] = 1;
  const kept = (side: Int32Array, other: Uint8Array, own: Uint8Array) => {
    const at: number[] = [];
    side.forEach((line, i) => {
      if (other[line]) at.push(i);
      else own[i] = 1;
    });
    return at;
  };
  const atX = kept(x, inY, marks[0]);
  const atY = kept(y, inX, marks[1]);
  new Script(
    Int32Array.from(atX, (i) => x[i] as number),
    Int32Array.from(atY, (j) => y[j] as number),
    (i) => void (marks[0][atX[i] as number] = 1),
    (j) => void (marks[1][atY[j] as number] = 1),
  ).find();
  return marks;
}

class Script {
  private readonly forward: Int32Array;
  private readonly backward: Int32Array;
  private readonly middle: number;

  constructor(
    private readonly x: Int32Array,
    private readonly y: Int32Array,
    private readonly dropX: (at: number) => void,
    private readonly dropY: (at: number) => void,
  ) {
    const diagonals = x.length + y.length + 3;
    this.forward = new Int32Array(diagonals);
    this.backward = new Int32Array(diagonals);
    this.middle = y.length + 1;
  }

  find(): void {
    const parts: [number, number, number, number][] = [[0, this.x.length, 0, this.y.length]];
    for (let part = parts.pop(); part; part = parts.pop()) {
      let [fromX, toX, fromY, toY] = part;
      while (fromX < toX && fromY < toY && this.x[fromX] === this.y[fromY]) {
        fromX++;
        fromY++;
      }
      while (toX > fromX && toY > fromY && this.x[toX - 1] === this.y[toY - 1]) {
        toX--;
        toY--;
      }
      const point = fromX < toX && fromY < toY ? this.split(fromX, toX, fromY, toY) : undefined;
      if (point) parts.push([point[0], toX, point[1], toY], [fromX, point[0], fromY, point[1]]);
      else {
        for (let i = fromX; i < toX; i++) this.dropX(i);
        for (let j = fromY; j < toY; j++) this.dropY(j);
      }
    }
  }

  /** A point on a shortest way, where the ways from both ends meet; nothing when it is too far. */
  private split(fromX: number, toX: number, fromY: number, toY: number): [number, number] | undefined {
    const { forward, backward, middle, x, y } = this;
    const [low, high] = [fromX - toY, toX - fromY];
    const [first, last] = [fromX - fromY, toX - toY];
    const odd = ((first - last) & 1) !== 0;
    let [minF, maxF, minB, maxB] = [first, first, last, last];
    forward[middle + first] = fromX;
    backward[middle + last] = toX;
    for (let cost = 1; cost < MAX_COST; cost++) {
      if (minF > low) forward[middle + --minF - 1] = -1;
      else minF++;
      if (maxF < high) forward[middle + ++maxF + 1] = -1;
      else maxF--;
      for (let d = maxF; d >= minF; d -= 2) {
        const [below, above] = [forward[middle + d - 1] as number, forward[middle + d + 1] as number];
        let i = below < above ? above : below + 1;
        let j = i - d;
        while (i < toX && j < toY && x[i] === y[j]) {
          i++;
          j++;
        }
        forward[middle + d] = i;
        if (odd && d >= minB && d <= maxB && (backward[middle + d] as number) <= i) return [i, j];
      }
      if (minB > low) backward[middle + --minB - 1] = FAR;
      else minB++;
      if (maxB < high) backward[middle + ++maxB + 1] = FAR;
      else maxB--;
      for (let d = maxB; d >= minB; d -= 2) {
        const [below, above] = [backward[middle + d - 1] as number, backward[middle + d + 1] as number];
        let i = below < above ? below : above - 1;
        let j = i - d;
        while (i > fromX && j > fromY && x[i - 1] === y[j - 1]) {
          i--;
          j--;
        }
        backward[middle + d] = i;
        if (!odd && d >= minF && d <= maxF && i <= (forward[middle + d] as number)) return [i, j];
      }
    }
    return undefined;
  }
}

/**
 * Moves every run of changed lines as far down as equal lines let it, joining the runs it meets; where it stood beside a change of
 * the other side it stays beside it.
 */
function settle(lines: Int32Array, own: Uint8Array, other: Uint8Array): void {
  let at = 0; // in lines
  let beside = 0; // the place in the other side that belongs to it
  for (;;) {
    while (at < own.length && !own[at]) {
      while (other[beside]) beside++;
      at++;
      beside++;
    }
    if (at === own.length) return;
    let start = at;
    while (own[at]) at++;
    while (other[beside]) beside++;
    let aligned = own.length;
    for (let length = -1; length !== at - start; ) {
      length = at - start;
      while (start > 0 && lines[start - 1] === lines[at - 1]) {
        own[--start] = 1;
        own[--at] = 0;
        while (own[start - 1]) start--;
        beside--;
        while (other[beside]) beside--;
      }
      aligned = other[beside - 1] ? at : own.length;
      while (at < own.length && lines[start] === lines[at]) {
        own[start++] = 0;
        own[at++] = 1;
        while (own[at]) at++;
        beside++;
        while (other[beside]) {
          beside++;
          aligned = at;
        }
      }
    }
    while (aligned < at) {
      own[--start] = 1;
      own[--at] = 0;
      beside--;
      while (other[beside]) beside--;
    }
  }
}

function hunks(a: Uint8Array, b: Uint8Array): Hunk[] {
  const found: Hunk[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; i++, j++) {
    if (!a[i] && !b[j]) continue;
    const from: [number, number] = [i, j];
    while (a[i]) i++;
    while (b[j]) j++;
    found.push({ a: [from[0], i], b: [from[1], j] });
  }
  return found;
}
