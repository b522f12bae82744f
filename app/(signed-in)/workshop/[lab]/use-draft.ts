// The files of a lab while they are edited: each change is sent when one stops typing, one after the other, and the answer
// says what is wrong with the lab now.
'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import type { Analysis, Changed, OpenLab } from '../../../../lib/server/workshop/workshop';
import { post } from '../../../post';

const RETRY_MS = 3_000; // when the server cannot be reached
const SEND_AFTER_MS = 350; // of silence; a mistake shows while the hand is still on the keys

export interface DraftState {
  files: Record<string, string>;
  revision: number;
  analysis: Analysis;
  /** The newest outline; it stays while the lab has mistakes. */
  outline: Analysis['outline'];
  digest: string;
  changed: boolean;
  proved: boolean;
  isSaving: boolean;
  error: string | undefined;
  /** Null takes the file away. */
  change(path: string, text: string | null): void;
  /** Resolves when everything is sent. */
  flush(): Promise<void>;
}

export function useDraft(opened: OpenLab): DraftState {
  const { lab } = opened;
  const [files, setFiles] = useState(opened.files);
  const [state, setState] = useState({
    revision: opened.revision,
    analysis: opened.analysis,
    outline: opened.analysis.outline,
    digest: opened.digest,
    changed: opened.changed,
    proved: opened.proved,
  });
  const [isSaving, setSaving] = useState(false);
  const [error, setError] = useState<string>();
  const revision = useRef(opened.revision);
  const unsent = useRef(new Map<string, string | null>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const sending = useRef<Promise<void>>(Promise.resolve());
  const flushes = useRef<() => Promise<void>>(async () => {});

  const send = useCallback(async () => {
    for (const [path, text] of unsent.current) {
      unsent.current.delete(path);
      const answer = await post<Changed>(`/api/workshop/labs/${lab}/files`, { path, text, revision: revision.current });
      if ('message' in answer) {
        // What is not stored is not forgotten; a refusal waits for the next change, a lost connection for a moment.
        if (!unsent.current.has(path)) unsent.current.set(path, text);
        if (!('code' in answer)) timer.current = setTimeout(() => void flushes.current(), RETRY_MS);
        return setError(answer.message);
      }
      revision.current = answer.revision;
      setError(undefined);
      setState((before) => ({ ...answer, outline: answer.analysis.outline ?? before.outline, changed: true }));
    }
  }, [lab]);

  const flush = useCallback(() => {
    clearTimeout(timer.current);
    sending.current = sending.current.then(send).finally(() => setSaving(unsent.current.size > 0));
    return sending.current;
  }, [send]);
  flushes.current = flush;

  const change = useCallback(
    (path: string, text: string | null) => {
      setFiles(({ [path]: _, ...others }) => (text === null ? others : { ...others, [path]: text }));
      unsent.current.set(path, text);
      setSaving(true);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void flush(), SEND_AFTER_MS);
    },
    [flush],
  );

  useEffect(() => {
    const keep = (event: BeforeUnloadEvent) => {
      if (unsent.current.size > 0) event.preventDefault();
    };
    window.addEventListener('beforeunload', keep);
    return () => {
      window.removeEventListener('beforeunload', keep);
      if (unsent.current.size > 0) void flush();
    };
  }, [flush]);

  return { files, ...state, isSaving, error, change, flush };
}
