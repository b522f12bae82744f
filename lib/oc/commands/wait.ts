// oc wait: until a condition, a value or the deletion of objects.
import type { Cli, Command } from '../cli';
import { CliError, isReason, throwAll } from '../errors';
import { findJsonPath } from '../jsonpath/evaluate';
import { parseJsonPath } from '../jsonpath/parse';
import { relaxedPath } from '../jsonpath/relaxed';
import type { Dyn } from '../object';
import { waitFor } from '../resources/pods';
import { type Info, select, selectionOf } from '../resources/select';
import { printResult } from '../resources/write';

const FOREVER_MS = 168 * 3600 * 1000;

interface Condition {
  test: (object: Dyn | undefined) => boolean;
  deletion?: boolean;
  creation?: boolean;
}

export const wait: Command = {
  path: 'wait',
  async run(cli) {
    const { flags } = cli;
    const words = flags.list('for');
    const conditions = (words.length > 0 ? words : ['']).map(parseCondition);
    const timeout = flags.duration('timeout');
    const limit = timeout < 0 ? FOREVER_MS : timeout;
    const gone = conditions.some(({ deletion }) => deletion);
    const made = conditions.some(({ creation }) => creation);
    const end = cli.now() + limit;
    const { infos, errors } = await find(cli, gone, made, end);
    if (infos.length === 0) {
      throwAll(errors);
      if (gone) return;
      throw new CliError('no matching resources found');
    }
    for (const info of infos)
      for (const condition of conditions) await waitOne(cli, info, condition, end, errors, timeout === 0);
    throwAll(errors);
  },
};

async function find(cli: Cli, gone: boolean, made: boolean, end: number) {
  for (;;) {
    const found = await select(cli, selectionOf(cli, { emptyMeansAll: cli.flags.bool('all'), ignoreNotFound: gone }));
    const missing = found.errors.length > 0 && found.errors.every((error) => isReason(error, 'NotFound'));
    if (!made || !(missing || (found.infos.length === 0 && found.errors.length === 0))) return found;
    if (cli.now() >= end) throw new CliError('timed out waiting for the condition');
    await cli.proc.sleep(500);
  }
}

function parseCondition(text: string): Condition {
  const lower = text.toLowerCase();
  if (lower === 'delete') return { test: (object) => object === undefined, deletion: true };
  if (lower === 'create') return { test: (object) => object !== undefined, creation: true };
  if (lower.startsWith('condition=')) return { test: conditionTest(text.slice('condition='.length)) };
  if (lower.startsWith('jsonpath=')) return { test: pathTest(text.slice('jsonpath='.length)) };
  throw new CliError(`unrecognized condition: ${JSON.stringify(text)}`);
}

function conditionTest(text: string): Condition['test'] {
  const [name = '', value = 'true'] = text.split('=');
  return (object) => {
    const found = (object?.status?.conditions ?? []).find((c: Dyn) => c.type.toLowerCase() === name.toLowerCase());
    if (!found) return false;
    const stale =
      found.observedGeneration !== undefined && found.observedGeneration < (object.metadata.generation ?? 0);
    return !stale && found.status.toLowerCase() === value.toLowerCase();
  };
}

function pathTest(text: string): Condition['test'] {
  const match = /^'?(\{.*\}|[^=]+)'?(?:==?(.*))?$/s.exec(text);
  const [, path = '', wanted] = match ?? [];
  if (!path) throw new CliError('jsonpath expression cannot be empty');
  if (wanted === '') throw new CliError('jsonpath wait value cannot be empty');
  const nodes = parseJsonPath(relaxedPath(path));
  return (object) => {
    if (object === undefined) return false;
    const values = findJsonPath(nodes, object, { allowMissing: true }).flat();
    if (wanted === undefined) return values.length > 0;
    if (values.length > 1) throw new CliError(`given jsonpath expression matches more than one value`);
    return values.length === 1 && String(values[0]) === wanted.replace(/^(["'])(.*)\1$/, '$2');
  };
}

async function waitOne(
  cli: Cli,
  info: Info,
  condition: Condition,
  end: number,
  errors: Error[],
  once: boolean,
): Promise<void> {
  const late = new CliError(`timed out waiting for the condition on ${info.resource.name}/${info.name}`);
  if (!once && cli.now() >= end) return void errors.push(late); // the time is one for all objects
  const left = Math.max(once ? 1 : 0, end - cli.now());
  const uid = info.object.metadata.uid;
  const done = (object: Dyn | undefined) =>
    condition.test(condition.deletion && object?.metadata.uid !== uid ? undefined : object);
  try {
    if (!done(info.object)) await waitFor(cli, info.resource, info, done, Math.max(1, left));
    await printResult(cli, info.object, 'condition met');
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    errors.push(error.message.startsWith('timed out') ? late : error);
  }
}
