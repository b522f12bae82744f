// `${NAME}` in the texts of a declared image.
import type { Process } from '../../machine/process';

/** The value of a name, or undefined. */
export type Names = (name: string) => string | undefined;

/** What every text of a running container may name. */
export const ofProcess =
  (proc: Process): Names =>
  (name) => {
    if (name === 'hostname') return proc.machine.hostname;
    if (name === 'address') return proc.machine.net.addresses()[0];
    if (name === 'time') return new Date(proc.machine.clock.now()).toISOString();
    return proc.env[name];
  };

/** Fills in; `${NAME:-text}` gives a default, and what has no value is empty, as in a shell. */
export const fill = (text: string, ...names: Names[]): string =>
  text.replace(/\$\{([\w.-]+?)(?::-([^}]*))?\}/g, (_, name: string, otherwise?: string) => {
    for (const look of names) {
      const value = look(name);
      if (value !== undefined && value !== '') return value;
    }
    return otherwise ?? '';
  });

/** A fixed set of names. */
export const named =
  (values: Record<string, string | undefined>): Names =>
  (name) =>
    Object.hasOwn(values, name) ? values[name] : undefined;
