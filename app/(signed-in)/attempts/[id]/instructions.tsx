// Instructions: Markdown, with buttons on commands that copy them or type them into the terminal.
'use client';

import {
  Button,
  ClipboardCopyButton,
  CodeBlock,
  CodeBlockAction,
  CodeBlockCode,
  Content,
} from '@patternfly/react-core';
import { Children, isValidElement, memo, type ReactNode, useState } from 'react';
import type { Components } from 'react-markdown';
import { LabMarkdown } from './lab-markdown';
import { markOf } from './lab-marks';
import { Question, StepChecks } from './lab-work';

interface Props {
  text: string;
  type: (text: string) => void;
}

/** Rendered once: typing and grading beside it must not draw it again. */
export const Instructions = memo(
  function Instructions({ text, type }: Props) {
    const components: Components = {
      pre: ({ children }) => <Fence text={textOf(children)} language={languageOf(children)} type={type} />,
      table: ({ children }) => <table className="podlab-table">{children}</table>,
      a: ({ href, children }) => (
        <a href={href} target="_blank" rel="noreferrer">
          {children}
        </a>
      ),
    };
    return (
      <Content className="podlab-instructions">
        <LabMarkdown text={text} components={components} />
      </Content>
    );
  },
  (before, after) => before.text === after.text,
);

function Fence({ text, language, type }: Props & { language: string | undefined }) {
  const mark = markOf(language);
  if (mark.kind === 'question') return <Question id={mark.id} text={text} type={type} />;
  if (mark.kind === 'checks') return <StepChecks ids={mark.ids} />;
  if (mark.kind === 'commands') return <Commands text={text} type={type} />;
  return (
    <CodeBlock className="podlab-output">
      <CodeBlockCode>{text.trimEnd()}</CodeBlockCode>
    </CodeBlock>
  );
}

function Commands({ text, type }: Props) {
  const [copied, setCopied] = useState(false);
  const command = text.trimEnd();
  const id = `c${hash(command)}`;
  async function copy() {
    await navigator.clipboard.writeText(command);
    setCopied(true);
  }
  const actions = (
    <>
      <CodeBlockAction>
        <ClipboardCopyButton
          id={id}
          textId={`${id}-text`}
          aria-label="Copy"
          variant="plain"
          onClick={copy}
          exitDelay={copied ? 1200 : 400}
          onTooltipHidden={() => setCopied(false)}
        >
          {copied ? 'Copied' : 'Copy'}
        </ClipboardCopyButton>
      </CodeBlockAction>
      <CodeBlockAction>
        <Button
          variant="plain"
          size="sm"
          className="podlab-type"
          onClick={() => type(`${command}\n`)}
          title="Type into the terminal"
        >
          ▶ Type
        </Button>
      </CodeBlockAction>
    </>
  );
  return (
    <CodeBlock actions={actions} className="podlab-commands">
      <CodeBlockCode id={`${id}-text`}>{command}</CodeBlockCode>
    </CodeBlock>
  );
}

/** The class of the `code` in a `pre`. */
function languageOf(node: ReactNode): string | undefined {
  return isValidElement<{ className?: string }>(node) ? node.props.className : undefined;
}

function textOf(node: ReactNode): string {
  if (typeof node === 'string') return node;
  if (isValidElement<{ children?: ReactNode }>(node)) return textOf(node.props.children);
  return Array.isArray(node) ? Children.toArray(node).map(textOf).join('') : '';
}

/** A name for the page's own use, the same on server and browser. */
const hash = (text: string): number =>
  [...text].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) >>> 0, 7);
