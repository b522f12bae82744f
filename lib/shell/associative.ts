// The order of associative arrays: bash keeps them in a hash table and shows them in its order, which scripts get to see.

const BUCKETS = 1024;
const OFFSET = 2_166_136_261;
const PRIME = 16_777_619;

/** The bucket of a key: the hash of Fowler, Noll and Vo over signed bytes. */
function bucketOf(key: string): number {
  let hash = OFFSET;
  for (const byte of Buffer.from(key)) hash = Math.imul(hash, PRIME) ^ (byte > 127 ? byte - 256 : byte);
  return hash & (BUCKETS - 1);
}

/** A map that goes through its keys bucket by bucket, in each the newest first. */
export class Associative extends Map<string, string> {
  private sorted: string[] | undefined;

  override set(key: string, value: string): this {
    if (!this.has(key)) this.sorted = undefined;
    return super.set(key, value);
  }

  override delete(key: string): boolean {
    this.sorted = undefined;
    return super.delete(key);
  }

  override clear(): void {
    this.sorted = undefined;
    super.clear();
  }

  copy(): Associative {
    const copy = new Associative();
    for (const key of super.keys()) copy.set(key, this.get(key) as string);
    return copy;
  }

  override *entries(): MapIterator<[string, string]> {
    for (const key of this.keys()) yield [key, this.get(key) as string];
  }

  override *values(): MapIterator<string> {
    for (const key of this.keys()) yield this.get(key) as string;
  }

  override keys(): MapIterator<string> {
    this.sorted ??= [...super.keys()]
      .map((key, age) => ({ key, age, bucket: bucketOf(key) }))
      .sort((a, b) => a.bucket - b.bucket || b.age - a.age)
      .map(({ key }) => key);
    return this.sorted[Symbol.iterator]();
  }

  override [Symbol.iterator](): MapIterator<[string, string]> {
    return this.entries();
  }

  override forEach(act: (value: string, key: string, map: Map<string, string>) => void): void {
    for (const [key, value] of this) act(value, key, this);
  }
}
