// Begins the author's page anew when a version was published, and says so.
'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { OpenLab } from '../../../../lib/server/workshop/workshop';
import { WorkshopBench } from './workshop-bench';

export function WorkshopLab({ opened }: { opened: OpenLab }) {
  const router = useRouter();
  const [published, setPublished] = useState<number>();
  return (
    <WorkshopBench
      key={opened.newest ?? 0}
      opened={opened}
      published={published}
      onPublished={(number) => {
        setPublished(number);
        router.refresh();
      }}
    />
  );
}
