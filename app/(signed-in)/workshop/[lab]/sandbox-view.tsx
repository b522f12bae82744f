// A workstation of the lab as it stands, beside its text, with its grade.
'use client';

import { Alert, Button, Flex, FlexItem } from '@patternfly/react-core';
import { type Ref, useState } from 'react';
import { post } from '../../../post';
import { TerminalTabs, type Typist } from '../../attempts/[id]/terminal-tabs';
import { type Graded, ReportView } from '../../report-view';

interface Props {
  lab: string;
  flush(): Promise<void>;
  typist: Ref<Typist>;
}

export default function SandboxView({ lab, flush, typist }: Props) {
  const [attempt, setAttempt] = useState<string>();
  const [graded, setGraded] = useState<Graded>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  async function run(work: () => Promise<{ message?: unknown } | undefined>) {
    setBusy(true);
    const answer = await work();
    setError(typeof answer?.message === 'string' ? answer.message : undefined);
    setBusy(false);
  }
  const open = () =>
    run(async () => {
      await flush();
      const answer = await post<{ id: string }>(`/api/workshop/labs/${lab}/sandbox`);
      if ('message' in answer) return answer;
      setAttempt(answer.id);
      setGraded(undefined);
      return undefined;
    });
  const anew = () =>
    run(async () => {
      if (attempt) await post(`/api/attempts/${attempt}/finish`);
      setAttempt(undefined);
      return open() as Promise<undefined>;
    });
  const grade = () =>
    run(async () => {
      const answer = await post<Graded>(`/api/attempts/${attempt}/grade`);
      if ('message' in answer) return answer;
      setGraded(answer);
      return undefined;
    });

  return (
    <div className="podlab-try">
      <Flex className="podlab-try-bar" gap={{ default: 'gapSm' }}>
        <FlexItem>
          <Button
            id="open-sandbox"
            variant={attempt ? 'secondary' : 'primary'}
            onClick={attempt ? anew : open}
            isDisabled={busy}
          >
            {attempt ? 'Start anew' : 'Open a sandbox'}
          </Button>
        </FlexItem>
        {attempt && (
          <FlexItem>
            <Button id="grade-sandbox" onClick={grade} isLoading={busy} isDisabled={busy}>
              Grade
            </Button>
          </FlexItem>
        )}
        {!attempt && (
          <FlexItem className="podlab-quiet">A workstation with the lab as it stands, for you alone.</FlexItem>
        )}
      </Flex>
      {error && (
        <Alert isInline variant="danger" title={error.split('\n')[0]}>
          {error.split('\n').slice(1).join(' ')}
        </Alert>
      )}
      {graded && (
        <div className="podlab-try-report">
          <ReportView graded={graded} />
        </div>
      )}
      {attempt && <TerminalTabs key={attempt} attemptId={attempt} first={[1]} typist={typist} />}
    </div>
  );
}
