// Which lab teaches and grades which row of the lesson: a page made from the labs, and what is missing on it.
import type { Lab } from './lab';

/** The rows of the lesson, with what each says in short. */
const LESSON: Readonly<Record<string, string>> = {
  L01: 'The SDN abstracts several layers',
  L02: 'It is not accessible from outside the cluster',
  L03: 'It does not regulate processes on nodes',
  L04: 'Ports are allocated',
  L05: 'Addresses are leased and reserved',
  L06: 'Names are resolved',
  L07: 'Services are discovered by environment',
  L08: 'Load is balanced',
  L09: 'How the SDN manages the network, as a picture',
  L10: 'Container to container',
  L11: 'Pod to pod',
  L12: 'Pod to service',
  L13: 'External to service',
  L14: 'Addresses are assigned automatically, but unstable',
  L15: 'All containers of a pod share networking resources',
  L16: 'No need for NAT',
  L17: 'The problem with direct access to pods',
  L18: 'Services resolve pod failure',
  L19: 'A service with several pods across nodes',
  L20: 'A selector matches labels of pods',
  L21: 'The DNS operator',
  L22: 'The whole name of a service',
  L23: 'Pods are configured to point to the DNS',
  L24a: 'CNI: OVN-Kubernetes',
  L24b: 'CNI: OpenShift SDN',
  L24c: 'CNI: Kuryr',
  L24d: 'CNI: Flannel',
  L24e: 'CNI: Calico',
  L24f: 'CNI: Weave Net',
  L24g: 'CNI: Cilium',
  L24h: 'CNI: Canal',
  L24i: 'CNI: Multus',
  L25: 'The Cluster Network Operator',
  L26: 'The network is chosen at installation',
  L27: 'Cluster network and service network',
  L28: 'The guided exercise',
};

export interface Coverage {
  row: string;
  taught: string[];
  /** `lab: check`. */
  graded: string[];
}

export function coverage(labs: Iterable<Lab>): Coverage[] {
  const all = [...labs];
  return Object.keys(LESSON).map((row) => ({
    row,
    taught: all.filter(({ definition }) => definition.lesson.includes(row)).map(({ id }) => id),
    graded: all.flatMap(({ id, definition }) =>
      definition.checks.filter(({ lesson }) => lesson.includes(row)).map((check) => `${id}: ${check.id}`),
    ),
  }));
}

const HEAD = `# Which lab covers which row of the lesson

<!-- Made by \`npm run lab -- docs\` from \`lesson\` of labs and of their checks. -->

| row | the lesson says | taught in | graded by |
|---|---|---|---|
`;

export function coveragePage(labs: Iterable<Lab>): string {
  const rows = coverage(labs).map(
    ({ row, taught, graded }) =>
      `| ${row} | ${LESSON[row]} | ${taught.join(', ') || '–'} | ${graded.join(', ') || '–'} |`,
  );
  return `${HEAD}${rows.join('\n')}\n`;
}
