// The versions of a lab, and what two of them differ in.
'use client';

import { MergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { Button, FormSelect, FormSelectOption, Label } from '@patternfly/react-core';
import { useEffect, useRef, useState } from 'react';
import { day } from '../shelf';
import { languageOf } from './editor';

interface Version {
  number: number;
  origin: string;
  note: string;
  proved: boolean;
  author?: string;
  createdAt: string;
}

type Files = Record<string, string>;

const NOW = 0; // the files as they stand

export default function VersionsView({ lab, files }: { lab: string; files: Files }) {
  const [versions, setVersions] = useState<Version[]>();
  const [pair, setPair] = useState<[number, number]>([NOW, NOW]);
  const [contents, setContents] = useState<[Files, Files]>();

  useEffect(() => {
    void get<{ versions: Version[] }>(`/api/workshop/labs/${lab}/versions`).then((answer) => {
      setVersions(answer?.versions ?? []);
      setPair([answer?.versions[0]?.number ?? NOW, NOW]);
    });
  }, [lab]);

  useEffect(() => {
    let isOld = false;
    const load = async (number: number): Promise<Files> =>
      number === NOW
        ? files
        : ((await get<{ files: Files }>(`/api/workshop/labs/${lab}/versions/${number}`))?.files ?? {});
    void Promise.all([load(pair[0]), load(pair[1])]).then((both) => {
      if (!isOld) setContents(both);
    });
    return () => {
      isOld = true;
    };
  }, [lab, pair, files]);

  if (!versions) return <p className="podlab-quiet">Looking…</p>;
  if (versions.length === 0) return <p className="podlab-quiet">Nothing is published yet.</p>;
  const choice = (label: string, value: number, set: (value: number) => void) => (
    <FormSelect aria-label={label} value={value} onChange={(_, chosen) => set(Number(chosen))}>
      <FormSelectOption value={NOW} label="As it stands" />
      {versions.map(({ number }) => (
        <FormSelectOption key={number} value={number} label={`Version ${number}`} />
      ))}
    </FormSelect>
  );
  return (
    <div className="podlab-versions">
      <ul className="podlab-space">
        {versions.map(({ number, origin, note, author, createdAt, proved }) => (
          <li key={number} data-version={number}>
            <Button
              variant="link"
              isInline
              onClick={() => setPair([versions.find((v) => v.number < number)?.number ?? NOW, number])}
            >
              Version {number}
            </Button>{' '}
            <span className="podlab-quiet">
              {day(createdAt)} · {author ?? `from the ${origin}`}
            </span>{' '}
            {proved && (
              <Label isCompact color="green">
                Proved
              </Label>
            )}{' '}
            {note}
          </li>
        ))}
      </ul>
      <div className="podlab-pair">
        {choice('From', pair[0], (value) => setPair([value, pair[1]]))}
        {choice('To', pair[1], (value) => setPair([pair[0], value]))}
      </div>
      {contents && <Differences before={contents[0]} after={contents[1]} />}
    </div>
  );
}

function Differences({ before, after }: { before: Files; after: Files }) {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((path) => before[path] !== after[path])
    .sort();
  if (paths.length === 0) return <p className="podlab-quiet">No differences.</p>;
  return paths.map((path) => (
    <section key={path} data-difference={path}>
      <h3 className="podlab-difference-title">
        {path} {before[path] === undefined && <Label isCompact>added</Label>}
        {after[path] === undefined && <Label isCompact>removed</Label>}
      </h3>
      <Difference path={path} before={before[path] ?? ''} after={after[path] ?? ''} />
    </section>
  ));
}

function Difference({ path, before, after }: { path: string; before: string; after: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!place.current) return;
    const extensions = [
      languageOf(path),
      EditorView.lineWrapping,
      EditorState.readOnly.of(true),
      EditorView.editable.of(false),
    ];
    const view = new MergeView({
      parent: place.current,
      a: { doc: before, extensions },
      b: { doc: after, extensions },
      collapseUnchanged: { margin: 2, minSize: 6 },
    });
    return () => view.destroy();
  }, [path, before, after]);
  return <div ref={place} className="podlab-difference" />;
}

async function get<T>(path: string): Promise<T | undefined> {
  const response = await fetch(path).catch(() => undefined);
  return response?.ok ? ((await response.json()) as T) : undefined;
}
