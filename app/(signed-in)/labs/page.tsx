// The labs of one's courses.
import type { Metadata } from 'next';
import { services } from '../../../lib/server/services';
import { pageViewer } from '../../session';
import { LabList } from './lab-list';

export const metadata: Metadata = { title: 'Labs' };

export default async function LabsPage() {
  const viewer = await pageViewer();
  return <LabList labs={await services().attempts.list(viewer)} />;
}
