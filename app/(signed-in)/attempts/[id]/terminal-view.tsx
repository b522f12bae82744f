// One terminal: xterm.js on a WebSocket of bytes. The server keeps the screen, so a lost connection costs nothing.
'use client';

import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { TERMINAL_LOOK } from '../../terminal-look';
import type { Typist } from './terminal-tabs';

const RETRY_MS = 500;

interface Props {
  attemptId: string;
  number: number;
  isShown: boolean;
  typist: Ref<Typist>;
}

export default function TerminalView({ attemptId, number, isShown, typist }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const terminal = useRef<Terminal>(null);

  useImperativeHandle(typist, () => ({
    type(text) {
      terminal.current?.input(text.replaceAll('\n', '\r'));
      terminal.current?.focus();
    },
  }));

  useEffect(() => {
    if (!place.current) return;
    const { term, end } = open(place.current, `/api/attempts/${attemptId}/terminals/${number}`);
    terminal.current = term;
    return end;
  }, [attemptId, number]);

  useEffect(() => {
    if (isShown) terminal.current?.focus();
  }, [isShown]);

  return <div ref={place} className="podlab-terminal" hidden={!isShown} data-terminal={number} />;
}

function open(element: HTMLElement, path: string): { term: Terminal; end: () => void } {
  const term = new Terminal({ ...TERMINAL_LOOK, cursorBlink: true });
  const fit = new FitAddon();
  term.loadAddon(fit);
  term.open(element);
  fit.fit();
  term.focus();

  let socket: WebSocket | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const encoder = new TextEncoder();
  const send = (data: string | Uint8Array<ArrayBuffer>) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(data);
  };
  const connect = () => {
    let isFirst = true;
    socket = new WebSocket(`${path}?columns=${term.cols}&rows=${term.rows}`);
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      // The first message is the screen as it stands: whatever an earlier connection left goes.
      if (isFirst) term.reset();
      isFirst = false;
      term.write(new Uint8Array(data));
    };
    socket.onclose = () => {
      retry = setTimeout(connect, RETRY_MS);
    };
  };
  connect();

  term.onData((data) => send(encoder.encode(data)));
  term.onBinary((data) => send(Uint8Array.from(data, (character) => character.charCodeAt(0))));
  term.onResize(({ cols, rows }) => send(JSON.stringify({ columns: cols, rows })));
  const observer = new ResizeObserver(() => {
    if (element.offsetParent) fit.fit();
  });
  observer.observe(element);

  return {
    term,
    end() {
      clearTimeout(retry);
      observer.disconnect();
      if (socket) socket.onclose = null;
      socket?.close();
      term.dispose();
    },
  };
}
