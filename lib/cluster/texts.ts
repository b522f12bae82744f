// Equal texts kept once: a hundred thousand objects say the same few things.
const MOST = 4096; // texts remembered; what comes after them is as true, only not shared

export class Texts {
  private readonly known = new Map<string, string>();

  /** The same text, as one flat string that everybody shares. */
  of(text: string): string {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    if (this.known.size >= MOST) this.known.clear();
    const flat = [text, ''].join('');
    this.known.set(flat, flat);
    return flat;
  }
}
