// The files of a lab: choose one, add one, rename one, take one away.
'use client';

import { Button, TextInput } from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';

interface Props {
  files: string[];
  active: string;
  /** Paths with mistakes. */
  wrong: ReadonlySet<string>;
  open(path: string): void;
  add(path: string): void;
  rename(path: string, to: string): void;
  remove(path: string): void;
}

/** What every lab has stands first. */
const FIRST = ['lab.yaml', 'README.md', 'solution.sh'];
const rank = (path: string): string => `${FIRST.includes(path) ? FIRST.indexOf(path) : FIRST.length}${path}`;

export function FileList({ files, active, wrong, open, add, rename, remove }: Props) {
  const [name, setName] = useState('');
  const [renamed, setRenamed] = useState<{ path: string; to: string }>();
  function submitName(event: FormEvent) {
    event.preventDefault();
    if (renamed && renamed.to.trim() !== '' && renamed.to.trim() !== renamed.path)
      rename(renamed.path, renamed.to.trim());
    setRenamed(undefined);
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    if (name.trim() === '') return;
    add(name.trim());
    setName('');
  }
  return (
    <nav className="podlab-files" aria-label="Files">
      <ul>
        {[...files]
          .sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
          .map((path) => (
            <li key={path} className={path === active ? 'podlab-file podlab-file-active' : 'podlab-file'}>
              {renamed?.path === path ? (
                <form onSubmit={submitName} className="podlab-add-file">
                  <TextInput
                    aria-label={`New name of ${path}`}
                    value={renamed.to}
                    onChange={(_, to) => setRenamed({ path, to })}
                    onKeyDown={({ key }) => key === 'Escape' && setRenamed(undefined)}
                    autoFocus
                  />
                </form>
              ) : (
                <button type="button" data-file={path} onClick={() => open(path)} aria-current={path === active}>
                  {path}
                  {wrong.has(path) && (
                    <span className="podlab-bad" title="has mistakes">
                      {' '}
                      ●
                    </span>
                  )}
                </button>
              )}
              {path === active && !FIRST.slice(0, 2).includes(path) && renamed?.path !== path && (
                <>
                  <Button
                    variant="plain"
                    size="sm"
                    aria-label={`Rename ${path}`}
                    onClick={() => setRenamed({ path, to: path })}
                  >
                    ✎
                  </Button>
                  <Button variant="plain" size="sm" aria-label={`Remove ${path}`} onClick={() => remove(path)}>
                    ×
                  </Button>
                </>
              )}
            </li>
          ))}
      </ul>
      <form onSubmit={submit} className="podlab-add-file">
        <TextInput aria-label="New file" placeholder="new file" value={name} onChange={(_, value) => setName(value)} />
        <Button type="submit" variant="plain" size="sm" aria-label="Add the file" isDisabled={name.trim() === ''}>
          +
        </Button>
      </form>
    </nav>
  );
}
