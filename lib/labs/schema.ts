// The lab format: one zod definition from which types, error messages, the JSON Schema for editors and the reference page come.
import { z } from 'zod';
import { cniNames } from '../sandbox/spec';
import { checkSchema, NAME } from './checks';
import { imageSchema } from './images';

const VARIABLE = /^[a-z][a-z0-9_]*$/;
const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;
const CIDR = /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/;
const FILE = 'A file of the lab folder.';

const hidden = z
  .boolean()
  .default(false)
  .describe('Not in the instructions and not in the environment of the student.');
const differs = z.array(z.string()).default([]).describe('Other variables whose value it must not have.');

const variable = z.union([
  z.strictObject({ pick: z.array(z.string()).min(2).describe('One of these is drawn.'), hidden, differs }),
  z.strictObject({
    pattern: z
      .string()
      .min(1)
      .describe('Text with classes and counts: `user[0-9]{2}` draws user07. Classes are [a-z], [0-9], [abc].'),
    hidden,
    differs,
  }),
  z.strictObject({
    number: z
      .strictObject({ from: z.number().int(), to: z.number().int(), step: z.number().int().min(1).default(1) })
      .describe('A whole number is drawn, both ends included.'),
    hidden,
    differs,
  }),
  z.strictObject({
    by: z.string().describe('Another variable, declared before; its value decides this one.'),
    values: z.record(z.string(), z.string()).describe('By value of the other one.'),
    hidden,
  }),
  z.strictObject({ text: z.string().describe('A text made of other variables: `shop-{{suffix}}`.'), hidden }),
]);

const cluster = z.strictObject({
  profile: z.enum(['openshift', 'kubernetes']).default('openshift'),
  network: z
    .union([
      z.enum(cniNames),
      z.string().regex(/^\{\{\s*[a-z][a-z0-9_]*\s*\}\}$/, `one of ${cniNames.join(', ')}, or a variable`),
    ])
    .default('OVNKubernetes')
    .describe('The CNI plug-in; or a variable, drawn among plug-ins.'),
  sdnMode: z
    .enum(['NetworkPolicy', 'Multitenant', 'Subnet'])
    .optional()
    .describe('How OpenShift SDN isolates projects.'),
  workers: z.number().int().min(0).max(50).default(2).describe('Worker nodes beside the control-plane node.'),
  clusterNetwork: z
    .string()
    .regex(CIDR, 'a block of addresses like 10.8.0.0/14')
    .default('10.8.0.0/14')
    .describe('CIDR that pods get their addresses from.'),
  hostPrefix: z.number().int().min(8).max(30).default(23).describe("Prefix length of a node's part of it."),
  serviceNetwork: z
    .string()
    .regex(CIDR, 'a block of addresses like 172.30.0.0/16')
    .default('172.30.0.0/16')
    .describe('CIDR that services get their addresses from.'),
  pace: z.enum(['instant', 'brisk', 'realistic']).default('brisk').describe('How long image pulls and back-offs take.'),
});

const hostBase = {
  name: z.string().regex(NAME, 'lower-case letters, digits and dashes').describe('Its name is NAME.lab.example.com.'),
  address: z
    .string()
    .regex(ADDRESS, 'an IPv4 address')
    .describe('On the machine network, 192.168.50.0/24, or beyond it.'),
};

const host = z.union([
  z.strictObject({
    ...hostBase,
    dns: z
      .record(z.string(), z.array(z.string()))
      .describe('A DNS server with these names; `*.` answers for all below.'),
  }),
  z.strictObject({
    ...hostBase,
    image: z.string().describe('The image whose program it runs, of this lab or public.'),
    env: z.record(z.string(), z.string()).default({}),
    command: z.array(z.string()).min(1).optional(),
  }),
]);

const user = z.strictObject({
  name: z.enum(['developer', 'admin']).describe('`admin` may do all; `developer` what `prepare` lets it.'),
  project: z.string().optional().describe('The project that is chosen.'),
});

const question = z.strictObject({
  id: z
    .string()
    .regex(NAME, 'lower-case letters, digits and dashes')
    .describe('What `lab answer` and the grader `answer` call it.'),
  text: z.string().min(1).describe('Shown by `lab answer`.'),
  attempts: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(3)
    .describe('How often it may be answered; the last answer counts.'),
});

export const labSchema = z.strictObject({
  title: z.string().min(1).max(120).describe('As students see it in the list.'),
  summary: z.string().default('').describe('A sentence below it.'),
  minutes: z.number().int().min(1).max(600).describe('How long it takes, in minutes.'),
  objectives: z.array(z.string()).min(1).describe('What the student can do afterwards.'),
  lesson: z
    .array(z.string().regex(/^L\d\d[a-i]?$/, 'a row of the lesson, like L07'))
    .default([])
    .describe('Rows of the lesson that it teaches; [lesson-coverage.md](lesson-coverage.md) lists them.'),
  cluster: cluster.prefault({}),
  user: user.optional().describe('Who the student is signed in as from the start; nobody if not given.'),
  variables: z
    .record(z.string().regex(VARIABLE, 'lower-case letters, digits and underscores'), variable)
    .default({})
    .describe('Drawn for each attempt from its seed: `{{name}}` in texts and manifests, `$NAME` on the workstation.'),
  images: z.array(imageSchema).default([]).describe('Container images of this lab, beside the public ones.'),
  hosts: z.array(host).default([]).describe('Hosts outside the cluster.'),
  manifests: z
    .array(z.string())
    .default([])
    .describe(`Manifests that are applied as the cluster administrator before the student arrives. ${FILE}`),
  prepare: z
    .string()
    .optional()
    .describe(`Script run as the cluster administrator before the student arrives, after the manifests. ${FILE}`),
  start: z.string().optional().describe(`Script that \`lab start\` runs as the cluster administrator. ${FILE}`),
  finish: z.string().optional().describe(`Script that \`lab finish\` runs as the cluster administrator. ${FILE}`),
  checks: z.array(checkSchema).min(1).describe('What is graded, in the order of the report.'),
  questions: z.array(question).default([]).describe('Questions that the instructions ask and `lab answer` takes.'),
  pass: z
    .number()
    .min(0)
    .max(100)
    .default(100)
    .describe('Percent of the points that pass the lab; every required check has to pass as well.'),
  counts: z.enum(['best', 'last']).default('best').describe('Which of several gradings of an attempt counts.'),
});

export type LabDefinition = z.infer<typeof labSchema>;
/** Variables as they may be written, without the defaults. */
export type VariableDefinitions = Record<string, z.input<typeof variable>>;
export type CheckDefinition = LabDefinition['checks'][number];
