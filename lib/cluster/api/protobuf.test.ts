import { expect, it } from 'vitest';
import { Schema } from '../resources/schema/schema';
import { hasProtobuf, ProtobufError, readProtobuf } from './protobuf';
import { openWorld } from './testing/world';

type Part = [number, number | string | Part[]];

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

/** Field by field: a number is a varint, a text bytes, a list a message. */
const message = (parts: Part[]): Buffer =>
  Buffer.concat(
    parts.map(([field, value]) => {
      if (typeof value === 'number') return Buffer.from([...varint(field * 8), ...varint(value)]);
      const bytes = typeof value === 'string' ? Buffer.from(value) : message(value);
      return Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(bytes.length)]), bytes]);
    }),
  );

/** As a client sends it: the magic, then runtime.Unknown. */
const body = (apiVersion: string, kind: string, object: Part[]): Buffer =>
  Buffer.concat([
    Buffer.from('k8s\0'),
    message([
      [
        1,
        [
          [1, apiVersion],
          [2, kind],
        ],
      ],
      [2, object],
      [3, ''],
      [4, ''],
    ]),
  ]);

const read = (type: string, apiVersion: string, object: Part[]) =>
  readProtobuf(new Schema(), type, body(apiVersion, type, object));

it('knows every kind that a client sends so', () => {
  const { registry } = openWorld().operations;
  const json = /openshift\.io$|^(podlab\.dev|apiextensions\.k8s\.io|policy\.networking\.k8s\.io|k8s\.cni\.cncf\.io)$/;
  const known = registry.all().filter(({ group }) => !json.test(group));
  expect(known.filter(({ kind }) => !hasProtobuf(kind)).map(({ kind }) => kind)).toEqual([]);
});

it.each<[string, string, string, Part[], object]>([
  [
    'names',
    'Namespace',
    'v1',
    [
      [
        1,
        [
          [1, 'demo'],
          [3, ''],
          [8, []],
        ],
      ],
    ],
    { metadata: { name: 'demo' } },
  ],
  [
    'maps',
    'ConfigMap',
    'v1',
    [
      [
        2,
        [
          [1, 'a'],
          [2, '1'],
        ],
      ],
      [
        2,
        [
          [1, '__proto__'],
          [2, 'x'],
        ],
      ],
    ],
    { data: JSON.parse('{"a":"1","__proto__":"x"}') },
  ],
  [
    'bytes',
    'Secret',
    'v1',
    [
      [
        2,
        [
          [1, 'a'],
          [2, 'b'],
        ],
      ],
    ],
    { data: { a: 'Yg==' } },
  ],
  [
    'zero that counts',
    'Deployment',
    'apps/v1',
    [
      [
        2,
        [
          [1, 0],
          [4, [[1, '']]],
          [5, 0],
        ],
      ],
    ],
    { spec: { replicas: 0, strategy: {} } },
  ],
  [
    'a number or a text',
    'Service',
    'v1',
    [
      [
        2,
        [
          [
            1,
            [
              [1, ''],
              [3, 80],
              [
                4,
                [
                  [1, 1],
                  [2, 0],
                  [3, 'http'],
                ],
              ],
            ],
          ],
          [
            1,
            [
              [3, 81],
              [
                4,
                [
                  [1, 0],
                  [2, 8081],
                ],
              ],
            ],
          ],
        ],
      ],
    ],
    {
      spec: {
        ports: [
          { port: 80, targetPort: 'http' },
          { port: 81, targetPort: 8081 },
        ],
      },
    },
  ],
  [
    'quantities',
    'ResourceQuota',
    'v1',
    [
      [
        2,
        [
          [
            1,
            [
              [1, 'cpu'],
              [2, [[1, '500m']]],
            ],
          ],
        ],
      ],
    ],
    { spec: { hard: { cpu: '500m' } } },
  ],
  [
    'structures that JSON shows as their owner’s',
    'Pod',
    'v1',
    [
      [
        2,
        [
          [
            1,
            [
              [1, 'v'],
              [2, [[6, [[1, 's']]]]],
            ],
          ],
        ],
      ],
    ],
    { spec: { volumes: [{ name: 'v', secret: { secretName: 's' } }] } },
  ],
])('reads %s', (_name, type, apiVersion, object, wanted) => {
  expect(read(type, apiVersion, object)).toEqual({ apiVersion, kind: type, ...wanted });
});

it.each([
  ['no magic', Buffer.from('{}')],
  ['a cut message', body('v1', 'Pod', [[1, [[1, 'a']]]]).subarray(0, 20)],
  ['an endless integer', Buffer.concat([Buffer.from('k8s\0'), Buffer.alloc(20, 0xff)])],
])('refuses %s', (_name, bytes) => {
  expect(() => readProtobuf(new Schema(), 'Pod', bytes)).toThrow(ProtobufError);
});

it('creates what a client sends so', async () => {
  const world = openWorld();
  const bytes = body('v1', 'ConfigMap', [
    [1, [[1, 'm']]],
    [
      2,
      [
        [1, 'a'],
        [2, '1'],
      ],
    ],
  ]);
  const reply = await world.call('POST', '/api/v1/namespaces/t1/configmaps', {
    body: bytes,
    type: 'application/vnd.kubernetes.protobuf',
  });
  expect([reply.status, reply.json.metadata.name, reply.json.data]).toEqual([201, 'm', { a: '1' }]);
});
