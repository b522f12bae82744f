// Grades a kept snapshot again, and says what changed.
'use client';

import { Alert, Button, Flex, FlexItem, Title } from '@patternfly/react-core';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { Regraded } from '../../../../lib/server/attempts';
import { post } from '../../../post';
import { STATUS } from '../../report-view';
import type { Kept, Versions } from './attempt-review';

interface Props {
  attemptId: string;
  report: Kept;
  versions: Versions;
}

type Change = Regraded['changes'][number];

export function Regrade({ attemptId, report, versions: { own, newest } }: Props) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const [regraded, setRegraded] = useState<Regraded>();

  async function regrade(by: 'own' | 'newest') {
    setBusy(true);
    setRegraded(undefined);
    const answer = await post<Regraded>(`/api/attempts/${attemptId}/reports/${report.id}/regrade`, { by });
    setBusy(false);
    if ('message' in answer) return setError(answer.message);
    setError(undefined);
    setRegraded(answer);
    router.refresh();
  }

  return (
    <section className="podlab-regrade">
      <Title headingLevel="h3" size="md">
        Grade this snapshot again
      </Title>
      <Flex gap={{ default: 'gapSm' }}>
        <FlexItem>
          <Button id="regrade" variant="secondary" onClick={() => regrade('own')} isLoading={busy} isDisabled={busy}>
            By {own === undefined || own === 0 ? 'its version' : `version ${own}`}
          </Button>
        </FlexItem>
        {newest !== undefined && newest !== own && (
          <FlexItem>
            <Button id="regrade-newest" variant="secondary" onClick={() => regrade('newest')} isDisabled={busy}>
              By version {newest}
            </Button>
          </FlexItem>
        )}
      </Flex>
      {error && <Alert isInline variant="danger" title={error} />}
      {regraded && <Changes regraded={regraded} before={report} />}
    </section>
  );
}

function Changes({ regraded: { report, changes, version }, before }: { regraded: Regraded; before: Kept }) {
  const by = version === 0 ? 'By its version' : `By version ${version}`;
  if (changes.length === 0) return <Alert isInline variant="success" title={`${by}: nothing changed`} id="regraded" />;
  const title = `${by}: ${before.report.score} / ${before.report.max} became ${report.score} / ${report.max}`;
  return (
    <Alert isInline variant="info" title={title} id="regraded">
      {changes.map((change) => (
        <div key={change.check} data-changed={change.check}>
          <strong>{change.check}</strong>: {stateText(change.before)} → {stateText(change.after)}
          {change.after?.reason && <div className="podlab-quiet">{change.after.reason}</div>}
        </div>
      ))}
    </Alert>
  );
}

function stateText(state: Change['before']): string {
  if (!state) return 'not there';
  const title = STATUS[state.status as keyof typeof STATUS]?.title ?? state.status;
  return `${title}, ${state.earned} points`;
}
