// Image streams over the API: imports, tags as objects.
import { describe, expect, test } from 'vitest';
import type { Image } from '../../images/image';
import { pull } from '../../images/index';
import { importImage } from '../image-import';

describe('an image as its registry tells it', () => {
  test('has ports, user and a reference by digest', () => {
    const found = importImage(pull, 'quay.io/redhattraining/hello-world-nginx');
    if ('error' in found) throw new Error(found.error);
    const { image } = found;
    expect(image['dockerImageReference']).toMatch(/^quay\.io\/redhattraining\/hello-world-nginx@sha256:[0-9a-f]{64}$/);
    expect(image['dockerImageMetadata'].Config.ExposedPorts).toEqual({ '8080/tcp': {} });
    expect(image['dockerImageMetadata'].Config.User).toBe('1001');
  });

  test('or is not there', () => {
    expect(importImage(pull, 'quay.io/nobody/nothing')).toEqual({ error: expect.stringContaining('reading manifest') });
  });

  test('root is no user that is named', () => {
    const image = { repositories: ['r/x'], user: '0', ports: [], env: {}, cmd: [], entrypoint: [], volumes: [] };
    const found = importImage(() => ({ image: image as unknown as Image, digest: 'sha256:00' }), 'r/x');
    expect('image' in found && found.image['dockerImageMetadata'].Config.User).toBeUndefined();
  });
});
