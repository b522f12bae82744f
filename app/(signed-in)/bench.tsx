// The frame of a page that is worked on, for students and for authors: a bar with what it is and what can be done, and the work below.
import { PageSection, Toolbar, ToolbarContent, ToolbarGroup, ToolbarItem } from '@patternfly/react-core';
import { Children, isValidElement, type ReactNode } from 'react';

interface Props {
  /** What assistive technology calls it. */
  label: string;
  /** At the beginning of the bar, an item each. */
  about: ReactNode;
  /** At its end, an item each. */
  actions: ReactNode;
  children: ReactNode;
}

export function Bench({ label, about, actions, children }: Props) {
  return (
    <PageSection
      className="podlab-bench"
      padding={{ default: 'noPadding' }}
      isFilled
      hasOverflowScroll={false}
      aria-label={label}
    >
      <Toolbar className="podlab-bench-bar">
        <ToolbarContent>
          <Items>{about}</Items>
          <ToolbarGroup align={{ default: 'alignEnd' }}>
            <Items>{actions}</Items>
          </ToolbarGroup>
        </ToolbarContent>
      </Toolbar>
      {children}
    </PageSection>
  );
}

/** What is not there (`false`) is no item. */
const Items = ({ children }: { children: ReactNode }) =>
  Children.toArray(children)
    .filter((child) => isValidElement(child))
    .map((child) => <ToolbarItem key={child.key}>{child}</ToolbarItem>);
