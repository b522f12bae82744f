// The author's page of one lab: files and editor to the left; preview, sandbox, proof, graph and versions to the right.
'use client';

import './workshop.css';
import { Alert, Button, Label, Tab, Tabs, TabTitleText, Title } from '@patternfly/react-core';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { OpenLab } from '../../../../lib/server/workshop/workshop';
import { Instructions } from '../../attempts/[id]/instructions';
import type { Typist } from '../../attempts/[id]/terminal-tabs';
import { Bench } from '../../bench';
import type { EditorHandle } from './editor';
import { FileList } from './file-list';
import type { Schema } from './proposals';
import { PublishDialog } from './publish-dialog';
import { useDraft } from './use-draft';

// They want a window, and their code is asked for when they are looked at.
const Editor = dynamic(() => import('./editor'), { ssr: false });
const GraphView = dynamic(() => import('./graph-view'), { ssr: false });
const ProofView = dynamic(() => import('./proof-view'), { ssr: false });
const SandboxView = dynamic(() => import('./sandbox-view'), { ssr: false });
const VersionsView = dynamic(() => import('./versions-view'), { ssr: false });

const VARIABLE = /\{\{\s*([a-z][a-z0-9_]*)\s*\}\}/g;
const withValues = (text: string, values: Record<string, string>): string =>
  text.replace(VARIABLE, (whole, name: string) => values[name] ?? whole);

const PANES = ['Preview', 'Sandbox', 'Proof', 'Graph', 'Versions'] as const;

interface Props {
  opened: OpenLab;
  /** The version that was published just now. */
  published: number | undefined;
  onPublished(number: number): void;
}

