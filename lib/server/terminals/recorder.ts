// Writes down what goes over a terminal, for replay. Batched: a keystroke must not wait for it.
import { StringDecoder } from 'node:string_decoder';

/** When, which way (output, input, resize as "80x24"), what. */
export type RecordedEvent = [ms: number, kind: 'o' | 'i' | 'r', text: string];

export interface RecordingStore {
  save(seq: number, events: RecordedEvent[]): Promise<void>;
}

const FLUSH_MS = 1_000;
/** What one flush keeps of a flood (`yes`); the screen keeps its end anyway. */
const MOST_CHARACTERS = 128 * 1024;
const OMITTED = '\r\n[… too much output to record …]\r\n';

export class Recorder {
  private events: RecordedEvent[] = [];
  private characters = 0;
  private timer: NodeJS.Timeout | undefined;
  private saving: Promise<void> = Promise.resolve();
  private readonly decoders = { o: new StringDecoder('utf8'), i: new StringDecoder('utf8') };

  constructor(
    private readonly store: RecordingStore,
    /** Milliseconds since the attempt began. */
    private readonly now: () => number,
    private seq: number,
    private readonly report: (message: string) => void,
  ) {}

  output(data: Buffer): void {
    this.note('o', this.decoders.o.write(data));
  }

  input(data: Buffer): void {
    this.note('i', this.decoders.i.write(data));
  }

  resize(columns: number, rows: number): void {
    this.note('r', `${columns}x${rows}`);
  }

  /** Resolves when all that was noted is stored. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { events } = this;
    if (events.length === 0) return this.saving;
    this.events = [];
    this.characters = 0;
    const seq = this.seq++;
    this.saving = this.saving
      .then(() => this.store.save(seq, events))
      .catch((error) => this.report(`a recording could not be stored: ${error}`));
    return this.saving;
  }

  private note(kind: 'o' | 'i' | 'r', text: string): void {
    if (text === '') return;
    const ms = this.now();
    const before = this.characters;
    this.characters += text.length;
    if (this.characters <= MOST_CHARACTERS) this.join(ms, kind, text);
    else if (before <= MOST_CHARACTERS) this.events.push([ms, 'o', OMITTED]);
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }

  /** What comes within one millisecond the same way is one event. */
  private join(ms: number, kind: 'o' | 'i' | 'r', text: string): void {
    const last = this.events.at(-1);
    if (last && last[0] === ms && last[1] === kind && kind !== 'r') last[2] += text;
    else this.events.push([ms, kind, text]);
  }
}
