// A throw-away installation for tests: folders, a database, one student with one attempt, and the fake sandbox as a bundle.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { type OpenDatabase, openDatabase } from '../database/client';
import { openFolders } from '../folders';

export interface Installation extends OpenDatabase {
  sockets: string;
  keys: string;
  program: string;
  consoleProgram: string;
  /** Makes an attempt of the student's. */
  attempt(id: string): Promise<{ id: string; seed: number; lab: { id: string; files: Record<string, string> } }>;
}

export async function install(): Promise<Installation> {
  const root = mkdtempSync(join(tmpdir(), 'podlab-'));
  chmodSync(root, 0o711);
  const folders = openFolders(join(root, 'data'));
  const program = await bundle('lib/server/testing/fake-sandbox.ts', join(root, 'build/sandbox.cjs'));
  const consoleProgram = await bundle('lib/cli/console.ts', join(root, 'build/console.cjs'));
  const socketDir = join(folders.sockets, 'postgres');
  const database = await openDatabase({ dataDir: folders.data, socketDir, migrations: resolve('prisma/migrations') });
  const { prisma } = database;
  await prisma.course.create({ data: { id: 'course', title: 'Course', labs: ['lab'] } });
  await prisma.user.create({ data: { id: 'student', name: 'Student', email: 'student@example.com' } });
  return {
    ...database,
    keys: folders.keys,
    program,
    consoleProgram,
    sockets: join(folders.sockets, 'attempts'),
    async attempt(id) {
      await prisma.attempt.create({ data: { id, userId: 'student', courseId: 'course', lab: 'lab', seed: 7 } });
      return { id, seed: 7, lab: { id: 'lab', files: {} } };
    },
    async close() {
      await database.close();
      rmSync(root, { recursive: true });
    },
  };
}

async function bundle(entry: string, outfile: string): Promise<string> {
  await build({ entryPoints: [resolve(entry)], outfile, bundle: true, platform: 'node', logLevel: 'error' });
  return outfile;
}
