// The labs of a course in the order in which students see them: moved up and down, taken out.
'use client';

import { Alert, Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { CourseLabs } from '../../../lib/server/workshop/workshop';
import { post } from '../../post';

export function ArrangeDialog({ course, close }: { course: CourseLabs; close: () => void }) {
  const router = useRouter();
  const [labs, setLabs] = useState(course.labs);
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);

  function move(from: number, to: number) {
    const next = [...labs];
    next.splice(to, 0, ...next.splice(from, 1));
    setLabs(next);
  }

  async function save() {
    setBusy(true);
    const answer = await post<object>(`/api/workshop/courses/${course.id}/labs`, { labs: labs.map(({ id }) => id) });
    setBusy(false);
    if ('message' in answer) return setError(answer.message);
    router.refresh();
    close();
  }

  return (
    <Modal isOpen onClose={close} variant="medium" aria-label="Arrange the course">
      <ModalHeader
        title={`Arrange: ${course.title}`}
        description="Students see the labs in this order. A lab that is taken out is set no more; attempts that are under way go on."
      />
      <ModalBody>
        {error && <Alert isInline variant="danger" title={error} />}
        <ol className="podlab-arrange">
          {labs.map(({ id, title, fixed }, i) => (
            <li key={id} data-arrange={id}>
              <span className="podlab-arrange-title">
                {title} <span className="podlab-quiet">{id}</span>
              </span>
              <Button
                variant="plain"
                size="sm"
                aria-label={`Move ${title} up`}
                isDisabled={i === 0}
                onClick={() => move(i, i - 1)}
              >
                ↑
              </Button>
              <Button
                variant="plain"
                size="sm"
                aria-label={`Move ${title} down`}
                isDisabled={i === labs.length - 1}
                onClick={() => move(i, i + 1)}
              >
                ↓
              </Button>
              <Button
                variant="plain"
                size="sm"
                aria-label={`Take ${title} out`}
                title={fixed ? 'It lies in the labs folder, and this course sets all labs of it.' : undefined}
                isAriaDisabled={fixed}
                onClick={() => !fixed && setLabs(labs.filter((lab) => lab.id !== id))}
              >
                ×
              </Button>
            </li>
          ))}
        </ol>
      </ModalBody>
      <ModalFooter>
        <Button id="save-order" onClick={save} isLoading={busy} isDisabled={busy}>
          Save
        </Button>
        <Button variant="link" onClick={close}>
          Cancel
        </Button>
      </ModalFooter>
    </Modal>
  );
}
