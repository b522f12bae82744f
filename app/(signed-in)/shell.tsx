// Masthead and navigation.
'use client';

import {
  Dropdown,
  DropdownItem,
  DropdownList,
  Masthead,
  MastheadBrand,
  MastheadContent,
  MastheadLogo,
  MastheadMain,
  MenuToggle,
  Nav,
  NavItem,
  NavList,
  Page,
  Toolbar,
  ToolbarContent,
  ToolbarGroup,
  ToolbarItem,
} from '@patternfly/react-core';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import type { Viewer } from '../../lib/server/permissions';
import { Brand } from '../brand';

const PAGES = {
  student: [{ href: '/labs', title: 'Labs' }],
  author: [
    { href: '/workshop', title: 'Workshop' },
    { href: '/labs', title: 'Labs' },
  ],
  instructor: [
    { href: '/gradebook', title: 'Gradebook' },
    { href: '/labs', title: 'Labs' },
  ],
};

export function Shell({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  const path = usePathname();
  const masthead = (
    <Masthead>
      <MastheadMain>
        <MastheadBrand>
          <MastheadLogo component={(props) => <Link {...props} href="/" />}>
            <Brand />
          </MastheadLogo>
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent>
        <Toolbar isFullHeight>
          <ToolbarContent>
            <ToolbarItem isOverflowContainer>
              <Nav variant="horizontal" aria-label="Pages">
                <NavList>
                  {PAGES[viewer.role].map(({ href, title }) => (
                    <NavItem key={href} isActive={path.startsWith(href)}>
                      <Link href={href}>{title}</Link>
                    </NavItem>
                  ))}
                </NavList>
              </Nav>
            </ToolbarItem>
            <ToolbarGroup align={{ default: 'alignEnd' }}>
              <ToolbarItem>
                <UserMenu viewer={viewer} />
              </ToolbarItem>
            </ToolbarGroup>
          </ToolbarContent>
        </Toolbar>
      </MastheadContent>
    </Masthead>
  );
  return (
    <Page masthead={masthead} isContentFilled>
      {children}
    </Page>
  );
}

function UserMenu({ viewer }: { viewer: Viewer }) {
  const [isOpen, setOpen] = useState(false);
  async function signOut() {
    await fetch('/api/auth/sign-out', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    window.location.assign('/sign-in');
  }
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setOpen}
      popperProps={{ position: 'right' }}
      toggle={(ref) => (
        <MenuToggle ref={ref} onClick={() => setOpen(!isOpen)} isExpanded={isOpen} variant="plainText">
          {viewer.name}
        </MenuToggle>
      )}
    >
      <DropdownList>
        <DropdownItem key="who" isDisabled description={viewer.role}>
          {viewer.email}
        </DropdownItem>
        <DropdownItem key="out" onClick={signOut}>
          Sign out
        </DropdownItem>
      </DropdownList>
    </Dropdown>
  );
}
