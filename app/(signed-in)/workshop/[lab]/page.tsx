// A lab in the workshop: its files, what is wrong with them, and everything an author looks at beside.
import type { Metadata } from 'next';
import { services } from '../../../../lib/server/services';
import { orNotFound, pageViewer } from '../../../session';
import { WorkshopLab } from './workshop-lab';

interface Props {
  params: Promise<{ lab: string }>;
}

export const metadata: Metadata = { title: 'Workshop' };

export default async function WorkshopLabPage({ params }: Props) {
  const viewer = await pageViewer();
  return <WorkshopLab opened={await orNotFound(services().workshop.open(viewer, (await params).lab))} />;
}
