// What must differ between two runs, taken out of their output: ages, ids, versions, drawn names and addresses.
import type { Ran } from './clusters';

const AGE = String.raw`(?:\d+y)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?`;
const RULES: [RegExp, string][] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uid>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g, '<time>'],
  [/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, '<time>'],
  [/(resourceVersion"?: ?"?)\d+/g, '$1<version>'],
  [/(-[0-9a-f]{8,10})?-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '$1-<drawn>'],
  [/\b([IWEF])\d{4} \d\d:\d\d:\d\d\.\d{6} +\d+ /g, '$1<log> '],
  [/containerd:\/\/[0-9a-f]{64}/g, 'containerd://<id>'],
  [/start exec "[0-9a-f]{64}"/g, 'start exec "<id>"'],
  [/\.[0-9a-f]{16}\b/g, '.<event>'],
  [/\/tmp\/\S*-edit-\d+/g, '<edited file>'],
  [/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC/g, '<time>'],
  [/\bnode0[12]\b/g, '<node>'],
  [/\b192\.168\.50\.1[34]\b/g, '<node address>'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<token>'],
  [/sha256~[\w-]+/g, '<token>'],
  [/\b10\.(?:8|9|1[01])\.\d+\.\d+\b/g, '<pod address>'],
  [/\b0a:58(?::[0-9a-f]{2}){4}\b/g, '<pod mac>'],
  [/\b172\.30\.\d+\.\d+\b/g, '<service address>'],
  [/\b3[0-2]\d{3}\b/g, '<node port>'],
];
const AGED = new RegExp(String.raw`(?<=^|\s|\()(?=\d)${AGE}(?=\s|\)|$)`, 'gm');

/**
 * What client-go logs about its own watches, what a probe said before the server was up, and what tar complained of: `kubectl cp`
 * has the whole archive first, and on a busy machine is gone before it hears that.
 */
const CLIENT_LOG =
  /^W\d{4} \S+ +\d+ reflector\.go:.*\n|^.* Unhealthy .*probe failed.*\n|^tar: Removing leading `\/' from member names\n/gm;

/** A help text without its prose, which is ours by intent: sections, commands, flags with their defaults, usage. */
function skeleton(text: string): string {
  if (!/^Usage:\n/m.test(text) && !/^The following options/m.test(text)) return text;
  const lines = text.split('\n');
  return lines
    .flatMap((line, i) => {
      if (/^ *(-\w, )?--[\w-]+=.*:$/.test(line)) return [line];
      const command = /^ {2}([a-z][\w-]*) {2,}\S/.exec(line)?.[1];
      if (command) return [command];
      if (/^(Use "|error:|Unknown|Aliases:|Usage:|[A-Z][\w() -]* Commands[^:]*:$)/.test(line)) return [line];
      return /^(Usage|Aliases):$/.test(lines[i - 1] ?? '') ? [line] : [];
    })
    .join('\n');
}

const clean = (text: string): string => {
  let out = skeleton(text).replace(CLIENT_LOG, '');
  for (const [pattern, by] of RULES) out = out.replace(pattern, by);
  const aged = out.replace(AGED, '<age>');
  // a shorter or longer age, address or name moves the columns after it
  return aged === text ? text : aged.replace(/ {2,}/g, '  ').replace(/[ \t]+$/gm, '');
};

/** Neighbours that differ in drawn names stand in an order that was drawn, too. */
function inOrder(text: string): string {
  const lines = text.split('\n');
  for (let start = 0; start < lines.length; start++) {
    let end = start;
    while (lines[end]?.includes('-<drawn>')) end++;
    if (end - start > 1) lines.splice(start, end - start, ...lines.slice(start, end).sort());
    start = Math.max(start, end);
  }
  return lines.join('\n');
}

export const normalise = ({ stdout, stderr, status }: Ran): Ran => ({
  stdout: inOrder(clean(stdout)),
  stderr: inOrder(clean(stderr)),
  status,
});
