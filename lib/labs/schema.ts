// The lab format: one zod definition from which types, error messages and the JSON Schema for editors come.
import { z } from 'zod';
import { imageSchema } from './images';

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/; // a DNS label, as Kubernetes names
const VARIABLE = /^[a-z][a-z0-9_]*$/;

const variable = z.union([
  z.strictObject({ pick: z.array(z.string()).min(2).describe('One of these is drawn.') }),
  z.strictObject({
    pattern: z
      .string()
      .min(1)
      .describe('Text with classes and counts: `user[0-9]{2}` draws user07. Classes are [a-z], [0-9], [abc].'),
  }),
]);

const check = z.strictObject({
  id: z.string().regex(NAME, 'a check id is lower-case letters, digits and dashes'),
  title: z.string().min(1),
  points: z.number().positive().max(100),
  grader: z.string().describe('The name of a file in graders/.'),
  with: z.record(z.string(), z.unknown()).default({}).describe('The parameters of the grader.'),
  hint: z.string().optional(),
});

const cluster = z.strictObject({
  profile: z.enum(['openshift', 'kubernetes']).default('openshift'),
  network: z.string().default('OVNKubernetes').describe('The CNI plug-in.'),
  workers: z.number().int().min(0).max(50).default(2).describe('Worker nodes beside the control-plane node.'),
  clusterNetwork: z.string().default('10.8.0.0/14').describe('CIDR that pods get their addresses from.'),
  hostPrefix: z.number().int().min(8).max(30).default(23).describe("Prefix length of a node's part of it."),
  serviceNetwork: z.string().default('172.30.0.0/16'),
  pace: z.enum(['instant', 'brisk', 'realistic']).default('brisk').describe('How long image pulls and back-offs take.'),
});

export const labSchema = z.strictObject({
  title: z.string().min(1).max(120),
  summary: z.string().default(''),
  minutes: z.number().int().min(1).max(600),
  objectives: z.array(z.string()).min(1),
  lesson: z
    .array(z.string().regex(/^L\d\d[a-i]?$/))
    .default([])
    .describe('Rows of the lesson that it teaches.'),
  cluster: cluster.prefault({}),
  variables: z.record(z.string().regex(VARIABLE), variable).default({}),
  images: z.array(imageSchema).default([]).describe('Container images of this lab, beside the public ones.'),
  prepare: z.string().optional().describe('Script run as the cluster administrator before the student arrives.'),
  start: z.string().optional().describe('Script that `lab start` runs as the cluster administrator.'),
  finish: z.string().optional().describe('Script that `lab finish` runs as the cluster administrator.'),
  checks: z.array(check).min(1),
});

export type LabDefinition = z.infer<typeof labSchema>;
export type CheckDefinition = LabDefinition['checks'][number];
