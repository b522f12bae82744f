// The parts of a lab that a student works on beside the cluster: questions, hints, and how the checks of a step stand.
'use client';

import { Button, EmptyState, EmptyStateBody, Label, TextInput } from '@patternfly/react-core';
import { createContext, type FormEvent, useContext, useState } from 'react';
import { STATUS } from '../../report-view';

/** What the lab asks for and offers. */
export interface LabWork {
  hints: { check: string; title: string; prices: number[] }[];
  questions: { id: string; attempts: number }[];
}

/** How the checks stand, by their ids; empty before the first grading. */
export type Standing = Record<string, { title: string; status: keyof typeof STATUS }>;

export const StandingContext = createContext<Standing>({});
export const QuestionsContext = createContext<LabWork['questions']>([]);

interface Typing {
  type(text: string): void;
}

/** In single quotes of the shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The answer goes through the terminal, where `lab answer` says what came of it. */
export function Question({ id, text, type }: Typing & { id: string; text: string }) {
  const [answer, setAnswer] = useState('');
  const attempts = useContext(QuestionsContext).find((question) => question.id === id)?.attempts;
  function send(event: FormEvent) {
    event.preventDefault();
    const line = answer.replaceAll(/[\r\n]+/g, ' ').trim();
    if (line !== '') type(`lab answer ${id} ${quoted(line)}\n`);
  }
  return (
    <form className="podlab-question" data-question={id} onSubmit={send}>
      <p>{text.trim()}</p>
      <div>
        <TextInput aria-label={`Answer to ${id}`} value={answer} onChange={(_, value) => setAnswer(value)} />
        <Button type="submit" variant="secondary">
          Answer
        </Button>
      </div>
      {attempts !== undefined && (
        <p className="podlab-quiet">
          {attempts === 1
            ? 'It can be answered once.'
            : `It can be answered ${attempts} times; the last answer counts.`}
        </p>
      )}
    </form>
  );
}

/** Below the heading of a step. */
export function StepChecks({ ids }: { ids: string[] }) {
  const standing = useContext(StandingContext);
  const known = ids.flatMap((id) => (standing[id] ? [{ id, ...standing[id] }] : []));
  if (known.length === 0) return null;
  return (
    <p className="podlab-step-checks">
      {known.map(({ id, title, status }) => (
        <Label key={id} isCompact color={STATUS[status].color} data-step-check={id}>
          {title}: {STATUS[status].title}
        </Label>
      ))}
    </p>
  );
}

/** Hints are asked for one at a time; the terminal shows them, and what they cost comes off the check. */
export function Hints({ hints, type }: Typing & { hints: LabWork['hints'] }) {
  if (hints.length === 0)
    return (
      <EmptyState titleText="No hints" headingLevel="h2">
        <EmptyStateBody>This lab has no hints. A report says why a check is not passed yet.</EmptyStateBody>
      </EmptyState>
    );
  return (
    <>
      <p className="podlab-quiet podlab-space">
        Hints come one at a time, in the terminal. What one costs is taken off its check.
      </p>
      <ul className="podlab-hints">
        {hints.map(({ check, title, prices }) => (
          <li key={check} data-hint={check}>
            <span>
              {title}
              <span className="podlab-quiet">
                {' '}
                {prices.length === 1 ? '1 hint' : `${prices.length} hints`}: {prices.map(priceText).join(', then ')}
              </span>
            </span>
            <Button variant="secondary" size="sm" onClick={() => type(`lab hint ${check}\n`)}>
              Next hint
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}

const priceText = (price: number): string => (price === 0 ? 'free' : price === 1 ? '1 point' : `${price} points`);
