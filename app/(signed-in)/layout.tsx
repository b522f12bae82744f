// The frame of all pages behind the sign-in: masthead, navigation by role, who is signed in.
import type { ReactNode } from 'react';
import { pageViewer } from '../session';
import { Shell } from './shell';

export default async function SignedInLayout({ children }: { children: ReactNode }) {
  return <Shell viewer={await pageViewer()}>{children}</Shell>;
}
