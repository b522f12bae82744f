// The front door leads to where one's work is.
import { redirect } from 'next/navigation';
import { homeOf, pageViewer } from './session';

export default async function Home() {
  redirect(homeOf(await pageViewer()));
}
