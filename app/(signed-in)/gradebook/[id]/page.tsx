// One attempt for the instructor: its reports and what happened in its terminals.
import type { Metadata } from 'next';
import { services } from '../../../../lib/server/services';
import { orNotFound, pageViewer } from '../../../session';
import { AttemptReview } from './attempt-review';

interface Props {
  params: Promise<{ id: string }>;
}

export const metadata: Metadata = { title: 'Attempt' };

export default async function ReviewPage({ params }: Props) {
  const viewer = await pageViewer();
  const { attempts, labs, recordings } = services();
  const attempt = await orNotFound(attempts.authorise(viewer, (await params).id, 'attempt.replay'));
  const [student, card, reports, terminals, version, newest] = await Promise.all([
    attempts.student(attempt),
    labs.card(attempt),
    attempts.reports(attempt.id),
    recordings.terminals(attempt.id),
    attempt.versionId ? labs.versions.get(attempt.versionId) : undefined,
    labs.versions.findNewest(attempt.lab),
  ]);
  return (
    <AttemptReview
      attemptId={attempt.id}
      student={student}
      lab={card.title}
      reports={reports.map(({ createdAt, ...report }) => ({ ...report, at: createdAt.toISOString() }))}
      versions={{ own: version?.number, newest: newest?.number }}
      terminals={terminals}
    />
  );
}