export function WorkshopBench({ opened, published, onPublished }: Props) {
  const { lab } = opened;
  const draft = useDraft(opened);
  const [path, setPath] = useState('lab.yaml');
  const [pane, setPane] = useState<string | number>('Preview');
  const [schema, setSchema] = useState<Schema>();
  const [publishing, setPublishing] = useState(false);
  const [proved, setProved] = useState(opened.proved);
  const editor = useRef<EditorHandle>(null);
  const typist = useRef<Typist>(null);
  const { files, analysis, outline } = draft;
  const { problems } = analysis;

  useEffect(() => {
    void fetch('/api/workshop/schema')
      .then((response) => (response.ok ? response.json() : undefined))
      .then(setSchema)
      .catch(() => {});
  }, []);
  useEffect(() => setProved(draft.proved), [draft.proved]);

  const show = (file: string, line = 1, column = 1) => {
    if (files[file] === undefined) return;
    setPath(file);
    setTimeout(() => editor.current?.show(line, column)); // once the file is there
  };
  const onProofEnd = useCallback(async () => {
    const response = await fetch(`/api/workshop/labs/${lab}/proof`).catch(() => undefined);
    const answer = (await response?.json().catch(() => undefined)) as { isProved?: boolean } | undefined;
    setProved(answer?.isProved ?? false);
  }, [lab]);

  async function discard() {
    if (!window.confirm('Give up all changes since the newest version?')) return;
    await fetch(`/api/workshop/labs/${lab}/draft`, { method: 'DELETE' });
    window.location.assign(opened.newest === undefined ? '/workshop' : `/workshop/${lab}`);
  }
  const isChanged = draft.changed;
  const isBehind = isChanged && opened.newest !== undefined && opened.base !== opened.newest;
  return (
    <Bench
      label="Workshop"
      about={[
        <Link key="back" href="/workshop">
          Workshop
        </Link>,
        <Title key="title" headingLevel="h1" size="lg">
          {outline?.title ?? lab}
        </Title>,
        <Label key="version" isCompact variant="outline">
          {opened.newest === undefined ? 'not published' : `version ${opened.newest}`}
        </Label>,
        <span key="state" id="draft-state" className="podlab-quiet" data-saving={draft.isSaving}>
          {draft.error ? 'Not saved' : draft.isSaving ? 'Saving…' : isChanged ? 'Draft saved' : ''}
        </span>,
      ]}
      actions={[
        <Button key="export" variant="link" component="a" href={`/api/workshop/labs/${lab}/export`} download>
          Export
        </Button>,
        isChanged && draft.revision > 0 && (
          <Button key="discard" variant="link" onClick={discard}>
            Discard
          </Button>
        ),
        <Button
          key="publish"
          id="publish"
          isDisabled={problems.length > 0 || draft.isSaving || !isChanged || draft.revision === 0}
          onClick={() => setPublishing(true)}
        >
          Publish
        </Button>,
      ]}
    >
      {draft.error && <Alert isInline variant="danger" title={draft.error} />}
      {isBehind && (
        <Alert isInline variant="warning" title={`Version ${opened.newest} is newer than this draft`} id="behind">
          It came from the labs folder, an import or another author. Publish puts the draft in its place; Discard shows
          it.
        </Alert>
      )}
      {published !== undefined && published === opened.newest && !isChanged && (
        <Alert isInline variant="success" title={`Version ${published} is published`} id="published" />
      )}
      <div className="podlab-workshop-panes">
        <FileList
          files={Object.keys(files)}
          active={path}
          wrong={new Set(problems.map(({ file }) => file))}
          open={setPath}
          add={(name) => {
            if (files[name] === undefined) draft.change(name, '');
            setPath(name);
          }}
          rename={(name, to) => {
            if (files[to] === undefined) {
              draft.change(to, files[name] ?? '');
              draft.change(name, null);
            }
            setPath(to);
          }}
          remove={(name) => {
            draft.change(name, null);
            setPath('lab.yaml');
          }}
        />
        <div className="podlab-workshop-text">
          <Editor
            key={path}
            path={path}
            text={files[path] ?? ''}
            problems={problems.filter(({ file }) => file === path)}
            schema={schema}
            files={Object.keys(files)}
            onChange={(text) => draft.change(path, text)}
            handle={editor}
          />
          <Problems problems={problems} show={show} />
        </div>
        <div className="podlab-workshop-side">
          <Tabs activeKey={pane} onSelect={(_, key) => setPane(key)} aria-label="Beside the text">
            {PANES.map((name) => (
              <Tab key={name} eventKey={name} title={<TabTitleText>{name}</TabTitleText>} />
            ))}
          </Tabs>
          <div className="podlab-bench-scroll" hidden={pane === 'Sandbox'}>
            {pane === 'Preview' && (
              <Instructions
                text={withValues(files['README.md'] ?? '', outline?.variables ?? {})}
                type={(text) => {
                  setPane('Sandbox');
                  typist.current?.type(text);
                }}
              />
            )}
            {pane === 'Proof' && (
              <ProofView
                lab={lab}
                first={opened.proof}
                flush={draft.flush}
                open={show}
                onEnd={onProofEnd}
                digest={draft.digest}
              />
            )}
            {pane === 'Graph' && <GraphView outline={outline} />}
            {pane === 'Versions' && <VersionsView lab={lab} files={files} />}
          </div>
          <div className="podlab-workshop-try" hidden={pane !== 'Sandbox'}>
            <SandboxView lab={lab} flush={draft.flush} typist={typist} />
          </div>
        </div>
      </div>
      {publishing && (
        <PublishDialog
          lab={lab}
          revision={draft.revision}
          proved={proved}
          close={() => setPublishing(false)}
          onPublished={onPublished}
        />
      )}
    </Bench>
  );
}

function Problems({
  problems,
  show,
}: {
  problems: OpenLab['analysis']['problems'];
  show(file: string, line: number, column: number): void;
}) {
  return (
    <div className="podlab-problems" aria-live="polite" data-problems={problems.length}>
      {problems.length === 0 ? (
        <span className="podlab-good">No mistakes</span>
      ) : (
        problems.map(({ file, line, column, message }) => (
          <div key={`${file}:${line}:${column} ${message}`} className="podlab-problem">
            <Button variant="link" isInline onClick={() => show(file, line, column)}>
              {file}:{line}:{column}
            </Button>
            : {message}
          </div>
        ))
      )}
    </div>
  );
}
