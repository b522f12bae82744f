// npm run lab: an author's commands.
import { loadLabs } from '../labs/load';
import { main, parse, seedOf, UsageError } from './arguments';
import { check } from './lab/check';
import { gradeScript } from './lab/grade';
import { newLab } from './lab/new';
import { LABS } from './world';

const USAGE = `usage: npm run lab -- list
       npm run lab -- new ID
       npm run lab -- check [ID...] [--seeds N] [--json]
       npm run lab -- grade ID [--script FILE] [--seed N] [--json]
       npm run lab -- run ID [--seed N]
       npm run lab -- schema
       npm run lab -- docs
options: --labs FOLDER, another folder of labs than labs/`;
const OPTIONS = {
  script: { type: 'string' },
  seed: { type: 'string' },
  seeds: { type: 'string' },
  labs: { type: 'string' },
  json: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parse<{ options: typeof OPTIONS; allowPositionals: true }>>['values'];

const verbs: Record<string, (ids: string[], values: Values) => Promise<number>> = {
  list: (_, { labs }) => list(labs ?? LABS),
  new: ([id], { labs }) => newLab(needed(id), labs ?? LABS),
  check: (ids, { labs, seeds, json }) => check({ ids, root: labs ?? LABS, seeds, json: json ?? false }),
  grade: ([id], { labs, script, seed, json }) =>
    gradeScript({ id: needed(id), root: labs ?? LABS, script, seed: seedOf(seed), json: json ?? false }),
  run: async ([id], { seed, labs }) => (await import('./lab/run')).run(needed(id), seedOf(seed), labs ?? LABS),
  schema: async () => (await import('./lab/pages')).printSchema(),
  docs: async () => (await import('./lab/pages')).writeDocs(),
};

await main(async () => {
  const { values, positionals } = parse({ options: OPTIONS, allowPositionals: true }, USAGE);
  const [verb = '', ...ids] = positionals;
  const act = verbs[verb];
  if (!act) throw new UsageError(USAGE);
  const status = await act(ids, values);
  setImmediate(() => process.exit(status)); // worlds leave timers behind
  return status;
});

function needed(id: string | undefined): string {
  if (!id) throw new UsageError(USAGE);
  return id;
}

async function list(root: string): Promise<number> {
  const { labs, broken } = await loadLabs(root);
  for (const lab of labs.values()) console.log(`${lab.id.padEnd(24)} ${lab.definition.title}`);
  for (const error of broken) console.error(error.message);
  return broken.length > 0 ? 1 : 0;
}
