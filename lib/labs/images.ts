// Images that a lab declares: the shape of an entry of `images:`. What it means is in lib/images/declared.
import { z } from 'zod';
import type { SandboxSpec } from '../sandbox/spec';

type DeclaredImage = NonNullable<SandboxSpec['images']>[number];

const REPOSITORY = /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)+$/;
const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

const seconds = z.number().min(0).max(86_400);
const status = z.number().int().min(0).max(255);
const port = z.number().int().min(1).max(65_535);
const path = z.string().startsWith('/');
const pattern = z.string().refine(isRegex, 'not a regular expression');

function isRegex(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

const file = z.union([
  z.string().describe('The text of the file.'),
  z.strictObject({ from: z.string().describe('A file of the lab folder.'), mode: z.number().int().optional() }),
  z.strictObject({ text: z.string(), mode: z.number().int().optional() }),
]);

const route = z
  .strictObject({
    path: path.describe('Exact; a prefix when it ends in *.'),
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional(),
    status: z.number().int().min(200).max(599).default(200),
    headers: z.record(z.string(), z.string()).default({}),
    body: z
      .string()
      .optional()
      .describe(
        `Texts may hold \${NAME}: a variable, hostname, address, time, client, method, path, query.X, header.X.`,
      ),
    file: path.optional().describe('A file of the image to answer with.'),
    root: path.optional().describe('A folder of the image whose files are served.'),
    proxy: z.string().optional().describe('http://HOST:PORT/PATH to pass the request on to.'),
    delay: seconds.default(0).describe('Seconds before the answer.'),
  })
  .refine(
    ({ body, file, root, proxy }) => [body, file, root, proxy].filter((one) => one !== undefined).length <= 1,
    'a route answers with one of body, file, root and proxy',
  );

const lines = z.strictObject({
  port,
  after: seconds.default(0).describe('Seconds after the start before it listens.'),
  greeting: z.string().optional(),
  replies: z
    .array(z.strictObject({ match: pattern, answer: z.string(), close: z.boolean().default(false) }))
    .default([])
    .describe('The first whose expression matches a line answers it.'),
  echo: z.boolean().default(false).describe('Sends back what no reply matches.'),
});

const logLine = z.union([
  z.string().transform((text) => ({ text, after: 0 })),
  z.strictObject({ text: z.string(), after: seconds.default(0), every: z.number().min(1).max(86_400).optional() }),
]);

export const imageSchema = z.strictObject({
  name: z.string().regex(REPOSITORY, 'a repository with its registry, like registry.ocp4.example.com:8443/shop/stock'),
  tags: z
    .array(z.string().regex(/^\w[\w.-]{0,127}$/))
    .min(1)
    .default(['latest']),
  system: z.enum(['ubi8', 'ubi9', 'debian', 'alpine', 'busybox', 'scratch']).default('ubi9'),
  commands: z
    .array(z.string())
    .default([])
    .describe('Commands on board beside those of the system; network-tools is a set.'),
  files: z.record(path, file).default({}),
  env: z.record(z.string().regex(ENV_NAME), z.string()).default({}),
  user: z.string().default('1001'),
  workdir: path.default('/'),
  command: z.array(z.string()).min(1).optional().describe('Runs instead of the declared service.'),
  requires: z
    .array(
      z.union([
        z
          .string()
          .regex(ENV_NAME)
          .transform((name) => ({ name })),
        z.strictObject({ name: z.string().regex(ENV_NAME), pattern: pattern.optional() }),
      ]),
    )
    .default([])
    .describe('Variables without which it does not start.'),
  missing: z
    .strictObject({ log: z.array(z.string()), status: status.default(1) })
    .default({ log: [`error: these environment variables are required: \${missing}`], status: 1 }),
  connects: z
    .array(
      z.strictObject({
        to: z.string().regex(/^.+:.+$/, 'HOST:PORT'),
        log: z.string().optional().describe('Written once it is reached.'),
        failure: z.string().default(`cannot connect to \${to}: \${reason}`),
        status: status.default(1),
        retry: z.number().min(1).max(3600).optional().describe('Seconds to the next attempt; without it, it ends.'),
      }),
    )
    .default([])
    .describe('Servers it must reach before it starts.'),
  log: z.array(logLine).default([]),
  http: z
    .array(
      z.strictObject({
        port,
        after: seconds.default(0),
        log: z.string().optional().describe(`A line for each request; \${status} and \${size} are known as well.`),
        routes: z.array(route).min(1),
      }),
    )
    .default([]),
  tcp: z.array(lines).default([]),
  udp: z.array(lines).default([]),
  exit: z.strictObject({ after: seconds.default(0), status: status.default(0) }).optional(),
  terminate: z
    .strictObject({ status: status.default(0), after: seconds.default(0), ignore: z.boolean().default(false) })
    .prefault({}),
});

type ImageDefinition = z.infer<typeof imageSchema>;

/** With the texts of the files that it takes from the lab folder. */
export function declaredImage(definition: ImageDefinition, sources: Record<string, string>): DeclaredImage {
  const files = Object.entries(definition.files).map(([path, given]) => {
    if (typeof given === 'string') return [path, { text: given, mode: 0o644 }] as const;
    const text = 'from' in given ? (sources[given.from] ?? '') : given.text;
    return [path, { text, mode: given.mode ?? 0o644 }] as const;
  });
  return { ...definition, files: Object.fromEntries(files) };
}

/** Files of the lab folder that an image names. */
export const imageSources = ({ files }: ImageDefinition): string[] =>
  Object.values(files).flatMap((given) => (typeof given === 'object' && 'from' in given ? [given.from] : []));
