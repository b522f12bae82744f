// One file of a lab in CodeMirror: colours by kind of file, completion from the lab format, mistakes where they are.
'use client';

import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { markdown } from '@codemirror/lang-markdown';
import { yaml } from '@codemirror/lang-yaml';
import { StreamLanguage } from '@codemirror/language';
import { shell } from '@codemirror/legacy-modes/mode/shell';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Extension, type Text } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import type { Analysis } from '../../../../lib/server/workshop/workshop';
import { proposalsAt, type Schema } from './proposals';

type Problem = Analysis['problems'][number];

export interface EditorHandle {
  /** Puts the cursor there. */
  show(line: number, column: number): void;
}

interface Props {
  path: string;
  text: string;
  problems: Problem[];
  schema: Schema | undefined;
  /** The paths of the lab's files. */
  files: string[];
  onChange(text: string): void;
  handle: Ref<EditorHandle>;
}

/** Made anew for each file (`key`); the text is the editor's own from then on. */
export default function Editor({ path, text, problems, schema, files, onChange, handle }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const now = useRef({ schema, files, onChange });
  now.current = { schema, files, onChange };
  const first = useRef(text);

  useEffect(() => {
    if (!place.current) return;
    const complete = (context: CompletionContext) => proposals(context, now.current.schema, now.current.files);
    const extensions = [
      basicSetup,
      languageOf(path),
      lintGutter(),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': path }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) now.current.onChange(update.state.doc.toString());
      }),
      ...(path === 'lab.yaml' ? [autocompletion({ override: [complete] })] : []),
    ];
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({ doc: first.current, extensions }),
    });
    view.current = made;
    return () => made.destroy();
  }, [path]);

  useEffect(() => {
    if (!view.current) return;
    const { state } = view.current;
    const found = problems.map((problem) => toDiagnostic(state.doc, problem));
    view.current.dispatch(setDiagnostics(state, found));
  }, [problems]);

  useImperativeHandle(handle, () => ({
    show(line, column) {
      const editor = view.current;
      if (!editor) return;
      const anchor = offsetOf(editor.state.doc, line, column);
      editor.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
      editor.focus();
    },
  }));

  return <div ref={place} className="podlab-editor" data-editor={path} />;
}

export function languageOf(path: string): Extension {
  if (/\.ya?ml$/.test(path)) return yaml();
  if (path.endsWith('.md')) return markdown();
  return path.endsWith('.sh') ? StreamLanguage.define(shell) : [];
}

function proposals(context: CompletionContext, schema: Schema | undefined, files: string[]): CompletionResult | null {
  if (!schema) return null;
  const found = proposalsAt(context.state.doc.toString(), context.pos, schema, files);
  if (!found) return null;
  return {
    from: found.from,
    options: found.options.map(({ label, apply, detail, info, required }) => ({
      label,
      apply,
      detail,
      type: apply === label ? 'enum' : 'property',
      ...(info && { info }),
      boost: required ? 1 : 0,
    })),
  };
}

/** A line may be gone since the mistake was found. */
function offsetOf(doc: Text, line: number, column: number): number {
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return Math.min(at.from + Math.max(column - 1, 0), at.to);
}

/** From its place to the end of the line. */
function toDiagnostic(doc: Text, { line, column, message }: Problem): Diagnostic {
  const from = offsetOf(doc, line, column);
  return { from, to: Math.max(from, doc.lineAt(from).to), severity: 'error', message };
}
