import { expect, test } from 'vitest';
import { humanDuration } from '../flags/duration';
import { jsonPath } from '../jsonpath/evaluate';
import { executeTemplate, parseTemplate } from './go-template';
import { toJson } from './json';
import { DESCRIBE, tabulate } from './tabwriter';
import { toYaml } from './yaml';

// Recorded from kubectl 1.31 annotate --local -o yaml.
test('YAML: quotes, folds, blocks and the order of keys', () => {
  const annotations = {
    at: '@x',
    b: 'true',
    b60: '1:30',
    bt: '`x',
    colon: 'a:b',
    dash: '- a',
    dash2: '-a',
    date: '2024-01-01',
    dq: '"x"',
    e: '',
    e3: '1e3',
    emoji: '😀',
    eq: '=',
    hash: 'a #b',
    inf: '.inf',
    json: '{"a":1}',
    lead: ' x',
    long: 'This is a very long line that goes over the eighty columns limit and should probably be folded or not, we will see',
    longq:
      'This is a: very long line that goes over the eighty columns limit and should probably be folded or not, we will see',
    lt: '<<',
    n: '123',
    nl: 'a\nb\n',
    nl2: 'a\nb',
    nl3: '\n  a\n b\n\n',
    nltr: 'a \nb',
    o2: '0o14',
    q: '?a',
    quote: "it's",
    sp: 'a  b ',
    tab: 'a\tb',
    ts: '2024-01-01T00:00:00Z',
    uni: 'é—',
    us: '1_000',
    y: 'y',
  };
  const labels = { a10: 'x', a9: 'y', a: 'z', aB: '1' };
  expect(toYaml({ kind: 'ConfigMap', data: { 'k.1': 'v', k: 'w' }, metadata: { labels, annotations } })).toBe(`data:
  k: w
  k.1: v
kind: ConfigMap
metadata:
  annotations:
    at: '@x'
    b: "true"
    b60: "1:30"
    bt: '\`x'
    colon: a:b
    dash: '- a'
    dash2: -a
    date: "2024-01-01"
    dq: '"x"'
    e: ""
    e3: "1e3"
    emoji: "\\U0001F600"
    eq: =
    hash: 'a #b'
    inf: ".inf"
    json: '{"a":1}'
    lead: ' x'
    long: This is a very long line that goes over the eighty columns limit and should
      probably be folded or not, we will see
    longq: 'This is a: very long line that goes over the eighty columns limit and
      should probably be folded or not, we will see'
    lt: <<
    "n": "123"
    nl: |
      a
      b
    nl2: |-
      a
      b
    nl3: |2+

        a
       b

    nltr: "a \\nb"
    o2: "0o14"
    q: ?a
    quote: it's
    sp: 'a  b '
    tab: "a\\tb"
    ts: "2024-01-01T00:00:00Z"
    uni: é—
    us: "1_000"
    "y": "y"
  labels:
    a: z
    a9: "y"
    a10: x
    aB: "1"
`);
});

test('YAML: lists stand at their key', () => {
  expect(toYaml({ a: [{ b: 1, c: ['x'] }, []], e: {}, z: null })).toBe(
    'a:\n- b: 1\n  c:\n  - x\n- []\ne: {}\nz: null\n',
  );
});

test('JSON escapes as Go', () => {
  expect(toJson({ b: '<&>', a: [1] })).toBe('{\n    "a": [\n        1\n    ],\n    "b": "\\u003c\\u0026\\u003e"\n}');
});

const pods = {
  kind: 'List',
  items: [
    {
      metadata: { name: 'a', labels: { 'app.kubernetes.io/name': 'x' } },
      spec: { n: 3 },
      status: { phase: 'Running' },
    },
    { metadata: { name: 'b', labels: {} }, spec: { n: 5 }, status: { phase: 'Pending' } },
  ],
};

test.each([
  ['{.items[*].metadata.name}', 'a b'],
  ['{.items[0].metadata.name}', 'a'],
  ['{.items[-1:].metadata.name}', 'b'],
  ['{.items[0:2].metadata.name}', 'a b'],
  ['{range .items[*]}{.metadata.name}{"\\t"}{.status.phase}{"\\n"}{end}', 'a\tRunning\nb\tPending\n'],
  ["{.items[?(@.status.phase=='Running')].metadata.name}", 'a'],
  ['{.items[?(@.spec.n>3)].metadata.name}', 'b'],
  ['{.items[0].metadata.labels.app\\.kubernetes\\.io/name}', 'x'],
  ["{.items[0]['metadata.name','status.phase']}", 'a Running'],
  ['{..name}', 'a b'],
  ['{.kind} has {.items[0].spec}', 'List has {"n":3}'],
  ['{.missing}', ''],
  ['plain', 'plain'],
])('jsonpath %s', (template, expected) => {
  expect(jsonPath(template, pods, { allowMissing: true })).toBe(expected);
});

test.each([
  ['{{range .items}}{{.metadata.name}} {{end}}', 'a b '],
  ['{{range $i, $p := .items}}{{$i}}={{$p.metadata.name}};{{end}}', '0=a;1=b;'],
  ['{{(index .items 0).metadata.name}}', 'a'],
  ['{{len .items}}', '2'],
  ['{{if eq .kind "List"}}yes{{else}}no{{end}}', 'yes'],
  ['{{.nothing}}', '<no value>'],
  ['{{range .items}}{{.spec.n}}{{"\\n"}}{{end}}', '3\n5\n'],
  ['{{printf "%s-%v" .kind (len .items)}}', 'List-2'],
  ['{{ with .items }}{{ len . }}{{ end -}}  x', '2x'],
  ['{{.kind | printf "%q"}}', '"List"'],
])('go-template %s', (template, expected) => {
  expect(executeTemplate(parseTemplate(template), template, pods, true)).toBe(expected);
});

test('tabs align runs of lines', () => {
  expect(tabulate('Name:\tx\nLong Name:\ty\nplain\nA:\tb\n', DESCRIBE)).toBe(
    'Name:       x\nLong Name:  y\nplain\nA:  b\n',
  );
});

test.each([
  [0, '0s'],
  [119_000, '119s'],
  [125_000, '2m5s'],
  [3_600_000, '60m'],
  [4 * 3_600_000 + 60_000, '4h1m'],
  [49 * 3_600_000, '2d1h'],
  [400 * 24 * 3_600_000, '400d'],
])('an age of %i ms is %s', (ms, text) => {
  expect(humanDuration(ms)).toBe(text);
});
