// Names, flags and usage lines of kubectl's commands, as facts recorded from kubectl 1.31. oc's own stand with its commands.
import { boolFlag, type FlagSpec, parseFlagFact } from '../flags/spec';
import facts from './kubectl.json';
import { FLAG_WORDS, SUMMARIES } from './words';

/** The help of one command. */
export interface Help {
  /** More than the one line of `words.ts`, where it is needed. */
  long?: string;
  example?: string;
  usage: string;
  aliases?: string[];
  flags?: FlagSpec[];
  /** Titles with the names of their commands. */
  groups?: [title: string, names: string[]][];
}

interface Facts {
  use: string;
  aliases?: string[];
  flags?: string[];
  groups?: [string, string[]][];
}

const commands = facts.commands as unknown as Record<string, Facts>;
const flagOf = (fact: string): FlagSpec => {
  const spec = parseFlagFact(fact);
  return { ...spec, usage: FLAG_WORDS[spec.name] ?? '' };
};

export const GLOBAL_FLAGS: FlagSpec[] = facts.globals.map(flagOf);

/** Commands that still take --record, which their help does not show (cli-runtime's RecordFlags). */
const RECORDING = new Set([
  'annotate',
  'apply',
  'apply edit-last-applied',
  'autoscale',
  'create',
  'edit',
  'expose',
  'label',
  'patch',
  'run',
  'scale',
  'set image',
  'set resources',
  'set selector',
  'set serviceaccount',
]);
const RECORD: FlagSpec = {
  ...boolFlag('record', ''),
  deprecated: '--record will be removed in the future',
};

/** The flags of a command that its help does not show. */
export const hiddenFlags = (path: string): FlagSpec[] => (RECORDING.has(path) ? [RECORD] : []);

const made = new Map<string, Help>();

/** kubectl's help of a command path such as `create deployment`; `` is the program itself. */
export function kubectlHelp(path: string): Help | undefined {
  const known = made.get(path);
  if (known) return known;
  const found = Object.hasOwn(commands, path) ? commands[path] : undefined;
  if (!found) return undefined;
  const help: Help = {
    usage: found.use,
    ...(found.aliases ? { aliases: found.aliases } : {}),
    ...(found.flags ? { flags: found.flags.map(flagOf) } : {}),
    ...(found.groups ? { groups: found.groups } : {}),
  };
  made.set(path, help);
  return help;
}

/** What a command is for, in one line. */
export const summary = (path: string): string => SUMMARIES[path] ?? '';
