// The frame of every page: PatternFly's styles and ours, nothing from elsewhere.
import '@patternfly/react-core/dist/styles/base.css';
import '@xterm/xterm/css/xterm.css';
import './podlab.css';
import type { Metadata } from 'next';
import type { ReactNode } from 'react';

// Every page depends on who looks, and its scripts carry the nonce of their own request.
export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: { default: 'Podlab', template: '%s · Podlab' } };

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
