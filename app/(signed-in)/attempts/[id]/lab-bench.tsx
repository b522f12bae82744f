// The lab page: instructions and report to the left, terminals to the right, grading above.
'use client';

import { Alert, Button, Flex, FlexItem, Label, Tab, Tabs, TabTitleText, Title } from '@patternfly/react-core';
import dynamic from 'next/dynamic';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { post } from '../../../post';
import { Bench } from '../../bench';
import { type Graded, isPassed, ReportView } from '../../report-view';
import { Instructions } from './instructions';
import { Hints, type LabWork, QuestionsContext, StandingContext } from './lab-work';
import { TerminalTabs, type Typist } from './terminal-tabs';

// It measures its boxes in the browser, and most visits never open it.
const NetworkPicture = dynamic(() => import('./network/network-picture'), { ssr: false });

/** `lab grade` in a terminal makes reports, too; the page looks for them this often. */
const LOOK_MS = 4_000;

interface Props {
  attemptId: string;
  title: string;
  status: 'active' | 'finished';
  instructions: string;
  work: LabWork;
  graded: Graded | undefined;
  terminals: number[];
}

export function LabBench({
  attemptId,
  title,
  status: firstStatus,
  instructions,
  work,
  graded: first,
  terminals,
}: Props) {
  const [status, setStatus] = useState(firstStatus);
  const [graded, setGraded] = useState(first);
  const [tab, setTab] = useState<string | number>('instructions');
  const [grading, setGrading] = useState(false);
  const [error, setError] = useState<string>();
  const typist = useRef<Typist>(null);

  const look = useCallback(async () => {
    const response = await fetch(`/api/attempts/${attemptId}/reports`).catch(() => undefined);
    if (!response?.ok) return;
    const now = (await response.json()) as { status: 'active' | 'finished'; newest?: Graded };
    setStatus(now.status);
    setGraded((known) => {
      if (!now.newest || known?.at === now.newest.at) return known;
      setTab('report');
      return now.newest;
    });
  }, [attemptId]);

  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) void look();
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [look]);

  async function grade() {
    setGrading(true);
    setError(undefined);
    const answer = await post<Graded>(`/api/attempts/${attemptId}/grade`);
    if ('message' in answer) setError(answer.message);
    else {
      setGraded(answer);
      setTab('report');
    }
    setGrading(false);
  }

  async function finish() {
    const answer = await post<object>(`/api/attempts/${attemptId}/finish`);
    if ('message' in answer) setError(String(answer.message));
    else setStatus('finished');
  }

  const type = (text: string) => typist.current?.type(text);
  const standing = useMemo(
    () => Object.fromEntries((graded?.report.checks ?? []).map(({ id, title, status }) => [id, { title, status }])),
    [graded],
  );
  return (
    <Bench
      label="Lab"
      about={
        <Flex alignItems={{ default: 'alignItemsCenter' }}>
          <FlexItem>
            <Title headingLevel="h1" size="lg">
              {title}
            </Title>
          </FlexItem>
          {status === 'finished' && (
            <FlexItem>
              <Label isCompact color="purple">
                Finished
              </Label>
            </FlexItem>
          )}
          {graded && (
            <FlexItem>
              <Label isCompact color={isPassed(graded.report) ? 'green' : 'orange'}>
                {graded.report.score} / {graded.report.max}
              </Label>
            </FlexItem>
          )}
        </Flex>
      }
      actions={[
        <Button key="kubeconfig" variant="link" component="a" href={`/api/attempts/${attemptId}/kubeconfig`} download>
          Kubeconfig
        </Button>,
        <Button key="finish" variant="secondary" onClick={finish} isDisabled={status === 'finished'}>
          Finish
        </Button>,
        <Button key="grade" id="grade" variant="primary" onClick={grade} isLoading={grading} isDisabled={grading}>
          Grade
        </Button>,
      ]}
    >
      <div className="podlab-bench-panes">
        <div className="podlab-bench-text">
          <Tabs activeKey={tab} onSelect={(_, key) => setTab(key)} aria-label="Instructions, report and network">
            <Tab eventKey="instructions" title={<TabTitleText>Instructions</TabTitleText>} />
            {work.hints.length > 0 && <Tab eventKey="hints" title={<TabTitleText>Hints</TabTitleText>} />}
            <Tab eventKey="report" title={<TabTitleText>Report</TabTitleText>} />
            <Tab eventKey="network" title={<TabTitleText>Network</TabTitleText>} />
          </Tabs>
          <div className="podlab-bench-scroll">
            {error && <Alert isInline variant="danger" title={error} className="podlab-space" />}
            {tab === 'instructions' && (
              <QuestionsContext value={work.questions}>
                <StandingContext value={standing}>
                  <Instructions text={instructions} type={type} />
                </StandingContext>
              </QuestionsContext>
            )}
            {tab === 'hints' && <Hints hints={work.hints} type={type} />}
            {tab === 'report' && <ReportView graded={graded} />}
            {tab === 'network' && <NetworkPicture attemptId={attemptId} />}
          </div>
        </div>
        <TerminalTabs attemptId={attemptId} first={terminals} typist={typist} />
      </div>
    </Bench>
  );
}
