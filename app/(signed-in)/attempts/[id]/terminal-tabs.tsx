// The terminals of an attempt, one tab each.
'use client';

import { Tab, Tabs, TabTitleText } from '@patternfly/react-core';
import dynamic from 'next/dynamic';
import { type Ref, useImperativeHandle, useRef, useState } from 'react';

/** Types into the terminal in front. */
export interface Typist {
  type(text: string): void;
}

// xterm.js wants a window as soon as it is loaded.
const TerminalView = dynamic(() => import('./terminal-view'), { ssr: false });

interface Props {
  attemptId: string;
  first: number[];
  typist: Ref<Typist>;
}

export function TerminalTabs({ attemptId, first, typist }: Props) {
  const [numbers, setNumbers] = useState(first);
  const [active, setActive] = useState(first[0] ?? 1);
  const typists = useRef(new Map<number, Typist>());
  useImperativeHandle(typist, () => ({ type: (text) => typists.current.get(active)?.type(text) }), [active]);

  function add() {
    const number = Math.max(0, ...numbers) + 1;
    setNumbers([...numbers, number]);
    setActive(number);
  }

  function close(number: number) {
    void fetch(`/api/attempts/${attemptId}/terminals/${number}`, { method: 'DELETE' });
    const left = numbers.filter((other) => other !== number);
    setNumbers(left);
    if (active === number) setActive(left.at(-1) ?? 1);
  }

  const closable = numbers.length > 1 ? { onClose: (_: unknown, key: string | number) => close(Number(key)) } : {};
  return (
    <div className="podlab-bench-terminals">
      <Tabs
        activeKey={active}
        onSelect={(_, key) => setActive(Number(key))}
        onAdd={add}
        addButtonAriaLabel="New terminal"
        aria-label="Terminals"
        {...closable}
      >
        {numbers.map((number) => (
          <Tab
            key={number}
            eventKey={number}
            title={<TabTitleText>Terminal {number}</TabTitleText>}
            closeButtonAriaLabel={`Close terminal ${number}`}
          />
        ))}
      </Tabs>
      {numbers.map((number) => (
        <TerminalView
          key={number}
          attemptId={attemptId}
          number={number}
          isShown={number === active}
          typist={(it: Typist | null) => {
            if (it) typists.current.set(number, it);
            else typists.current.delete(number);
          }}
        />
      ))}
    </div>
  );
}
