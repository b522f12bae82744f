// The recorded answers of a real API server, replayed against ours.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openWorld } from './testing/world';

const truth = ['../shared/truth', '../../shared/truth'].find((dir) => existsSync(dir));

interface Recorded {
  title: string;
  request: { method: string; path: string; contentType: string; body: unknown; token: string | null };
  status: number;
  responseContentType: string;
  response: unknown;
}

/** What differs on purpose: the record is of 1.20 without admission of service accounts, we are 1.31 with it. */
const CHANGED = new Set<string>([
  'unknown path', // other paths are served
  'create pod', // service account, tolerations
  'delete pod graceful 0', // the pod, with its service account
  'pod immutable change', // lists more fields, shows no Go structures
  'svc bad clusterIP', // 1.31's words
  'svc clusterIP taken', // 1.31's words
  'svc ok', // address families
  'np bad cidr', // 1.31's words
  'secret bad base64', // 1.31's decoder gives no excerpt
  'version', // ours
  'api', // the address is ours
  'api v1 resources', // other kinds
  'apis', // other groups and versions
  'networking v1', // was stored as v1beta1
]);

/** Told apart by run: versions, times, identities, and who was told to have set what. */
const VARYING = new Set([
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'managedFields',
  'deletionTimestamp',
  'selfLink',
  'singularName',
]);
const steady = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(steady);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !VARYING.has(key))
      .map(([key, each]) => [key, steady(each)]),
  );
};

describe.runIf(truth)("a real server's answers", () => {
  const { records } = truth
    ? (JSON.parse(readFileSync(`${truth}/apiserver-responses.json`, 'utf8')) as { records: Recorded[] })
    : { records: [] };
  const world = openWorld();
  it.each(records.filter(({ title }) => title !== 'watch too old').map((each) => [each.title, each] as const))(
    '%s',
    async (title, each) => {
      const { method, path, contentType, body, token } = each.request;
      const reply = await world.call(method, path, {
        ...(body !== null && { body }),
        type: contentType,
        token: token ?? '',
      });
      if (CHANGED.has(title)) return;
      const seen = reply.json ?? (reply.text.startsWith('{') ? JSON.parse(reply.text) : reply.text);
      expect(reply.status).toBe(each.status);
      expect(steady(seen)).toEqual(steady(each.response));
    },
  );
});
