// Sign-in. The demo's accounts are offered in demo mode only.
import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { services } from '../../lib/server/services';
import { homeOf } from '../session';
import { SignIn } from './sign-in';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage() {
  const { auth, demoAccounts } = services();
  const viewer = await auth.findViewer(await headers());
  if (viewer) redirect(homeOf(viewer));
  return <SignIn demoAccounts={demoAccounts} />;
}
