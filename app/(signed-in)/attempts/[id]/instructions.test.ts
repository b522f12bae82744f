import { createElement, isValidElement, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { LabMarkdown } from './lab-markdown';
import { markOf } from './lab-marks';

/** Draws a fence as the word for what the page makes of it. */
const pre = ({ children }: { children?: ReactNode }) => {
  const code = isValidElement<{ className?: string; children?: ReactNode }>(children) ? children.props : {};
  return createElement('pre', null, `${JSON.stringify(markOf(code.className))}: ${code.children}`);
};
const render = (text: string): string =>
  renderToStaticMarkup(createElement(LabMarkdown, { text, components: { pre } })).replaceAll('&quot;', '"');

describe('instructions', () => {
  it.each([
    ['```\noc get pods\n```', '{"kind":"commands","fails":false}: oc get pods'],
    ['```sh fails\noc get pods\n```', '{"kind":"commands","fails":true}'],
    ['```output\nNAME READY\n```', '{"kind":"output"}: NAME READY'],
    ['```yaml\nkind: Pod\n```', '{"kind":"output"}: kind: Pod'],
    ['```question node\nOn which node?\n```', '{"kind":"question","id":"node"}: On which node?'],
    ['## One\n\n[check]: # (database, data)\n', '{"kind":"checks","ids":["database","data"]}'],
    ['- a\n\n  ```output\n  deep\n  ```', '{"kind":"output"}: deep'],
    ['| a | b |\n|---|---|\n| 1 | 2 |', '<table>'],
  ])('%s', (text, expected) => {
    expect(render(text)).toContain(expected);
  });

  it('each step has its own checks, although Markdown knows a name once', () => {
    expect(render('## One\n\n[check]: # (a)\n\n## Two\n\n[check]: # (b)\n')).toMatch(/"a"[\s\S]*Two[\s\S]*"b"/);
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[x](javascript:alert(1))',
    '<a href="javascript:alert(1)">x</a>',
    '<iframe src="https://example.com"></iframe>',
    '![x](data:text/html;base64,PHNjcmlwdD4=)',
    '<svg onload=alert(1)></svg>',
    '<style>body{display:none}</style>',
    '<form action="https://example.com"><input name=a></form>',
    '```question x"><script>alert(1)</script>\n<img onerror=alert(1)>\n```',
    '[check]: # (<script>alert(1)</script>)',
  ])('is cleaned of %s', (text) => {
    expect(render(`Before\n\n${text}\n\nAfter`)).not.toMatch(
      /<script|<img[^>]*onerror|href="javascript|<iframe|src="data:text|<svg|<style|<form/i,
    );
  });
});
