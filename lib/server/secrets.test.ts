import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSecrets } from './secrets';

it('keeps one secret, and its tokens hold for one attempt and one user only', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podlab-'));
  const secrets = openSecrets(folder);
  expect(statSync(join(folder, 'secret')).mode & 0o777).toBe(0o600);
  const token = secrets.clusterToken('attempt-1', 'developer');
  expect(openSecrets(folder).clusterUser('attempt-1', token)).toBe('developer');
  for (const forged of ['', '.', 'developer.', token.replace('developer', 'admin'), `${token}x`, token.slice(0, -1)])
    expect(secrets.clusterUser('attempt-1', forged)).toBeUndefined();
  expect(secrets.clusterUser('attempt-2', token)).toBeUndefined();
  expect(secrets.derive('a')).not.toBe(secrets.derive('b'));
  rmSync(folder, { recursive: true });
});
