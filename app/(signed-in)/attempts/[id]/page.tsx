// A student's lab: instructions, workstation, grade.
import type { Metadata } from 'next';
import { services } from '../../../../lib/server/services';
import { orNotFound, pageViewer } from '../../../session';
import { LabBench } from './lab-bench';

interface Props {
  params: Promise<{ id: string }>;
}

export const metadata: Metadata = { title: 'Lab' };

export default async function AttemptPage({ params }: Props) {
  const viewer = await pageViewer();
  const { attempts, labs, terminals } = services();
  const attempt = await orNotFound(attempts.authorise(viewer, (await params).id, 'attempt.terminal'));
  const [card, instructions, work, reports, numbers] = await Promise.all([
    labs.card(attempt),
    labs.instructions(attempt),
    labs.work(attempt),
    attempts.reports(attempt.id),
    terminals.numbers(attempt.id),
  ]);
  const newest = reports[0] && { report: reports[0].report, at: reports[0].createdAt.toISOString() };
  return (
    <LabBench
      attemptId={attempt.id}
      title={card.title}
      status={attempt.status}
      instructions={instructions}
      work={work}
      graded={newest}
      terminals={numbers}
    />
  );
}
