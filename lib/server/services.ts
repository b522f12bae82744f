// What pages and routes can call. The server publishes it on globalThis, since Next's bundle has its own copy of every module:
// so there is one database client and one supervisor, and the bundle holds none of their code.
import type { Attempt, Attempts } from './attempts';
import type { Auth } from './auth';
import type { DemoAccount } from './demo';
import type { Labs } from './labs/labs';
import type { RecordedEvent } from './terminals/recorder';
import type { Terminals } from './terminals/terminals';
import type { Workshop } from './workshop/workshop';

export interface Services {
  auth: Auth;
  attempts: Attempts;
  labs: Labs;
  workshop: Workshop;
  /** The lab format for the editor, as JSON Schema. */
  labSchema(): unknown;
  terminals: Pick<Terminals, 'numbers' | 'close'>;
  recordings: {
    /** The numbers of the terminals that were recorded. */
    terminals(attemptId: string): Promise<number[]>;
    read(attemptId: string, terminal: number): Promise<RecordedEvent[]>;
  };
  /** What the page draws of an attempt's network, as JSON. */
  picture(attempt: Attempt): Promise<Uint8Array>;
  kubeconfig(attempt: { id: string; lab: string }): string;
  /** Shown on the sign-in page; empty outside demo mode. */
  demoAccounts: DemoAccount[];
  report(message: string): void;
}

const KEY = Symbol.for('podlab.services');
const place = globalThis as { [KEY]?: Services | undefined };

/** @throws outside a running server */
export function services(): Services {
  const published = place[KEY];
  if (!published) throw new Error('The server is not running.');
  return published;
}

export function publish(published: Services | undefined): void {
  if (published && place[KEY]) throw new Error('One process runs one server.');
  place[KEY] = published;
}
